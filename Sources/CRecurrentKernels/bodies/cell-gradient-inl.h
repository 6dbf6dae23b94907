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

RK_INLINE CellRow cell_row(const CellRow first, ptrdiff_t i) {
  return (CellRow){first.w + i * first.k, first.u + i * first.m, first.b ? first.b + i : 0, first.k, first.m};
}

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

/// sum[i] (+)= D[f, column + i] [x | h | 1][f] over the rows f of a shard; i < used <= count.
RK_INLINE void sum_cell_rows(const int count, ptrdiff_t used, const Shard *s, ptrdiff_t d_row, ptrdiff_t column,
                             const CellRow size, const T *h, V *to) {
  V sum[4];
  RK_UNROLL for (int i = 0; i < count; i++) sum[i] = to[i < used ? i : 0];
  T ones[L] = {0};
  if (size.b) ones[size.k + size.m] = 1;
  const I one = (I)load(ones);
  for (ptrdiff_t f = 0; f < s->count; f++) {
    const ptrdiff_t at = row_of(s, f);
    const T *d = s->d + at * d_row + column;
    const V input = (V)((I)load_pair(s->x + at * size.k, size.k, h + at * size.m, size.m) | one);
    RK_UNROLL for (int i = 0; i < count; i++) sum[i] = fma_v((V)(d[i < used ? i : 0]), input, sum[i]);
  }
  RK_UNROLL for (int i = 0; i < count; i++)
    if (i < used) to[i] = sum[i];
}

// Sums are kept as whole vectors, n for every level of the tree.
static void kernel_gradient_small_cell(ptrdiff_t shards, const ptrdiff_t *bounds, const int32_t *index, ptrdiff_t n,
                                       const T *d, ptrdiff_t d_row, ptrdiff_t k, const T *x, T *dw, ptrdiff_t m,
                                       const T *h, T *du, int accumulate, T *db, T *scratch) {
  const CellRow first = {dw, du, db, k, m};
  V *level = (V *)(((uintptr_t)scratch + sizeof(V) - 1) / sizeof(V) * sizeof(V));
  ptrdiff_t depth = 0;
  for (ptrdiff_t s = 0; s < shards; s++) {
    const Shard shard = shard_at(s, bounds, index, d, x);
    V *own = level + depth * n;
    for (ptrdiff_t i = 0; i < n; i++)
      own[i] = s == 0 && accumulate ? load_cell_row(cell_row(first, i)) : (V)(0);
    for (ptrdiff_t i = 0; i < n; i += 4) {
      if (n - i > 2)
        sum_cell_rows(4, n - i < 4 ? n - i : 4, &shard, d_row, i, first, h, own + i);
      else
        sum_cell_rows(2, n - i, &shard, d_row, i, first, h, own + i);
    }
    depth++;
    for (int pairs = ready_pairs(s, shards, depth); pairs > 0; pairs--) {
      depth--;
      for (ptrdiff_t i = 0; i < n; i++) level[(depth - 1) * n + i] += level[depth * n + i];
    }
  }
  for (ptrdiff_t i = 0; i < n && shards > 0; i++) store_cell_row(cell_row(first, i), level[i]);
}
