// AVX-512: 32 registers of 64 bytes; a tile of 8 rows by two vectors keeps 16 chains in flight.

#include <immintrin.h>

#define RK_LEVEL avx512
#define RK_FUSED 1
#define RK_TILE_ROWS 8
#define RK_TILE_VECTORS 2
#define RK_WIDE_VECTORS 8

#pragma clang attribute push(__attribute__((target("avx512f,avx512dq,avx512vl,avx512bw,avx2,fma"))), \
                             apply_to = function)

#include "../bodies/types-inl.h"

// A masked access does not touch the lanes it leaves out.
#define RK_OWN_LOAD_PART
RK_INLINE V load_part(const T *from, ptrdiff_t count) {
#if RK_BITS == 32
  return (V)_mm512_maskz_loadu_ps((__mmask16)((1u << count) - 1), from);
#else
  return (V)_mm512_maskz_loadu_pd((__mmask8)((1u << count) - 1), from);
#endif
}

#define RK_OWN_STORE_PART
RK_INLINE void store_part(T *to, ptrdiff_t count, V v) {
#if RK_BITS == 32
  _mm512_mask_storeu_ps(to, (__mmask16)((1u << count) - 1), (__m512)v);
#else
  _mm512_mask_storeu_pd(to, (__mmask8)((1u << count) - 1), (__m512d)v);
#endif
}

#include "../bodies/bodies-inl.h"

#pragma clang attribute pop
