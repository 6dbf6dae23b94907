// What a core can do at most: multiply-adds on registers alone, and reads of a buffer. No model computes with these; the
// speed of those that do is held against them.

enum {
  PROBE_CHAINS = RK_PROBE_CHAINS,  // vectors that a level's registers hold, beside a factor and a term
  PROBE_STEPS = 1024,              // of each chain in a round
  PROBE_SUMS = 4,                  // of a read: 256 bytes between two additions to one sum, so that none waits
};

/// Chains of x = factor x + term. Both numbers are 1, which the compiler cannot know, so that every lane counts its own
/// steps: what is returned is what was computed. Each chain starts from a number of its own, or all would be one.
static double kernel_probe_arithmetic(ptrdiff_t rounds) {
  const volatile T one = 1;
  const V factor = (V)(one), term = (V)(one);
  double steps = 0;
  for (ptrdiff_t round = 0; round < rounds; round++) {
    V chain[PROBE_CHAINS];
    RK_UNROLL for (int c = 0; c < PROBE_CHAINS; c++) chain[c] = (V)((T)c);
    _Pragma("clang loop unroll_count(4)") for (int step = 0; step < PROBE_STEPS; step++) {
      RK_UNROLL for (int c = 0; c < PROBE_CHAINS; c++) chain[c] = fma_v(chain[c], factor, term);
    }
    V counted = (V)(0);
    RK_UNROLL for (int c = 0; c < PROBE_CHAINS; c++) counted += chain[c] - (V)((T)c);
    // Whole numbers below 2^18, so exact in any order.
    steps += lane_sum(counted);
  }
  return 2 * steps;
}

static T kernel_probe_read(ptrdiff_t n, const T *x) {
  V sum[PROBE_SUMS];
  RK_UNROLL for (int s = 0; s < PROBE_SUMS; s++) sum[s] = (V)(0);
  const ptrdiff_t left = n % (PROBE_SUMS * L);
  const T *const end = x + (n - left);
  for (; x != end; x += PROBE_SUMS * L) {
    RK_UNROLL for (int s = 0; s < PROBE_SUMS; s++) sum[s] += load(x + s * L);
  }
  RK_EACH(left, { sum[0] += get(x + i, part); });
  return lane_sum((sum[0] + sum[1]) + (sum[2] + sum[3]));
}
