// exp, tanh, sigmoid and log of a vector.
//
// All rest on  e^x = 2^n e^r,  n = x / ln 2 rounded,  |r| <= ln 2 / 2,  and  e^r - 1 = r + r^2 q(r)  with q a
// polynomial fitted to (e^r - 1 - r) / r^2 (weighted minimax, coefficients rounded one by one, the rest refitted; the
// error relative to e^r - 1 is below 2^-31 for float and 2^-55 for double). n is found by adding 1.5 * 2^mantissa, which leaves the
// integer in the low bits. ln 2 is split so that n * LN2_HIGH is exact: a level without fused multiply-add loses
// nothing there.

#if RK_BITS == 32
#define MANTISSA_BITS 23
#define EXPONENT_BIAS 127
#define ROUNDING 0x1.8p23f
#define LOG2_E 0x1.715476p+0f
#define LN2_HIGH 0x1.62ep-1f
#define LN2_LOW 0x1.0bfbe8p-15f
#define EXP_LEAST (-104.0f)  // e^-104 is less than half of the least subnormal
#define EXP_GREATEST 89.0f   // e^89 overflows
#define TANH_ONE 20.0f       // 1 - tanh(20 / 2) is less than half an ulp
#define SQRT_HALF 0x1.6a09e6p-1f
static const T exp_q[] = {0x1p-1f,        0x1.555556p-3f,  0x1.5554f6p-5f,
                          0x1.111004p-7f, 0x1.6d3c92p-10f, 0x1.a242a4p-13f};
static const T log_p[] = {0x1.55557ap-1f, 0x1.995ed2p-2f, 0x1.31e15ap-2f};
#else
#define MANTISSA_BITS 52
#define EXPONENT_BIAS 1023
#define ROUNDING 0x1.8p52
#define LOG2_E 0x1.71547652b82fep+0
#define LN2_HIGH 0x1.62e42fefa3p-1
#define LN2_LOW 0x1.3de6af278ece6p-42
#define EXP_LEAST (-746.0)
#define EXP_GREATEST 710.0
#define TANH_ONE 44.0
#define SQRT_HALF 0x1.6a09e667f3bcdp-1
static const T exp_q[] = {0x1p-1,
                          0x1.555555555555ap-3,
                          0x1.5555555553acfp-5,
                          0x1.111111110ef28p-7,
                          0x1.6c16c17a156d3p-10,
                          0x1.a01a01b341cadp-13,
                          0x1.a019b34e97b8cp-16,
                          0x1.71ddef643bef5p-19,
                          0x1.2897b93cb80aep-22,
                          0x1.af6eb353047c4p-26};
static const T log_p[] = {0x1.5555555555593p-1, 0x1.999999997fa53p-2, 0x1.2492494221a51p-2, 0x1.c71c51e115a26p-3,
                          0x1.746647667d6b0p-3, 0x1.39a0d8f62579fp-3, 0x1.2f0e8d208d6dep-3};
#endif

#define COUNT_OF(array) ((int)(sizeof(array) / sizeof((array)[0])))

RK_INLINE V polynomial(V x, const T *coefficients, const int count) {
  V value = (V)(coefficients[count - 1]);
  RK_UNROLL for (int i = count - 2; i >= 0; i--) value = fma_v(value, x, (V)(coefficients[i]));
  return value;
}

RK_INLINE V magnitude(V x) { return (V)((U)x & (U)(~(Unsigned)0 >> 1)); }
RK_INLINE V with_sign(V size, V sign) { return (V)((U)size | ((U)sign & ~(U)(~(Unsigned)0 >> 1))); }

/// e^r - 1, and n in the low bits of *integer (as a difference from the bits of ROUNDING).
RK_INLINE V reduced_exp_minus_one(V x, U *integer) {
  V rounded = fma_v(x, (V)(LOG2_E), (V)(ROUNDING));
  V n = rounded - (V)(ROUNDING);
  V r = fma_v(n, (V)(-LN2_LOW), fma_v(n, (V)(-LN2_HIGH), x));
  *integer = (U)rounded - (U)(V)(ROUNDING);
  return fma_v(r * r, polynomial(r, exp_q, COUNT_OF(exp_q)), r);
}

/// e^x for x in EXP_LEAST ... EXP_GREATEST. Two factors of about 2^(n/2) each, so that a subnormal result is rounded
/// once and 2^n cannot overflow early.
RK_INLINE V exp_within(V x) {
  U n;
  const V e = (V)(1) + reduced_exp_minus_one(x, &n);
  const U both = n + (U)(2 * EXPONENT_BIAS);
  const U first = both >> 1;
  return e * (V)(first << MANTISSA_BITS) * (V)((both - first) << MANTISSA_BITS);
}

// A NaN fails these comparisons and stays.
RK_INLINE V at_least(V x, T bound) { return x < (V)(bound) ? (V)(bound) : x; }
RK_INLINE V at_most(V x, T bound) { return x > (V)(bound) ? (V)(bound) : x; }

RK_INLINE V exp_v(V x) { return exp_within(at_most(at_least(x, EXP_LEAST), EXP_GREATEST)); }

/// a / (b + c). With fused multiply-add, the rounding errors of the sum and of the quotient are found and taken off to
/// first order, so that the whole adds little more than half an ulp. (The error of the sum is exact for c <= b; beyond
/// that it is a small part of a.)
RK_INLINE V divide_by_sum(V a, V b, V c) {
  const V sum = b + c;
#if RK_FUSED
  const V error = c - (sum - b);
  const V inverse = (V)(1) / sum;
  const V quotient = a * inverse;
  const V remainder = fma_v(-quotient, error, fma_v(-quotient, sum, a));
  return fma_v(remainder, inverse, quotient);
#else
  return a / sum;
#endif
}

/// 1 / (1 + e^-x), from e^-|x| so that nothing overflows and small results keep all their bits.
RK_INLINE V sigmoid_v(V x) {
  const V e = exp_within(at_least(-magnitude(x), EXP_LEAST));
  return divide_by_sum(x < (V)(0) ? e : (V)(1), (V)(1), e);
}

/// tanh x = m / (m + 2) with m = e^(2|x|) - 1 = 2^n (e^r - 1) + (2^n - 1), which keeps small x whole.
RK_INLINE V tanh_v(V x) {
  U n;
  const V part = reduced_exp_minus_one(at_most(magnitude(x) + magnitude(x), TANH_ONE), &n);
  const V power = (V)((n + (U)(EXPONENT_BIAS)) << MANTISSA_BITS);
  const V m = fma_v(power, part, power - (V)(1));
  return with_sign(divide_by_sum(m, (V)(2), m), x);
}

/// log x for x >= 1 (a sum of exponentials of which the greatest is 1); NaN stays NaN.
/// x = 2^n f, f in [sqrt 1/2, sqrt 2);  log f = 2 atanh s = 2 s + s^3 p(s^2),  s = (f - 1) / (f + 1).
RK_INLINE V log_v(V x) {
  U n = ((U)x - (U)(V)(SQRT_HALF)) >> MANTISSA_BITS;
  V f = (V)((U)x - (n << MANTISSA_BITS));
  V count = (V)((U)(V)(ROUNDING) + n) - (V)(ROUNDING);
  V s = (f - (V)(1)) / (f + (V)(1));
  V square = s * s;
  V tail = fma_v(s * square, polynomial(square, log_p, COUNT_OF(log_p)), count * (V)(LN2_LOW));
  V value = fma_v(count, (V)(LN2_HIGH), s + s + tail);
  return x < (V)(__builtin_inf()) ? value : x;
}
