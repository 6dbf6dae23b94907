// Parameter updates, one pass over a flat store.

/// The gradient as an optimiser sees it: scaled for clipping, with the pull of weight decay added.
RK_INLINE V decayed(V g, V p, T g_scale, T decay) { return fma_v((V)(decay), p, g * (V)(g_scale)); }

static void kernel_sgd(ptrdiff_t n, T rate, T momentum, int nesterov, int first, T decay, T g_scale, const T *g, T *v,
                       T *p) {
  if (momentum == 0) {
    RK_EACH(n, {
      const V before = get(p + i, part);
      put(p + i, part, fma_v((V)(-rate), decayed(get(g + i, part), before, g_scale, decay), before));
    });
    return;
  }
  RK_EACH(n, {
    const V before = get(p + i, part);
    const V gradient = decayed(get(g + i, part), before, g_scale, decay);
    const V velocity = first ? gradient : fma_v((V)(momentum), get(v + i, part), gradient);
    const V direction = nesterov ? fma_v((V)(momentum), velocity, gradient) : velocity;
    put(v + i, part, velocity);
    put(p + i, part, fma_v((V)(-rate), direction, before));
  });
}

static void kernel_rmsprop(ptrdiff_t n, T rate, T alpha, T epsilon, T momentum, T decay, T g_scale, const T *g, T *s,
                           T *v, T *p) {
  const V rest = (V)(1 - alpha);
  RK_EACH(n, {
    const V before = get(p + i, part);
    const V gradient = decayed(get(g + i, part), before, g_scale, decay);
    const V square = fma_v((V)(alpha), get(s + i, part), rest * (gradient * gradient));
    V direction = gradient / (__builtin_elementwise_sqrt(square) + (V)(epsilon));
    put(s + i, part, square);
    if (momentum > 0) {
      direction = fma_v((V)(momentum), get(v + i, part), direction);
      put(v + i, part, direction);
    }
    put(p + i, part, fma_v((V)(-rate), direction, before));
  });
}

static void kernel_adam(ptrdiff_t n, T rate, T b1, T b2, T epsilon, T decay, int decoupled, T correction1,
                        T correction2, T g_scale, const T *g, T *m, T *s, T *p) {
  const V shrink = (V)(decoupled ? 1 - rate * decay : 1);
  const T added_decay = decoupled ? 0 : decay;
  const V step = (V)(-(rate / correction1));
  const V root = __builtin_elementwise_sqrt((V)(correction2));
  RK_EACH(n, {
    const V before = get(p + i, part) * shrink;
    const V gradient = decayed(get(g + i, part), before, g_scale, added_decay);
    const V mean = fma_v((V)(b1), get(m + i, part), (V)(1 - b1) * gradient);
    const V square = fma_v((V)(b2), get(s + i, part), (V)(1 - b2) * (gradient * gradient));
    put(m + i, part, mean);
    put(s + i, part, square);
    put(p + i, part, fma_v(step, mean / (__builtin_elementwise_sqrt(square) / root + (V)(epsilon)), before));
  });
}
