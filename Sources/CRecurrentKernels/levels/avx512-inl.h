// AVX-512: 32 registers of 64 bytes; a tile of 8 rows by two vectors keeps 16 chains in flight.

#include <immintrin.h>

#define RK_LEVEL avx512
#define RK_FUSED 1
#define RK_TILE_ROWS 8
#define RK_TILE_VECTORS 2
#define RK_WIDE_VECTORS 4
#define RK_PROBE_CHAINS 12

#pragma clang attribute push(__attribute__((target("avx512f,avx512dq,avx512vl,avx512bw,avx2,fma"))), \
                             apply_to = function)

#include "../bodies/types-inl.h"

// A masked access does not touch the lanes it leaves out.
#define RK_OWN_LOAD_PART
RK_INLINE V load_part(const T *from, ptrdiff_t count) {
  if (__builtin_constant_p(count)) {
    V v = (V)(0);
    __builtin_memcpy(&v, from, (size_t)count * sizeof(T));
    return v;
  }
#if RK_BITS == 32
  return (V)_mm512_maskz_loadu_ps((__mmask16)((1u << count) - 1), from);
#else
  return (V)_mm512_maskz_loadu_pd((__mmask8)((1u << count) - 1), from);
#endif
}

// The pointer of the second load is moved back by k elements; the lanes in front of h are masked out.
#define RK_OWN_LOAD_PAIR
RK_INLINE V load_pair(const T *x, ptrdiff_t k, const T *h, ptrdiff_t m) {
  const T *shifted = (const T *)((uintptr_t)h - (uintptr_t)k * sizeof(T));
  const unsigned lanes = ((1u << m) - 1) << k;
#if RK_BITS == 32
  return (V)_mm512_mask_loadu_ps((__m512)load_part(x, k), (__mmask16)lanes, shifted);
#else
  return (V)_mm512_mask_loadu_pd((__m512d)load_part(x, k), (__mmask8)lanes, shifted);
#endif
}

#define RK_OWN_STORE_PART
RK_INLINE void store_part(T *to, ptrdiff_t count, V v) {
  if (__builtin_constant_p(count)) {
    __builtin_memcpy(to, &v, (size_t)count * sizeof(T));
    return;
  }
#if RK_BITS == 32
  _mm512_mask_storeu_ps(to, (__mmask16)((1u << count) - 1), (__m512)v);
#else
  _mm512_mask_storeu_pd(to, (__mmask8)((1u << count) - 1), (__m512d)v);
#endif
}

#include "../bodies/bodies-inl.h"

#pragma clang attribute pop
