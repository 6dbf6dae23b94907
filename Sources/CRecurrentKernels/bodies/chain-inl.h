// Recursions along a chain of K states: sums over paths in linear space, forward and backward, and the best path.
//
// A step is one product p(j) = sum_i x(i) a(i, j). Rows of a, and those of all results, are w elements apart: w is K
// rounded up to whole vectors, and behind the last state stand zeros (in kernel_chain_best: -infinity). Terms are added in
// four chains, i mod 4, and then (0 + 1) + (2 + 3): four are in flight, and the order depends on K alone.
//
// Each row is divided by the sum of the row before, which is known by the time the product is. What falls under CHAIN_LEAST
// of it is as good as lost. That does no harm where every state that it leads to is reached from others; where one is
// not, the kernel stops and says at which step, and the caller computes in logarithms. A product of zero says that nothing
// leads there, unless the caller lets weights through that are so small (RK_CHAIN_ROUNDS) that they and what is kept of a row
// may fall to zero together: then it may be lost as well.

#if RK_BITS == 32
#define CHAIN_LEAST 1e-30f
#else
#define CHAIN_LEAST 1e-290
#endif

enum { CHAIN_VECTORS = 2 };

RK_INLINE void chain_product(const int vectors, ptrdiff_t k, const T *x, const T *a, ptrdiff_t w, V *p) {
  V sum[4][CHAIN_VECTORS];
  RK_UNROLL for (int c = 0; c < 4; c++) {
    RK_UNROLL for (int v = 0; v < vectors; v++) sum[c][v] = (V)(0);
  }
  ptrdiff_t i = 0;
  for (; i + 4 <= k; i += 4, a += 4 * w) {
    RK_UNROLL for (int c = 0; c < 4; c++) {
      RK_UNROLL for (int v = 0; v < vectors; v++) {
        sum[c][v] = fma_v((V)(x[i + c]), load(a + c * w + v * L), sum[c][v]);
      }
    }
  }
  RK_UNROLL for (int c = 0; c < 3; c++) {
    if (i + c >= k) break;
    RK_UNROLL for (int v = 0; v < vectors; v++) {
      sum[c][v] = fma_v((V)(x[i + c]), load(a + c * w + v * L), sum[c][v]);
    }
  }
  RK_UNROLL for (int v = 0; v < vectors; v++) p[v] = (sum[0][v] + sum[1][v]) + (sum[2][v] + sum[3][v]);
}

/// Runs the statements for each vector p of the product x a; j is its first state.
#define RK_CHAIN_EACH(k, x, a, w, ...)                                              \
  do {                                                                              \
    V products[CHAIN_VECTORS];                                                      \
    ptrdiff_t done = 0;                                                             \
    for (; done + CHAIN_VECTORS * L <= (w); done += CHAIN_VECTORS * L) {            \
      chain_product(CHAIN_VECTORS, k, x, (a) + done, w, products);                  \
      RK_UNROLL for (int v = 0; v < CHAIN_VECTORS; v++) {                           \
        const V p = products[v];                                                    \
        const ptrdiff_t j = done + v * L;                                           \
        __VA_ARGS__                                                                 \
      }                                                                             \
    }                                                                               \
    if (done < (w)) {                                                               \
      chain_product(1, k, x, (a) + done, w, products);                              \
      const V p = products[0];                                                      \
      const ptrdiff_t j = done;                                                     \
      __VA_ARGS__                                                                   \
    }                                                                               \
  } while (0)

RK_INLINE int any_lane(I lanes) { return __builtin_reduce_or(lanes) != 0; }

/// Lanes of states, of the vector that begins at state j.
RK_INLINE I chain_states(ptrdiff_t k, ptrdiff_t j) { return k - j >= L ? ~(I)(0) : lane_below(k - j); }

/// The emission weights of states j and on.
RK_INLINE V chain_weights(const T *e, ptrdiff_t k, ptrdiff_t j) { return get(e + j, k - j >= L ? L : k - j); }

RK_INLINE const T *chain_row(const T *e, ptrdiff_t e_row, const int32_t *index, ptrdiff_t t) {
  return e + (index ? index[t] : t) * e_row;
}

/// Whether a state that x has lost leads to one that nothing else in x leads to.
static int chain_is_cut(ptrdiff_t k, const T *x, const T *a, ptrdiff_t w) {
  int is_cut = 0;
  RK_CHAIN_EACH(k, x, a, w, {
    T reached[L];
    store(reached, p);
    for (ptrdiff_t l = 0; l < L && j + l < k; l++) {
      if (reached[l] >= CHAIN_LEAST) continue;
      for (ptrdiff_t i = 0; i < k; i++) is_cut |= x[i] < CHAIN_LEAST && a[i * w + j + l] > 0;
    }
  });
  return is_cut;
}

static ptrdiff_t kernel_chain_forward(ptrdiff_t steps, ptrdiff_t k, const T *a, ptrdiff_t w, const T *initial,
                                      const T *before, T before_sum, const T *e, ptrdiff_t e_row,
                                      const int32_t *index, int exact, int keeps, T *alpha, T *sums) {
  const T *x = before;
  V scale = (V)(before ? 1 / before_sum : 1);
  int has_lost = 0;
  for (ptrdiff_t t = 0; t < steps; t++) {
    const T *weights = chain_row(e, e_row, index, t);
    T *y = alpha + (keeps ? t : t & 1) * w;
    V sum = (V)(0);
    I lost = (I)(0), unreached = (I)(0);
#define RK_CHAIN_FORWARD(p)                                             \
  const V weight = chain_weights(weights, k, j);                        \
  const V value = ((p) * weight) * scale;                               \
  lost |= (exact & RK_CHAIN_ROUNDS ? ~(I)(0) : (p) > (V)(0)) & (value < (V)(CHAIN_LEAST)) & chain_states(k, j) & \
          (exact & RK_CHAIN_EXACT ? weight > (V)(0) : ~(I)(0)); \
  sum += value;                                                         \
  store(y + j, value);
    if (x) {
      RK_CHAIN_EACH(k, x, a, w, {
        unreached |= (p < (V)(CHAIN_LEAST)) & chain_states(k, j);
        RK_CHAIN_FORWARD(p)
      });
      if (has_lost && any_lane(unreached) && chain_is_cut(k, x, a, w)) return t;
    } else {
      for (ptrdiff_t j = 0; j < w; j += L) {
        const V p = load(initial + j);
        RK_CHAIN_FORWARD(p)
      }
    }
#undef RK_CHAIN_FORWARD
    sums[t] = lane_sum(sum);
    if (!(sums[t] >= CHAIN_LEAST)) return t;
    has_lost = any_lane(lost);
    scale = (V)(1 / sums[t]);
    x = y;
  }
  return steps;
}

static ptrdiff_t kernel_chain_backward(ptrdiff_t steps, ptrdiff_t k, const T *at, ptrdiff_t w, const T *last, T *after,
                                       const T *e, ptrdiff_t e_row, const int32_t *index, int exact, T *alpha,
                                       int divides, T *q, T *gamma, ptrdiff_t gamma_row) {
  // after: the row q of the step behind, a row to turn with, and the sum of its b.
  T *x = last ? 0 : after;
  V scale = (V)(last ? 1 : 1 / after[2 * w]);
  int has_lost = 0;
  for (ptrdiff_t t = steps - 1; t >= 0; t--) {
    const T *weights = chain_row(e, e_row, index, t);
    T *y = q ? q + t * w : x == after ? after + w : after;
    T *forward = alpha ? alpha + t * w : 0;
    T *posterior = alpha ? gamma + t * gamma_row : 0;
    V sum = (V)(0), total = (V)(0);
    I lost = (I)(0), unreached = (I)(0);
    // q = e b with b = p / (sum of the b behind); the posterior is proportional to alpha p.
#define RK_CHAIN_BACKWARD(p)                                                       \
  const V weight = chain_weights(weights, k, j);                                   \
  const V b = (p) * scale;                                                         \
  const V value = b * weight;                                                      \
  lost |= (exact & RK_CHAIN_ROUNDS ? ~(I)(0) : (p) > (V)(0)) & (value < (V)(CHAIN_LEAST)) & chain_states(k, j) & \
          (exact & RK_CHAIN_EXACT ? weight > (V)(0) : ~(I)(0)); \
  if (forward) {                                                                   \
    const V both = load(forward + j) * (p);                                        \
    put(posterior + j, k - j >= L ? L : k - j, both);                              \
    total += both;                                                                 \
  }                                                                                \
  sum += b;                                                                        \
  store(y + j, value);
    if (x) {
      RK_CHAIN_EACH(k, x, at, w, {
        unreached |= (p < (V)(CHAIN_LEAST)) & chain_states(k, j);
        RK_CHAIN_BACKWARD(p)
      });
      if (has_lost && any_lane(unreached) && chain_is_cut(k, x, at, w)) return t;
    } else {
      for (ptrdiff_t j = 0; j < w; j += L) {
        const V p = load(last + j);
        RK_CHAIN_BACKWARD(p)
      }
    }
#undef RK_CHAIN_BACKWARD
    if (forward) {
      const T norm = lane_sum(total);
      if (!(norm >= CHAIN_LEAST)) return t;
      const V share = (V)(1 / norm);
      RK_EACH(k, { put(posterior + i, part, get(posterior + i, part) * share); });
      if (divides) {
        for (ptrdiff_t j = 0; j < w; j += L) store(forward + j, load(forward + j) * share);
      }
    }
    const T behind = lane_sum(sum);
    if (!(behind >= CHAIN_LEAST)) return t;
    scale = (V)(1 / behind);
    after[2 * w] = behind;
    has_lost = any_lane(lost);
    x = y;
  }
  if (steps > 0 && x != after) {
    for (ptrdiff_t j = 0; j < w; j += L) store(after + j, load(x + j));
  }
  return steps;
}

/// v(j) = max_i (x(i) + a(i, j)) for vectors of states; two chains, which cannot change a maximum.
RK_INLINE void chain_greatest(const int vectors, ptrdiff_t k, const T *x, const T *a, ptrdiff_t w, V *best) {
  V greatest[2][CHAIN_VECTORS];
  RK_UNROLL for (int c = 0; c < 2; c++) {
    RK_UNROLL for (int v = 0; v < vectors; v++) greatest[c][v] = (V)(-__builtin_inf());
  }
  ptrdiff_t i = 0;
  for (; i + 2 <= k; i += 2, a += 2 * w) {
    RK_UNROLL for (int c = 0; c < 2; c++) {
      RK_UNROLL for (int v = 0; v < vectors; v++) {
        const V score = (V)(x[i + c]) + load(a + c * w + v * L);
        greatest[c][v] = score > greatest[c][v] ? score : greatest[c][v];
      }
    }
  }
  RK_UNROLL for (int v = 0; v < vectors; v++) {
    if (i < k) {
      const V score = (V)(x[i]) + load(a + v * L);
      greatest[0][v] = score > greatest[0][v] ? score : greatest[0][v];
    }
    best[v] = greatest[1][v] > greatest[0][v] ? greatest[1][v] : greatest[0][v];
  }
}

static void kernel_chain_best(ptrdiff_t steps, ptrdiff_t k, const T *a, ptrdiff_t w, const T *initial, const T *before,
                              const T *e, ptrdiff_t e_row, const int32_t *index, int keeps, T *scores) {
  const T *x = before;
  for (ptrdiff_t t = 0; t < steps; t++) {
    const T *weights = chain_row(e, e_row, index, t);
    T *y = scores + (keeps ? t : t & 1) * w;
    ptrdiff_t j = 0;
    if (!x) {
      for (; j < w; j += L) store(y + j, load(initial + j) + chain_weights(weights, k, j));
    }
    for (; j + CHAIN_VECTORS * L <= w; j += CHAIN_VECTORS * L) {
      V best[CHAIN_VECTORS];
      chain_greatest(CHAIN_VECTORS, k, x, a + j, w, best);
      RK_UNROLL for (int v = 0; v < CHAIN_VECTORS; v++) {
        store(y + j + v * L, best[v] + chain_weights(weights, k, j + v * L));
      }
    }
    if (j < w) {
      V best[CHAIN_VECTORS];
      chain_greatest(1, k, x, a + j, w, best);
      store(y + j, best[0] + chain_weights(weights, k, j));
    }
    x = y;
  }
}

static int32_t kernel_chain_trace(ptrdiff_t steps, ptrdiff_t k, const T *at, ptrdiff_t w, const T *scores, int32_t state,
                                  int32_t *path) {
  for (ptrdiff_t t = steps - 1; t >= 0; t--) {
    const T *x = scores + t * w, *into = at + state * w;
    T best = -(T)__builtin_inf();
    int32_t from = 0;
    for (ptrdiff_t i = 0; i < k; i++) {
      const T score = x[i] + into[i];
      if (score > best) {
        best = score;
        from = (int32_t)i;
      }
    }
    path[t] = state = from;
  }
  return state;
}
