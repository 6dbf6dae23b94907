// Normal distributions with diagonal covariances: their log-densities, and what is counted of them.

static void kernel_gaussian_scores(ptrdiff_t steps, ptrdiff_t k, ptrdiff_t d, const T *x, ptrdiff_t x_row,
                                   const T *means, const T *precisions, const T *constants, ptrdiff_t w, T *scores,
                                   ptrdiff_t scores_row) {
  for (ptrdiff_t t = 0; t < steps; t++, x += x_row, scores += scores_row) {
    for (ptrdiff_t j = 0; j < k; j += L) {
      V sum = (V)(0);
      for (ptrdiff_t i = 0; i < d; i++) {
        const V difference = (V)(x[i]) - load(means + i * w + j);
        sum = fma_v(difference * difference, load(precisions + i * w + j), sum);
      }
      put(scores + j, k - j >= L ? L : k - j, load(constants + j) - sum * (V)(0.5));
    }
  }
}

static void kernel_gaussian_counts(ptrdiff_t steps, ptrdiff_t k, ptrdiff_t d, const T *x, ptrdiff_t x_row,
                                   const T *gamma, ptrdiff_t gamma_row, const T *centres, int products, T *weights,
                                   T *sums, T *squares) {
  for (ptrdiff_t t = 0; t < steps; t++, x += x_row, gamma += gamma_row) {
    for (ptrdiff_t j = 0; j < k; j++) {
      const T weight = gamma[j], *centre = centres + j * d;
      T *sum = sums + j * d, *square = squares + j * (products ? d * d : d);
      weights[j] += weight;
      RK_EACH(d, {
        const V difference = get(x + i, part) - get(centre + i, part);
        const V weighted = (V)(weight)*difference;
        put(sum + i, part, get(sum + i, part) + weighted);
        if (!products) put(square + i, part, fma_v(weighted, difference, get(square + i, part)));
      });
      if (!products) continue;
      for (ptrdiff_t r = 0; r < d; r++, square += d) {
        const V weighted = (V)(weight * (x[r] - centre[r]));
        RK_EACH(d, {
          const V difference = get(x + i, part) - get(centre + i, part);
          put(square + i, part, fma_v(weighted, difference, get(square + i, part)));
        });
      }
    }
  }
}
