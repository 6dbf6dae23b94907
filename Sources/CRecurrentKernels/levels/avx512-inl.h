// AVX-512: 32 registers of 64 bytes; a tile of 8 rows by two vectors keeps 16 chains in flight.

#include <immintrin.h>

#define RK_LEVEL avx512
#define RK_FUSED 1
#define RK_TILE_ROWS 8
#define RK_TILE_VECTORS 2
#define RK_WIDE_VECTORS 8

#pragma clang attribute push(__attribute__((target("avx512f,avx512dq,avx512vl,avx512bw,avx2,fma"))), \
                             apply_to = function)

#define RK_OWN_LOAD_PART
#define RK_OWN_STORE_PART
#define RK_INLINE static inline __attribute__((always_inline))

// A masked access does not touch the lanes it leaves out.
#if RK_BITS == 32
RK_INLINE __m512 masked_load(const float *from, int count) {
  return _mm512_maskz_loadu_ps((__mmask16)((1u << count) - 1), from);
}
RK_INLINE void masked_store(float *to, int count, __m512 value) {
  _mm512_mask_storeu_ps(to, (__mmask16)((1u << count) - 1), value);
}
#else
RK_INLINE __m512d masked_load(const double *from, int count) {
  return _mm512_maskz_loadu_pd((__mmask8)((1u << count) - 1), from);
}
RK_INLINE void masked_store(double *to, int count, __m512d value) {
  _mm512_mask_storeu_pd(to, (__mmask8)((1u << count) - 1), value);
}
#endif

#include "../bodies/bodies-inl.h"

#pragma clang attribute pop
