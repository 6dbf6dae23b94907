// How a vector meets memory, whole or in part, and the loop over an array.

/// a b + c; rounded once where the level has fused multiply-add.
RK_INLINE V fma_v(V a, V b, V c) {
#if RK_FUSED
  return __builtin_elementwise_fma(a, b, c);
#else
  return a * b + c;
#endif
}

#ifndef RK_OWN_LOAD_PART
/// The first count < L lanes from memory, zero in the others; nothing past them is read.
RK_INLINE V load_part(const T *from, ptrdiff_t count) {
  T lanes[L] = {0};
  copy_part(lanes, from, count);
  return load(lanes);
}
#endif

#ifndef RK_OWN_STORE_PART
/// The first count < L lanes to memory; nothing past them is written.
RK_INLINE void store_part(T *to, ptrdiff_t count, V v) {
  T lanes[L];
  store(lanes, v);
  copy_part(to, lanes, count);
}
#endif

// A tail goes through the same arithmetic as a whole vector, so an element's bits do not depend on its place.
RK_INLINE V get(const T *from, ptrdiff_t part) { return part == L ? load(from) : load_part(from, part); }

RK_INLINE void put(T *to, ptrdiff_t part, V v) {
  if (part == L)
    store(to, v);
  else
    store_part(to, part, v);
}

/// Runs the statements for i = 0, L, 2L ... < count, with `part` lanes of them in use.
#define RK_EACH(count, ...)                    \
  do {                                         \
    ptrdiff_t i = 0;                           \
    for (; i + L <= (count); i += L) {         \
      const ptrdiff_t part = L;                \
      __VA_ARGS__                              \
    }                                          \
    if (i < (count)) {                         \
      const ptrdiff_t part = (count) - i;      \
      __VA_ARGS__                              \
    }                                          \
  } while (0)

/// The sum of the lanes by a fixed tree: lane l with lane l + L/2, then l + L/4, and so on.
RK_INLINE T lane_sum(V v) {
  T lanes[L];
  store(lanes, v);
  RK_UNROLL for (int half = L / 2; half > 0; half /= 2) {
    RK_UNROLL for (int l = 0; l < half; l++) lanes[l] += lanes[l + half];
  }
  return lanes[0];
}

/// The greatest lane; lanes that are NaN are passed over.
RK_INLINE T lane_maximum(V v) {
  T lanes[L];
  store(lanes, v);
  RK_UNROLL for (int half = L / 2; half > 0; half /= 2) {
    RK_UNROLL for (int l = 0; l < half; l++) lanes[l] = lanes[l + half] > lanes[l] ? lanes[l + half] : lanes[l];
  }
  return lanes[0];
}
