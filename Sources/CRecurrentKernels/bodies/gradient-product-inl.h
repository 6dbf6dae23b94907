// Gradients of weights and biases: sums over time and rows, in that order, onto what is there.

enum {
  CHUNK = 128,                     // rows of D and X gathered at a time: 64 KB of stack in all
  D_BLOCK = 384 / (int)sizeof(T),  // columns of D gathered at a time; a multiple of every TILE_ROWS
};

/// A matrix [steps * rows, ...] read row by row: row f is at base + (f / rows) * step + (f % rows) * row.
typedef struct {
  const T *base;
  ptrdiff_t rows, step, row;
} Rows;

/// Copies `size` columns of rows first ..< first + count to to[0], to[stride], ...
RK_INLINE void gather_columns(const Rows from, ptrdiff_t first, ptrdiff_t count, const int size, ptrdiff_t stride,
                              T *to) {
  ptrdiff_t s = first / from.rows, r = first % from.rows;
  while (count > 0) {
    const ptrdiff_t run = from.rows - r < count ? from.rows - r : count;
    const T *source = from.base + s * from.step + r * from.row;
    for (ptrdiff_t f = 0; f < run; f++, source += from.row, to += stride)
      __builtin_memcpy(to, source, size * sizeof(T));
    count -= run;
    r = 0;
    s++;
  }
}

/// Columns 0 ..< width of rows first ..< first + count as tiles of `tile_width` columns, one tile after another, each
/// [count, stride]. Side by side in a buffer, they cost the kernel neither a page nor a conflict in cache per row.
RK_INLINE void gather(Rows from, ptrdiff_t first, ptrdiff_t count, ptrdiff_t width, const int tile_width,
                      ptrdiff_t stride, T *to) {
  const ptrdiff_t tiles = width / tile_width, left = width % tile_width;
  ptrdiff_t s = first / from.rows, r = first % from.rows;
  for (ptrdiff_t f = 0; tiles > 0 && f < count; f++) {
    const T *source = from.base + s * from.step + r * from.row;
    for (ptrdiff_t i = 0; i < tiles; i++)
      __builtin_memcpy(to + (i * count + f) * stride, source + i * tile_width, tile_width * sizeof(T));
    if (++r == from.rows) {
      r = 0;
      s++;
    }
  }
  from.base += tiles * tile_width;
  to += tiles * count * stride;
  RK_UNROLL for (int size = PANEL / 2; size > 0; size /= 2) {
    if (!(left & size)) continue;
    gather_columns(from, first, count, size, stride, to);
    from.base += size;
    to += size;
  }
}

static void kernel_accumulate_product(ptrdiff_t steps, ptrdiff_t rows, ptrdiff_t n, ptrdiff_t k, const T *d,
                                      ptrdiff_t d_step, ptrdiff_t d_row, const T *x, ptrdiff_t x_step,
                                      ptrdiff_t x_row, T *dw, ptrdiff_t ldw) {
  __attribute__((aligned(64))) T ds[CHUNK * D_BLOCK], xs[(CHUNK + 1) * PANEL];
  const ptrdiff_t total = steps * rows;
  for (ptrdiff_t first = 0; first < total; first += CHUNK) {
    const ptrdiff_t count = total - first < CHUNK ? total - first : CHUNK;
    for (ptrdiff_t i0 = 0; i0 < n; i0 += D_BLOCK) {
      const ptrdiff_t block = n - i0 < D_BLOCK ? n - i0 : D_BLOCK;
      gather((Rows){d + i0, rows, d_step, d_row}, first, count, block, TILE_ROWS, TILE_ROWS, ds);
      for (ptrdiff_t j = 0; j < k; j += PANEL) {
        const ptrdiff_t width = k - j < PANEL ? k - j : PANEL;
        gather((Rows){x + j, rows, x_step, x_row}, first, count, width, PANEL, width, xs);
        for (int v = 0; v < PANEL; v += L) store(xs + count * width + v, (V)(0));  // read by the last whole vectors
        for (ptrdiff_t i = 0; i < block; i += TILE_ROWS) {
          const ptrdiff_t height = block - i < TILE_ROWS ? block - i : TILE_ROWS;
          Tile t = {.k = count, .a = ds + i * count, .a_row = 1, .a_step = TILE_ROWS, .w = xs, .w_step = width,
                    .accumulate = 1, .c = dw + (i0 + i) * ldw + j, .ldc = ldw};
          for (ptrdiff_t v = 0; v < width; v += TILE_VECTORS * L, t.w += L, t.c += L)
            tiles_of_columns(width - v < TILE_VECTORS * L ? width - v : TILE_VECTORS * L, height, t);
        }
      }
    }
  }
}

/// db[0 ..< (vectors - 1) L + last] += the rows of D.
RK_INLINE void sum_rows(const int vectors, ptrdiff_t last, ptrdiff_t steps, ptrdiff_t rows, const T *d,
                        ptrdiff_t d_step, ptrdiff_t d_row, T *db) {
  V sum[4];
  RK_UNROLL for (int v = 0; v < vectors; v++) sum[v] = get(db + v * L, v == vectors - 1 ? last : L);
  for (ptrdiff_t s = 0; s < steps; s++) {
    const T *row = d + s * d_step;
    for (ptrdiff_t r = 0; r < rows; r++, row += d_row) {
      RK_UNROLL for (int v = 0; v < vectors; v++) sum[v] += get(row + v * L, v == vectors - 1 ? last : L);
    }
  }
  RK_UNROLL for (int v = 0; v < vectors; v++) put(db + v * L, v == vectors - 1 ? last : L, sum[v]);
}

static void kernel_accumulate_rows(ptrdiff_t steps, ptrdiff_t rows, ptrdiff_t n, const T *d, ptrdiff_t d_step,
                                   ptrdiff_t d_row, T *db) {
  ptrdiff_t i = 0;
  for (; i + 4 * L <= n; i += 4 * L) sum_rows(4, L, steps, rows, d + i, d_step, d_row, db + i);
  for (; i + L <= n; i += L) sum_rows(1, L, steps, rows, d + i, d_step, d_row, db + i);
  if (i < n) sum_rows(1, n - i, steps, rows, d + i, d_step, d_row, db + i);
}
