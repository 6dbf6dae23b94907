// The vector that every kernel is written in: L lanes of T in 64 bytes. A level may include this, inside its
// target attribute, before its own way of moving part of a vector.

#ifndef RK_TYPES_INL_H
#define RK_TYPES_INL_H

#include "../level.h"

// Vectors wider than the registers are passed only to functions that are always inlined: no call, no ABI.
#pragma clang diagnostic ignored "-Wpsabi"

#define RK_INLINE static inline __attribute__((always_inline))
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

RK_INLINE V load(const T *from) {
  V v;
  __builtin_memcpy(&v, from, sizeof v);
  return v;
}

RK_INLINE void store(T *to, V v) { __builtin_memcpy(to, &v, sizeof v); }

/// All bits set in lanes 0 ..< count.
RK_INLINE I lane_below(ptrdiff_t count) {
  I lane;
  RK_UNROLL for (int l = 0; l < L; l++) lane[l] = l;
  return lane < (I)((Integer)count);
}

/// Copies count < L elements as powers of two: moves of fixed size instead of a call.
RK_INLINE void copy_part(T *to, const T *from, ptrdiff_t count) {
  RK_UNROLL for (int size = L / 2; size > 0; size /= 2) {
    if (!(count & size)) continue;
    __builtin_memcpy(to, from, size * sizeof(T));
    to += size;
    from += size;
  }
}

#endif
