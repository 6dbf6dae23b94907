// The vector that every kernel is written in: L lanes of T in 64 bytes, and how it meets memory.

#ifndef RK_INLINE
#define RK_INLINE static inline __attribute__((always_inline))
#endif
#define RK_UNROLL _Pragma("clang loop unroll(full)")

#if RK_BITS == 32
typedef float T;
typedef int32_t Integer;
typedef uint32_t Unsigned;
#else
typedef double T;
typedef int64_t Integer;
typedef uint64_t Unsigned;
#endif

enum { L = RK_VECTOR_BYTES / sizeof(T), PANEL = 2 * L };

typedef T V __attribute__((ext_vector_type(L)));
typedef Integer I __attribute__((ext_vector_type(L)));   // what a comparison of V gives
typedef Unsigned U __attribute__((ext_vector_type(L)));  // the bits of V; (U)v and (V)u reinterpret

/// a b + c; rounded once where the level has fused multiply-add.
RK_INLINE V fma_v(V a, V b, V c) {
#if RK_FUSED
  return __builtin_elementwise_fma(a, b, c);
#else
  return a * b + c;
#endif
}

RK_INLINE V load(const T *from) {
  V v;
  __builtin_memcpy(&v, from, sizeof v);
  return v;
}

RK_INLINE void store(T *to, V v) { __builtin_memcpy(to, &v, sizeof v); }

/// Copies count < 2 PANEL elements as powers of two: moves of fixed size instead of a call.
RK_INLINE void copy_part(T *to, const T *from, ptrdiff_t count) {
  RK_UNROLL for (int size = PANEL; size > 0; size /= 2) {
    if (!(count & size)) continue;
    __builtin_memcpy(to, from, size * sizeof(T));
    to += size;
    from += size;
  }
}

/// The first count < L lanes from memory, zero in the others; nothing past them is read.
RK_INLINE V load_part(const T *from, ptrdiff_t count) {
#if defined(RK_OWN_STORE_PART)
  return (V)masked_load(from, (int)count);
#elif defined(RK_OWN_LOAD_PART)
  T lanes[L];
  load_part_halves(from, (int)count, lanes);
  return load(lanes);
#else
  T lanes[L] = {0};
  copy_part(lanes, from, count);
  return load(lanes);
#endif
}

/// The first count < L lanes to memory; nothing past them is written.
RK_INLINE void store_part(T *to, ptrdiff_t count, V v) {
#if defined(RK_OWN_STORE_PART)
  masked_store(to, (int)count, (typeof(masked_load(to, 0)))v);
#else
  T lanes[L];
  store(lanes, v);
  copy_part(to, lanes, count);
#endif
}

// A tail goes through the same arithmetic as a whole vector, so an element's bits do not depend on its place.
RK_INLINE V get(const T *from, ptrdiff_t part) { return part == L ? load(from) : load_part(from, part); }

RK_INLINE void put(T *to, ptrdiff_t part, V v) {
  if (part == L)
    store(to, v);
  else
    store_part(to, part, v);
}

/// All bits set in lanes 0 ..< count.
RK_INLINE I lane_below(ptrdiff_t count) {
  I lane;
  RK_UNROLL for (int l = 0; l < L; l++) lane[l] = l;
  return lane < (I)((Integer)count);
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
