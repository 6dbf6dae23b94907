// AVX2 with FMA: 16 registers of 32 bytes, so a tile holds one 64-byte vector of columns.

#include <immintrin.h>

#define RK_LEVEL avx2
#define RK_FUSED 1
#define RK_TILE_ROWS 6
#define RK_TILE_VECTORS 1
#define RK_WIDE_VECTORS 4
#define RK_PROBE_CHAINS 6

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)

#include "../bodies/types-inl.h"

// A masked load leaves the lanes past count zero and unread. (Masked stores are slow on some processors that have
// nothing better than AVX2, so parts are stored by pieces.)
#define RK_OWN_LOAD_PART
RK_INLINE V load_part(const T *from, ptrdiff_t count) {
#if RK_BITS == 32
  const __m256i lane = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
  const __m256i low = _mm256_cmpgt_epi32(_mm256_set1_epi32((int)count), lane);
  const __m256i high = _mm256_cmpgt_epi32(_mm256_set1_epi32((int)count - 8), lane);
  const __m256 halves[2] = {_mm256_maskload_ps(from, low), _mm256_maskload_ps(from + 8, high)};
#else
  const __m256i lane = _mm256_setr_epi64x(0, 1, 2, 3);
  const __m256i low = _mm256_cmpgt_epi64(_mm256_set1_epi64x(count), lane);
  const __m256i high = _mm256_cmpgt_epi64(_mm256_set1_epi64x(count - 4), lane);
  const __m256d halves[2] = {_mm256_maskload_pd(from, low), _mm256_maskload_pd(from + 4, high)};
#endif
  V v;
  __builtin_memcpy(&v, halves, sizeof v);
  return v;
}

// The pointer of the second pair of loads is moved back by k elements; the lanes in front of h are masked out.
#define RK_OWN_LOAD_PAIR
RK_INLINE V load_pair(const T *x, ptrdiff_t k, const T *h, ptrdiff_t m) {
  const T *shifted = (const T *)((uintptr_t)h - (uintptr_t)k * sizeof(T));
  const I lanes = lane_below(k + m) & ~lane_below(k);
  __m256i masks[2];
  __builtin_memcpy(masks, &lanes, sizeof lanes);
#if RK_BITS == 32
  const __m256 halves[2] = {_mm256_maskload_ps(shifted, masks[0]), _mm256_maskload_ps(shifted + 8, masks[1])};
#else
  const __m256d halves[2] = {_mm256_maskload_pd(shifted, masks[0]), _mm256_maskload_pd(shifted + 4, masks[1])};
#endif
  I v;
  __builtin_memcpy(&v, halves, sizeof v);
  return (V)((I)load_part(x, k) | v);
}

#include "../bodies/bodies-inl.h"

#pragma clang attribute pop
