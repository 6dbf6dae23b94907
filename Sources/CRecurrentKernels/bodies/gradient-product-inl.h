// Gradients of weights and biases: sums over rows, in the order of an index, shard by shard.
//
// A shard is one chain per element; the shards of a batch are added by a binary tree. Rows are gathered into panels that
// lie side by side, X for all rows of a span at once and D for a chunk of them, so that the tiles cost neither a page nor
// a conflict in cache per row.

enum {
  SPAN = 1024,                         // rows of X gathered at a time
  CHUNK = 256,                         // rows of D gathered at a time
  COLUMNS = 1024 / (int)sizeof(T),     // columns of X, and of dW, at a time
  BLOCK = 384 / (int)sizeof(T),        // columns of D at a time; a multiple of every TILE_ROWS
  STRIP = CHUNK * TILE_ROWS + L,       // a strip of TILE_ROWS columns of D; the rest keeps strips off one another's sets
  INPUT_PANEL = SPAN * PANEL + L,      // a panel of X
  STRIPS = (BLOCK + TILE_ROWS - 1) / TILE_ROWS,
  AHEAD = 8,                           // rows fetched before they are gathered
};

/// The rows of D and X that are one chain: row f is row index[f] of each, or row first + f where there is no index.
typedef struct {
  ptrdiff_t first, count;
  const int32_t *index;
  const T *d, *x;
} Shard;

RK_INLINE Shard shard_at(ptrdiff_t s, const ptrdiff_t *bounds, const int32_t *index, const T *d, const T *x) {
  return (Shard){bounds[s], bounds[s + 1] - bounds[s], index ? index + bounds[s] : 0, d, x};
}

RK_INLINE ptrdiff_t row_of(const Shard *s, ptrdiff_t f) { return s->index ? s->index[f] : s->first + f; }

RK_INLINE void fetch(const T *from, ptrdiff_t count) {
  for (ptrdiff_t i = 0; i < count; i += 64 / (int)sizeof(T)) __builtin_prefetch(from + i);
}

/// Columns 0 ..< width of rows first ..< first + count of X as panels [count, PANEL], the last one filled with zeros.
RK_INLINE void gather_inputs(const Shard *s, ptrdiff_t x_row, ptrdiff_t column, ptrdiff_t width, ptrdiff_t first,
                             ptrdiff_t count, T *to) {
  const ptrdiff_t whole = width / PANEL * PANEL;
  for (ptrdiff_t f = 0; f < count; f++, to += PANEL) {
    const T *from = s->x + row_of(s, first + f) * x_row + column;
    if (first + f + AHEAD < s->count) fetch(s->x + row_of(s, first + f + AHEAD) * x_row + column, width);
    T *panel = to;
    for (ptrdiff_t j = 0; j < whole; j += PANEL, panel += INPUT_PANEL)
      __builtin_memcpy(panel, from + j, PANEL * sizeof(T));
    if (whole == width) continue;
    for (int v = 0; v < PANEL; v += L) {
      const ptrdiff_t left = width - whole - v;
      store(panel + v, left >= L ? load(from + whole + v) : left > 0 ? load_part(from + whole + v, left) : (V)(0));
    }
  }
}

/// Columns 0 ..< height of rows first ..< first + count of D as strips [count, TILE_ROWS].
RK_INLINE void gather_gradients(const Shard *s, ptrdiff_t d_row, ptrdiff_t column, ptrdiff_t height, ptrdiff_t first,
                                ptrdiff_t count, T *to) {
  const ptrdiff_t whole = height / TILE_ROWS * TILE_ROWS;
  for (ptrdiff_t f = 0; f < count; f++, to += TILE_ROWS) {
    const T *from = s->d + row_of(s, first + f) * d_row + column;
    if (first + f + AHEAD < s->count) fetch(s->d + row_of(s, first + f + AHEAD) * d_row + column, height);
    T *strip = to;
    for (ptrdiff_t i = 0; i < whole; i += TILE_ROWS, strip += STRIP)
      __builtin_memcpy(strip, from + i, TILE_ROWS * sizeof(T));
    for (ptrdiff_t i = whole; i < height; i++) strip[i - whole] = from[i];
  }
}

/// C [height, width] (+)= D^T X over `count` gathered rows.
RK_INLINE void add_gathered(ptrdiff_t height, ptrdiff_t width, ptrdiff_t count, int accumulate, const T *d, const T *x,
                            T *c, ptrdiff_t ldc) {
  for (ptrdiff_t j = 0; j < width; j += PANEL, x += INPUT_PANEL) {
    const ptrdiff_t left = width - j < PANEL ? width - j : PANEL;
    for (ptrdiff_t i = 0; i < height; i += TILE_ROWS) {
      const ptrdiff_t rows = height - i < TILE_ROWS ? height - i : TILE_ROWS;
      Tile t = {.k = count, .a = d + i / TILE_ROWS * STRIP, .a_row = 1, .a_step = TILE_ROWS, .w = x, .w_step = PANEL,
                .accumulate = accumulate, .c = c + i * ldc + j, .ldc = ldc};
      for (ptrdiff_t v = 0; v < left; v += TILE_VECTORS * L, t.w += TILE_VECTORS * L, t.c += TILE_VECTORS * L)
        tiles_of_columns(left - v < TILE_VECTORS * L ? left - v : TILE_VECTORS * L, rows, t);
    }
  }
}

/// One shard's part of columns `column` ..< column + width of dW. Where nothing is accumulated the chains start at 0.
static void add_shard(const Shard *s, ptrdiff_t n, ptrdiff_t d_row, ptrdiff_t x_row, ptrdiff_t column, ptrdiff_t width,
                      int accumulate, T *ds, T *xs, T *c, ptrdiff_t ldc) {
  if (s->count == 0 && !accumulate)
    for (ptrdiff_t i = 0; i < n; i++) __builtin_memset(c + i * ldc, 0, width * sizeof(T));
  for (ptrdiff_t begin = 0; begin < s->count; begin += SPAN) {
    const ptrdiff_t end = s->count - begin < SPAN ? s->count : begin + SPAN;
    gather_inputs(s, x_row, column, width, begin, end - begin, xs);
    for (ptrdiff_t i = 0; i < n; i += BLOCK) {
      const ptrdiff_t height = n - i < BLOCK ? n - i : BLOCK;
      for (ptrdiff_t first = begin; first < end; first += CHUNK) {
        const ptrdiff_t count = end - first < CHUNK ? end - first : CHUNK;
        gather_gradients(s, d_row, i, height, first, count, ds);
        add_gathered(height, width, count, accumulate || first > 0, ds, xs + (first - begin) * PANEL, c + i * ldc, ldc);
      }
    }
  }
}

RK_INLINE void add_rows(ptrdiff_t rows, ptrdiff_t width, const T *from, T *to, ptrdiff_t ldt) {
  for (ptrdiff_t r = 0; r < rows; r++, from += width, to += ldt)
    RK_EACH(width, { put(to + i, part, get(to + i, part) + get(from + i, part)); });
}

/// How many of the newest partial sums of a binary tree are added once shard s of `shards` is done: 2 with 2 with 2 ...
/// while they are pairs, and all that are left at the end.
RK_INLINE int ready_pairs(ptrdiff_t s, ptrdiff_t shards, ptrdiff_t depth) {
  if (s == shards - 1) return (int)depth - 1;
  int pairs = 0;
  for (ptrdiff_t done = s + 1; done % 2 == 0; done /= 2) pairs++;
  return pairs;
}

// The tree's sums wait on a stack: the lowest in dW itself, the others in scratch, [n, width] each.
static void kernel_gradient_product(ptrdiff_t shards, const ptrdiff_t *bounds, const int32_t *index, ptrdiff_t n,
                                    const T *d, ptrdiff_t d_row, ptrdiff_t k, const T *x, ptrdiff_t x_row,
                                    int accumulate, T *dw, ptrdiff_t ldw, T *scratch) {
  T *ds = scratch, *xs = ds + STRIPS * STRIP, *sums = xs + COLUMNS / PANEL * INPUT_PANEL;
  for (ptrdiff_t column = 0; column < k; column += COLUMNS) {
    const ptrdiff_t width = k - column < COLUMNS ? k - column : COLUMNS;
    ptrdiff_t depth = 0;
    for (ptrdiff_t s = 0; s < shards; s++) {
      const Shard shard = shard_at(s, bounds, index, d, x);
      T *own = depth ? sums + (depth - 1) * n * width : dw + column;
      add_shard(&shard, n, d_row, x_row, column, width, s == 0 && accumulate, ds, xs, own, depth ? width : ldw);
      depth++;
      for (int pairs = ready_pairs(s, shards, depth); pairs > 0; pairs--) {
        depth--;
        const T *top = sums + (depth - 1) * n * width;
        if (depth > 1)
          add_rows(n, width, top, sums + (depth - 2) * n * width, width);
        else
          add_rows(n, width, top, dw + column, ldw);
      }
    }
  }
}

/// sum[0 ..< (vectors - 1) L + last] (+)= the rows of a shard's D.
RK_INLINE void sum_rows(const int vectors, ptrdiff_t last, const Shard *s, ptrdiff_t d_row, ptrdiff_t column,
                        int accumulate, T *to) {
  V sum[4];
  RK_UNROLL for (int v = 0; v < vectors; v++)
    sum[v] = accumulate ? get(to + v * L, v == vectors - 1 ? last : L) : (V)(0);
  for (ptrdiff_t f = 0; f < s->count; f++) {
    const T *row = s->d + row_of(s, f) * d_row + column;
    RK_UNROLL for (int v = 0; v < vectors; v++) sum[v] += get(row + v * L, v == vectors - 1 ? last : L);
  }
  RK_UNROLL for (int v = 0; v < vectors; v++) put(to + v * L, v == vectors - 1 ? last : L, sum[v]);
}

static void sum_shard(const Shard *s, ptrdiff_t n, ptrdiff_t d_row, int accumulate, T *to) {
  ptrdiff_t i = 0;
  for (; i + 4 * L <= n; i += 4 * L) sum_rows(4, L, s, d_row, i, accumulate, to + i);
  for (; i + L <= n; i += L) sum_rows(1, L, s, d_row, i, accumulate, to + i);
  if (i < n) sum_rows(1, n - i, s, d_row, i, accumulate, to + i);
}

static void kernel_gradient_rows(ptrdiff_t shards, const ptrdiff_t *bounds, const int32_t *index, ptrdiff_t n,
                                 const T *d, ptrdiff_t d_row, int accumulate, T *db, T *scratch) {
  ptrdiff_t depth = 0;
  for (ptrdiff_t s = 0; s < shards; s++) {
    const Shard shard = shard_at(s, bounds, index, d, 0);
    sum_shard(&shard, n, d_row, s == 0 && accumulate, depth ? scratch + (depth - 1) * n : db);
    depth++;
    for (int pairs = ready_pairs(s, shards, depth); pairs > 0; pairs--) {
      depth--;
      add_rows(1, n, scratch + (depth - 1) * n, depth > 1 ? scratch + (depth - 2) * n : db, n);
    }
  }
}
