// The tables that dispatch.c chooses from, one per level and element type, and the shape of packed weights.

#ifndef RK_LEVEL_H
#define RK_LEVEL_H

#include "KernelTable.h"

#define RK_DECLARE_TABLES(level)              \
  extern const rk_functions_f32 rk_##level##_f32; \
  extern const rk_functions_f64 rk_##level##_f64;
RK_DECLARE_TABLES(portable)
#if defined(__x86_64__)
RK_DECLARE_TABLES(avx2)
RK_DECLARE_TABLES(avx512)
#endif
#if defined(__aarch64__)
RK_DECLARE_TABLES(neon)
#endif
#undef RK_DECLARE_TABLES

// Bytes of the vector that all bodies are written in. It is the same at every level (the compiler splits it where
// registers are narrower), so lane-wise sums have one order everywhere.
#define RK_VECTOR_BYTES 64
#define RK_LANES(T) (RK_VECTOR_BYTES / (ptrdiff_t)sizeof(T))

// Packed W [n, k]: panels of two vectors of columns, each [k, width] and contiguous; the last panel is as wide as what
// remains, so narrow layers stay small. Kernels read whole vectors, hence two spare vectors at the end.
#define RK_PANEL(T) (2 * RK_LANES(T))

#endif
