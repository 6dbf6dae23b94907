// C = start + A W^T for a square W of 2, 4 or 8 columns on contiguous rows, as the state of a very small layer has it: a
// vector holds whole rows of A and of C side by side, where a tile would leave most of each vector empty.
// Lane r n + j is the chain of element (r, j), in k as everywhere.

/// Lane r n + j is lane r n + l of x: element l of its row.
RK_INLINE V spread_element(const int n, const int l, V x) {
  V y;
  RK_UNROLL for (int lane = 0; lane < L; lane++) y[lane] = x[lane / n * n + l];
  return y;
}

/// Lane r n + j is lane j of x: the first n lanes in every row.
RK_INLINE V repeat_row(const int n, V x) {
  V y;
  RK_UNROLL for (int lane = 0; lane < L; lane++) y[lane] = x[lane % n];
  return y;
}

RK_INLINE void multiply_square(const int n, ptrdiff_t m, const T *a, const T *packed, const T *bias, int accumulate,
                               T *c) {
  V weight[8];
  RK_UNROLL for (int l = 0; l < n; l++) weight[l] = repeat_row(n, load(packed + l * n));
  const V start = bias ? repeat_row(n, get(bias, n)) : (V)(0);
  RK_EACH(m * n, {
    const V x = get(a + i, part);
    V sum = accumulate ? get(c + i, part) : start;
    RK_UNROLL for (int l = 0; l < n; l++) sum = fma_v(spread_element(n, l, x), weight[l], sum);
    put(c + i, part, sum);
  });
}

/// Whether the product is of that kind and done.
RK_INLINE int multiplied_narrow(ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const T *a, ptrdiff_t lda, const T *packed,
                                const T *bias, int accumulate, T *c, ptrdiff_t ldc) {
  if (n > 8 || n != k || n != lda || n != ldc) return 0;
  switch (n) {
  case 2:
    multiply_square(2, m, a, packed, bias, accumulate, c);
    return 1;
  case 4:
    multiply_square(4, m, a, packed, bias, accumulate, c);
    return 1;
  case 8:
    multiply_square(8, m, a, packed, bias, accumulate, c);
    return 1;
  default:
    return 0;
  }
}
