// C = start + A W^T on packed W, as tiles of rows x vectors held in registers for the whole of k.
// Every lane of every tile is one chain in k, so the shape of the tile cannot be seen in the result.

enum {
  TILE_ROWS = RK_TILE_ROWS,        // rows of the main tile
  TILE_VECTORS = RK_TILE_VECTORS,  // vectors of columns of it: 1 or 2
  WIDE_VECTORS = RK_WIDE_VECTORS,  // vectors of a one-row tile: enough chains to hide the latency of an addition
  ROW_BLOCK = 128,                 // rows of A that stay in cache while all panels of W pass
  DEPTH = 4096 / (int)sizeof(T),   // elements of k for which a panel of W stays in cache while rows of A pass
};

/// What a tile needs beside its size. Row i of A and C is row index[i], or i where there is no index;
/// A[i, l] = a[i * a_row + l * a_step]; vector v of W at step l begins at w + l * w_step + (v / 2) * w_panel + (v % 2) * L.
typedef struct {
  ptrdiff_t k;
  const int32_t *index;
  const T *a;
  ptrdiff_t a_row, a_step;
  const T *w;
  ptrdiff_t w_step, w_panel;
  const T *bias;
  int accumulate;
  T *c;
  ptrdiff_t ldc;
} Tile;

/// used: rows that exist (the others repeat row 0 and are not stored). last: lanes in use of the last vector.
RK_INLINE void tile(const int rows, const int vectors, int used, ptrdiff_t last, const Tile t) {
  V sum[8][8];
  const T *row[8];
  T *to[8];
  RK_UNROLL for (int i = 0; i < rows; i++) {
    const int source = i < used ? i : 0;
    const ptrdiff_t at = t.index ? t.index[source] : source;
    row[i] = t.a + at * t.a_row;
    to[i] = t.c + at * t.ldc;
    RK_UNROLL for (int v = 0; v < vectors; v++)
      if (t.accumulate) sum[i][v] = get(to[i] + v * L, v == vectors - 1 ? last : L);
  }
  if (!t.accumulate) {
    RK_UNROLL for (int v = 0; v < vectors; v++) {
      const V start = t.bias ? get(t.bias + v * L, v == vectors - 1 ? last : L) : (V)(0);
      RK_UNROLL for (int i = 0; i < rows; i++) sum[i][v] = start;
    }
  }
  const T *w = t.w;
  for (ptrdiff_t l = 0; l < t.k; l++, w += t.w_step) {
    V weight[8];
    RK_UNROLL for (int v = 0; v < vectors; v++) weight[v] = load(w + (v / 2) * t.w_panel + (v % 2) * L);
    RK_UNROLL for (int i = 0; i < rows; i++) {
      const V x = (V)(row[i][l * t.a_step]);
      RK_UNROLL for (int v = 0; v < vectors; v++) sum[i][v] = fma_v(x, weight[v], sum[i][v]);
    }
  }
  RK_UNROLL for (int i = 0; i < rows; i++) {
    RK_UNROLL for (int v = 0; v < vectors; v++)
      if (i < used) put(to[i] + v * L, v == vectors - 1 ? last : L, sum[i][v]);
  }
}

/// One tile of 1 ... TILE_ROWS rows, in the smallest of a few shapes that holds them.
RK_INLINE void tile_of_rows(const int vectors, ptrdiff_t rows, ptrdiff_t last, const Tile t) {
  if (rows > 4 || TILE_ROWS < 4)
    tile(TILE_ROWS, vectors, (int)rows, last, t);
  else if (rows > 2)
    tile(4, vectors, (int)rows, last, t);
  else if (rows == 2)
    tile(2, vectors, 2, last, t);
  else
    tile(1, vectors, 1, last, t);
}

/// The same for 1 ... TILE_VECTORS * L columns. The whole tile is a case of its own, free of partial vectors, and so are
/// 2 and 4 columns, where moving parts of vectors of unknown size would cost more than the product.
RK_INLINE void tiles_of_columns(ptrdiff_t columns, ptrdiff_t rows, const Tile t) {
  if (columns == TILE_VECTORS * L)
    tile_of_rows(TILE_VECTORS, rows, L, t);
  else if (TILE_VECTORS == 2 && columns > L)
    tile_of_rows(TILE_VECTORS, rows, columns - L, t);
  else if (columns == 2)
    tile_of_rows(1, rows, 2, t);
  else if (columns == 4)
    tile_of_rows(1, rows, 4, t);
  else
    tile_of_rows(1, rows, columns, t);
}

/// The same for one row and as many columns as whole tiles of WIDE_VECTORS have, which is what is returned; a and c are the
/// row's own. From the end on: the last columns first.
RK_INLINE ptrdiff_t multiply_wide(ptrdiff_t n, ptrdiff_t k, ptrdiff_t start, ptrdiff_t depth, const T *a,
                                  const T *packed, const T *bias, int accumulate, int from_end, T *c) {
  if (WIDE_VECTORS == 1) return 0;
  const ptrdiff_t width = WIDE_VECTORS * L, whole = n / width * width;
  for (ptrdiff_t done = 0; done < whole; done += width) {
    const ptrdiff_t j = from_end ? whole - width - done : done;
    const Tile t = {.k = depth, .a = a, .a_step = 1, .w = packed + j * k + start * PANEL, .w_step = PANEL,
                    .w_panel = PANEL * k, .bias = bias ? bias + j : 0, .accumulate = accumulate, .c = c + j};
    tile(1, WIDE_VECTORS, 1, L, t);
  }
  return whole;
}

/// Rows first ..< end of C over l = start ..< start + depth of k; the chains go on from C unless this is their beginning.
static void multiply_block(ptrdiff_t first, ptrdiff_t end, const int32_t *index, ptrdiff_t n, ptrdiff_t k,
                           ptrdiff_t start, ptrdiff_t depth, const T *a, ptrdiff_t lda, const T *packed,
                           const T *bias, int accumulate, int from_end, T *c, ptrdiff_t ldc) {
  a += start;
  ptrdiff_t j = 0;
  if (end - first == 1) {
    const ptrdiff_t row = index ? index[first] : first;
    j = multiply_wide(n, k, start, depth, a + row * lda, packed, bias, accumulate, from_end, c + row * ldc);
  }
  while (j < n) {
    const ptrdiff_t panel = j / PANEL * PANEL;
    const ptrdiff_t width = n - panel < PANEL ? n - panel : PANEL;
    const ptrdiff_t left = n - j;
    Tile t = {.k = depth, .a_row = lda, .a_step = 1, .w = packed + panel * k + start * width + (j - panel),
              .w_step = width, .w_panel = PANEL * k, .bias = bias ? bias + j : 0, .accumulate = accumulate, .ldc = ldc};
    const ptrdiff_t span = TILE_VECTORS == 2 && left > L ? PANEL : L;  // columns of the tiles from here
    for (ptrdiff_t i = first; i < end; i += TILE_ROWS) {
      const ptrdiff_t rows = end - i < TILE_ROWS ? end - i : TILE_ROWS;
      t.a = a + (index ? 0 : i * lda);
      t.c = c + (index ? 0 : i * ldc) + j;
      t.index = index ? index + i : 0;
      tiles_of_columns(left < span ? left : span, rows, t);
    }
    j += span;
  }
}

static void kernel_multiply_rows(ptrdiff_t m, const int32_t *index, ptrdiff_t n, ptrdiff_t k, const T *a,
                                 ptrdiff_t lda, const T *packed, const T *bias, int accumulate, int from_end, T *c,
                                 ptrdiff_t ldc) {
  if (!index && multiplied_narrow(m, n, k, a, lda, packed, bias, accumulate, c, ldc)) return;
  for (ptrdiff_t first = 0; first < m; first += ROW_BLOCK) {
    const ptrdiff_t end = m - first < ROW_BLOCK ? m : first + ROW_BLOCK;
    // A panel that is used once need not stay in cache.
    const ptrdiff_t most = end - first > TILE_ROWS && k > DEPTH + DEPTH / 2 ? DEPTH : k;
    ptrdiff_t start = 0;
    do {
      const ptrdiff_t depth = k - start < most ? k - start : most;
      multiply_block(first, end, index, n, k, start, depth, a, lda, packed, start ? 0 : bias, accumulate || start,
                     from_end, c, ldc);
      start += depth;
    } while (start < k);
  }
}

static void kernel_multiply(ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const T *a, ptrdiff_t lda, const T *packed,
                            const T *bias, int accumulate, T *c, ptrdiff_t ldc) {
  kernel_multiply_rows(m, 0, n, k, a, lda, packed, bias, accumulate, 0, c, ldc);
}
