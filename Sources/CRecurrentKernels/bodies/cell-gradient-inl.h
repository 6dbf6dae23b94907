// All parameter gradients of a cell from one gradient D of its pre-activations.
//
// In a very small cell the latency of the chains is all that a product costs, so there the three products
// [dW | dU | db] += D^T [x | h | 1] are made as one, with x, h and 1 side by side in one vector.

#ifndef RK_OWN_LOAD_PAIR
/// x[0 ..< k], h[0 ..< m], then zeros; k + m <= L.
RK_INLINE V load_pair(const T *x, ptrdiff_t k, const T *h, ptrdiff_t m) {
  T lanes[L] = {0};
  copy_part(lanes, x, k);
  copy_part(lanes + k, h, m);
  return load(lanes);
}
#endif

/// One row of dW, dU and db, or what stands in for it: the parts of [x | h | 1].
typedef struct {
  T *w, *u, *b;
  ptrdiff_t k, m;
} CellRow;

RK_INLINE V load_cell_row(const CellRow row) {
  T lanes[L];
  store(lanes, load_pair(row.w, row.k, row.u, row.m));
  if (row.b) lanes[row.k + row.m] = *row.b;
  return load(lanes);
}

RK_INLINE void store_cell_row(const CellRow row, V v) {
  T lanes[L];
  store(lanes, v);
  copy_part(row.w, lanes, row.k);
  copy_part(row.u, lanes + row.k, row.m);
  if (row.b) *row.b = lanes[row.k + row.m];
}

/// n <= rows columns of D, from d.base on.
RK_INLINE void accumulate_cell_rows(const int rows, ptrdiff_t n, ptrdiff_t steps, const Rows d, const Rows x,
                                    const Rows h, const CellRow first) {
  V sum[8];
  RK_UNROLL for (int i = 0; i < rows; i++) {
    const ptrdiff_t row = i < n ? i : 0;
    sum[i] = load_cell_row((CellRow){first.w + row * first.k, first.u + row * first.m,
                                     first.b ? first.b + row : 0, first.k, first.m});
  }
  T ones[L] = {0};
  if (first.b) ones[first.k + first.m] = 1;
  const I one = (I)load(ones);
  for (ptrdiff_t s = 0; s < steps; s++) {
    const T *dr = d.base + s * d.step, *xr = x.base + s * x.step, *hr = h.base + s * h.step;
    for (ptrdiff_t r = 0; r < d.rows; r++, dr += d.row, xr += x.row, hr += h.row) {
      const V input = (V)((I)load_pair(xr, first.k, hr, first.m) | one);
      RK_UNROLL for (int i = 0; i < rows; i++) sum[i] = fma_v((V)(dr[i < n ? i : 0]), input, sum[i]);
    }
  }
  RK_UNROLL for (int i = 0; i < rows; i++)
    if (i < n)
      store_cell_row((CellRow){first.w + i * first.k, first.u + i * first.m, first.b ? first.b + i : 0, first.k,
                               first.m},
                     sum[i]);
}

static void accumulate_small_cell(ptrdiff_t steps, ptrdiff_t n, Rows d, const Rows x, const Rows h, CellRow row) {
  while (n > 0) {
    const ptrdiff_t count = n < 4 ? n : 4;
    if (count > 2)
      accumulate_cell_rows(4, count, steps, d, x, h, row);
    else
      accumulate_cell_rows(2, count, steps, d, x, h, row);
    n -= count;
    d.base += count;
    row.w += count * row.k;
    row.u += count * row.m;
    if (row.b) row.b += count;
  }
}

static void kernel_accumulate_cell(ptrdiff_t steps, ptrdiff_t rows, int descending, ptrdiff_t n, const T *d,
                                   ptrdiff_t d_row, ptrdiff_t k, const T *x, T *dw, ptrdiff_t m, const T *h, T *du,
                                   T *db) {
  const ptrdiff_t start = descending ? (steps - 1) * rows : 0, step = descending ? -rows : rows;
  const Rows ds = {d + start * d_row, rows, step * d_row, d_row};
  const Rows xs = {x + start * k, rows, step * k, k}, hs = {h + start * m, rows, step * m, m};
  if (steps * rows == 0) return;
  if (k + m + 1 <= L) {
    accumulate_small_cell(steps, n, ds, xs, hs, (CellRow){dw, du, db, k, m});
    return;
  }
  kernel_accumulate_product(steps, rows, n, k, ds.base, ds.step, ds.row, xs.base, xs.step, xs.row, dw, k);
  kernel_accumulate_product(steps, rows, n, m, ds.base, ds.step, ds.row, hs.base, hs.step, hs.row, du, m);
  if (db) kernel_accumulate_rows(steps, rows, n, ds.base, ds.step, ds.row, db);
}
