// Packing of weights: the order in which rk_multiply reads them, the same at every level.

#include "CRecurrentKernels.h"
#include "level.h"

// One panel: to[l, i] = w[i * row_stride + l * column_stride], i < width, l < k. Blocks of l keep the lines of a
// row-major source in cache until all of their elements are used.
#define DEFINE_PACK(T, S)                                                                                         \
  static void pack_panel_##S(ptrdiff_t width, ptrdiff_t k, const T *w, ptrdiff_t row_stride,                      \
                             ptrdiff_t column_stride, T *to) {                                                    \
    enum { block = 16 };                                                                                          \
    if (row_stride == 1) {                                                                                        \
      for (ptrdiff_t l = 0; l < k; l++)                                                                           \
        for (ptrdiff_t i = 0; i < width; i++) to[l * width + i] = w[l * column_stride + i];                       \
      return;                                                                                                     \
    }                                                                                                             \
    for (ptrdiff_t first = 0; first < k; first += block) {                                                        \
      ptrdiff_t end = first + block < k ? first + block : k;                                                      \
      for (ptrdiff_t i = 0; i < width; i++)                                                                       \
        for (ptrdiff_t l = first; l < end; l++) to[l * width + i] = w[i * row_stride + l * column_stride];        \
    }                                                                                                             \
  }                                                                                                               \
                                                                                                                  \
  ptrdiff_t rk_packed_count_##S(ptrdiff_t n, ptrdiff_t k) { return n * k + RK_PANEL(T); }                         \
                                                                                                                  \
  void rk_pack_##S(ptrdiff_t n, ptrdiff_t k, const T *w, ptrdiff_t row_stride, ptrdiff_t column_stride,           \
                   T *packed) {                                                                                   \
    for (ptrdiff_t j = 0; j < n; j += RK_PANEL(T)) {                                                              \
      ptrdiff_t width = n - j < RK_PANEL(T) ? n - j : RK_PANEL(T);                                                \
      pack_panel_##S(width, k, w + j * row_stride, row_stride, column_stride, packed + j * k);                    \
    }                                                                                                             \
    for (ptrdiff_t i = 0; i < RK_PANEL(T); i++) packed[n * k + i] = 0;                                            \
  }

DEFINE_PACK(float, f32)
DEFINE_PACK(double, f64)

// The gathered strips and panels of the widest tile (see gradient-product-inl.h), then a sum [n, columns] for every level
// of the tree but the lowest.
#define DEFINE_SCRATCH(T, S)                                                                                      \
  ptrdiff_t rk_gradient_scratch_##S(ptrdiff_t shards, ptrdiff_t n, ptrdiff_t k) {                                 \
    const ptrdiff_t lanes = RK_PANEL(T) / 2, columns = 1024 / (ptrdiff_t)sizeof(T);                               \
    const ptrdiff_t width = k < columns ? k + RK_PANEL(T) : columns;                                              \
    ptrdiff_t levels = 1;                                                                                         \
    while ((ptrdiff_t)1 << (levels - 1) < shards) levels++;                                                       \
    const ptrdiff_t gathered = 256 * (384 / (ptrdiff_t)sizeof(T) + 8) + 64 * lanes + 1024 * columns + 16 * lanes; \
    return gathered + levels * (n + 1) * (width > lanes ? width : lanes);                                         \
  }

DEFINE_SCRATCH(float, f32)
DEFINE_SCRATCH(double, f64)
