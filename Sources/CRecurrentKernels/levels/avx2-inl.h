// AVX2 with FMA: 16 registers of 32 bytes, so a tile holds one 64-byte vector of columns.

#include <immintrin.h>

#define RK_LEVEL avx2
#define RK_FUSED 1
#define RK_TILE_ROWS 6
#define RK_TILE_VECTORS 1
#define RK_WIDE_VECTORS 4

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)

#define RK_OWN_LOAD_PART
#define RK_INLINE static inline __attribute__((always_inline))

// Lanes 0 ..< count of the masks of a vector's two halves; AVX2 loads leave the other lanes zero and unread.
#if RK_BITS == 32
RK_INLINE void load_part_halves(const float *from, int count, float *to) {
  const __m256i lane = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
  __m256i low = _mm256_cmpgt_epi32(_mm256_set1_epi32(count), lane);
  __m256i high = _mm256_cmpgt_epi32(_mm256_set1_epi32(count - 8), lane);
  _mm256_storeu_ps(to, _mm256_maskload_ps(from, low));
  _mm256_storeu_ps(to + 8, _mm256_maskload_ps(from + 8, high));
}
#else
RK_INLINE void load_part_halves(const double *from, int count, double *to) {
  const __m256i lane = _mm256_setr_epi64x(0, 1, 2, 3);
  __m256i low = _mm256_cmpgt_epi64(_mm256_set1_epi64x(count), lane);
  __m256i high = _mm256_cmpgt_epi64(_mm256_set1_epi64x(count - 4), lane);
  _mm256_storeu_pd(to, _mm256_maskload_pd(from, low));
  _mm256_storeu_pd(to + 4, _mm256_maskload_pd(from + 4, high));
}
#endif

#include "../bodies/bodies-inl.h"

#pragma clang attribute pop
