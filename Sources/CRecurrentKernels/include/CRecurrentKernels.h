// CRecurrentKernels: arithmetic on arrays for recurrent networks, Float and Double from one body.
//
// Conventions, for every function here
//   - Matrices are row-major. A stride ("lda") is the distance in elements between two rows.
//   - No function allocates, keeps a pointer, or reads a global other than the chosen kernel level. The most stack that
//     one takes is 4 KB; what needs more takes scratch.
//   - Pointers may not alias unless a comment says so, and need no alignment beyond their element's (packed weights are
//     read a little faster from a multiple of 64 bytes).
//   - Sizes may be zero: an empty result is not touched, an empty sum is its start value.
//   - The suffix is the element type: _f32 float, _f64 double.
//
// Order of summation (the promise that the rest of the package is built on)
//   - Each element of a product is one chain  acc = fma(a_k, b_k, acc)  over k = 0 ... K-1, from a start value
//     (0, a bias, or what the element held). The chain does not depend on how many other rows or columns there
//     are, on the tile, on the instruction set or on threads. The portable level has no fused multiply-add and
//     rounds twice a step; all other levels agree with one another to the bit.
//   - Elementwise functions give the same bits for an element wherever it stands in the array.

#ifndef CRECURRENTKERNELS_H
#define CRECURRENTKERNELS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// MARK: Kernel level

enum { RK_PORTABLE = 0, RK_AVX2 = 1, RK_AVX512 = 2, RK_NEON = 3, RK_LEVEL_COUNT = 4 };

/// Of a chain: emission weights are zero only where nothing is possible; products of its other weights may fall to zero.
enum { RK_CHAIN_EXACT = 1, RK_CHAIN_ROUNDS = 2 };

/// The level in use. First asked, it is the environment variable RECURRENT_KERNELS (portable, avx2, avx512, neon)
/// where that is set and can run here, else the best level of this processor.
int rk_level(void);
/// 1 where this build and this processor can run the level.
int rk_level_available(int level);
/// Switches the level for the whole process: for tests. Returns 0, or -1 where the level cannot run.
int rk_set_level(int level);
/// "portable", "avx2", "avx512", "neon"; NULL for another number.
const char *rk_level_name(int level);
/// 0: RECURRENT_KERNELS is unset, empty or obeyed. 1: it names no level. 2: it names one that cannot run here.
int rk_level_request_problem(void);

enum { RK_IDENTITY = 0, RK_TANH = 1, RK_SIGMOID = 2, RK_RELU = 3 };

#include "KernelTable.h"

#define RK_DECLARE(T, S)                                                                                              \
  /* MARK: Products */                                                                                                \
                                                                                                                      \
  /* Elements that a packed W [n, k] takes: n k and a little spare. The packed form is the same at every level. */     \
  ptrdiff_t rk_packed_count_##S(ptrdiff_t n, ptrdiff_t k);                                                            \
  /* Packs W[i, j] = w[i * row_stride + j * column_stride], i < n, j < k. Swap sizes and strides for the transpose. */ \
  void rk_pack_##S(ptrdiff_t n, ptrdiff_t k, const T *w, ptrdiff_t row_stride, ptrdiff_t column_stride, T *packed);   \
  /* C[i, j] = start + sum over l of A[i, l] W[j, l]; i < m, j < n, l = 0 ... k-1 in order.                           \
     start: C[i, j] where accumulate is not 0 (bias must then be NULL), else bias[j], else 0. */                      \
  void rk_multiply_##S(ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const T *a, ptrdiff_t lda, const T *packed,             \
                       const T *bias, int accumulate, T *c, ptrdiff_t ldc);                                           \
  /* The same for the rows index[0 ..< m] of A and C; NULL: rows 0 ..< m. from_end: whether the columns of one row are\
     made from the last to the first. Where a matrix is read again and again and is a little larger than a cache,     \
     what was read last is still there: forth and back is faster than round and round. */                             \
  void rk_multiply_rows_##S(ptrdiff_t m, const int32_t *index, ptrdiff_t n, ptrdiff_t k, const T *a, ptrdiff_t lda,   \
                            const T *packed, const T *bias, int accumulate, int from_end, T *c, ptrdiff_t ldc);       \
  /* Gradient of a weight: dW[i, j] = tree over the shards s of the chain over f = bounds[s] ..< bounds[s + 1] of     \
     D[index[f], i] X[index[f], j]; index NULL: rows f themselves; i < n, j < k; row strides d_row, x_row and ldw.    \
     The first shard's chain starts at dW where accumulate is not 0, all others at 0. The tree adds neighbours first, \
     then neighbours of those. No shards: dW is not touched.   scratch: see rk_gradient_scratch. */                   \
  void rk_gradient_product_##S(ptrdiff_t shards, const ptrdiff_t *bounds, const int32_t *index, ptrdiff_t n,          \
                               const T *d, ptrdiff_t d_row, ptrdiff_t k, const T *x, ptrdiff_t x_row, int accumulate, \
                               T *dw, ptrdiff_t ldw, T *scratch);                                                     \
  /* Gradient of a bias: the same for db[i] and the sum of D[index[f], i]. */                                         \
  void rk_gradient_rows_##S(ptrdiff_t shards, const ptrdiff_t *bounds, const int32_t *index, ptrdiff_t n, const T *d, \
                            ptrdiff_t d_row, int accumulate, T *db, T *scratch);                                      \
  /* All gradients of a cell so small that [x | h | 1] fills at most one vector: k + m + 1 <= 64 / sizeof(T).         \
     dW [n, k] from X of row stride k, dU [n, m] from H of row stride m under the same index, db (or NULL). */        \
  void rk_gradient_small_cell_##S(ptrdiff_t shards, const ptrdiff_t *bounds, const int32_t *index, ptrdiff_t n,       \
                                  const T *d, ptrdiff_t d_row, ptrdiff_t k, const T *x, T *dw, ptrdiff_t m,           \
                                  const T *h, T *du, int accumulate, T *db, T *scratch);                              \
  /* Elements of scratch that any of the three needs for these sizes. */                                              \
  ptrdiff_t rk_gradient_scratch_##S(ptrdiff_t shards, ptrdiff_t n, ptrdiff_t k);                                      \
  /* MARK: Elementwise functions. y may be x. */                                                                      \
  /* Largest errors allowed, in units in the last place: exp 1.1, tanh and sigmoid 2 (portable: 1.2 and 2.75).        \
     NaN gives NaN, infinities their limits, subnormals are kept. */                                                  \
                                                                                                                      \
  void rk_exp_##S(ptrdiff_t n, const T *x, T *y);                                                                     \
  void rk_activation_##S(int kind, ptrdiff_t n, const T *x, T *y);                                                    \
  /* dx[i] = dy[i] f'(x[i]), f' expressed by y = f(x): tanh 1 - y^2, sigmoid y (1 - y), relu y > 0, identity 1.       \
     dx may be dy. */                                                                                                 \
  void rk_activation_gradient_##S(int kind, ptrdiff_t n, const T *y, const T *dy, T *dx);                             \
  /* y[i] += x[i] */                                                                                                  \
  void rk_add_##S(ptrdiff_t n, const T *x, T *y);                                                                     \
  /* y[i] *= factor */                                                                                                \
  void rk_scale_##S(ptrdiff_t n, T factor, T *y);                                                                     \
  /* y[i] = a[i] b[i]; y may be a or b. */                                                                            \
  void rk_hadamard_##S(ptrdiff_t n, const T *a, const T *b, T *y);                                                    \
  /* Sum of squares in double, in an order fixed by n alone: lane l of 16 (float) or 8 (double) sums every 16th (8th)  \
     element from l on. `lanes` are zero at first; with those of the elements before, of whole lanes, the sum goes on  \
     from them. Returns the sum of all so far. */                                                                     \
  double rk_sum_of_squares_##S(ptrdiff_t n, const T *x, double *lanes);                                               \
  /* y[i, :] = x[i, :] - log sum exp x[i, :], rows of n elements, shifted by the row's maximum. y may be x. */        \
  void rk_log_softmax_##S(ptrdiff_t rows, ptrdiff_t n, const T *x, T *y);                                             \
                                                                                                                      \
  /* MARK: Cells, one time step over contiguous rows, of h neighbouring units of `size`: all pointers are to the first\
     of them, and every part of a row stands `size` apart. A whole layer has h = size. */                             \
                                                                                                                      \
  /* Simple RNN, adjoint:  da = (dy + dh) f'(y).   y, dy, dh, da [n]; da may be dh. */                                \
  void rk_rnn_gradient_##S(int kind, ptrdiff_t n, const T *y, const T *dy, const T *dh, T *da);                       \
                                                                                                                      \
  /* LSTM.  gates [rows, 4 size] in i f g o: in, pre-activations; out, sigmoid, sigmoid, tanh, sigmoid of them.       \
     c = f c_before + i g,  y = o tanh(c).   c_before, c, y [rows, size]; c may be c_before. */                       \
  void rk_lstm_##S(ptrdiff_t rows, ptrdiff_t h, ptrdiff_t size, T *gates, const T *c_before, T *c, T *y);             \
  /* Adjoint.  dh_total = dy + dh;  dc in: gradient of c from the future; out: gradient of c_before.                  \
     da [rows, 4 size]: gradient of the four pre-activations. gates: activated, as left by rk_lstm. */                \
  void rk_lstm_gradient_##S(ptrdiff_t rows, ptrdiff_t h, ptrdiff_t size, const T *gates, const T *c_before,           \
                            const T *c, const T *dy, const T *dh, T *dc, T *da);                                      \
                                                                                                                      \
  /* GRU, reset after the product.  gates [rows, 3 size] in r z n: in, r and z pre-activations, n its input part;     \
     out, r = sigmoid, z = sigmoid, n = tanh(n_in + r q);  q [rows, size] = h_before U_n + b.                         \
     y = z h_before + (1 - z) n. */                                                                                   \
  void rk_gru_after_##S(ptrdiff_t rows, ptrdiff_t h, ptrdiff_t size, T *gates, const T *q, const T *h_before, T *y);  \
  /* Adjoint.  da [rows, 3 size] of r, z, n pre-activations (n: of its input part); dq [rows, size] of q;             \
     dh in: gradient of y from the future (dy is added); out: z (dy + dh), the direct part of h_before's. */          \
  void rk_gru_after_gradient_##S(ptrdiff_t rows, ptrdiff_t h, ptrdiff_t size, const T *gates, const T *q,             \
                                 const T *h_before, const T *dy, T *dh, T *da, T *dq);                                \
  /* GRU, reset before the product, in two phases around the product (r h_before) U_n.                                \
     reset: r and z of gates become their sigmoids; rh = r h_before.                                                  \
     output: n of gates becomes its tanh; y = z h_before + (1 - z) n. */                                              \
  void rk_gru_before_reset_##S(ptrdiff_t rows, ptrdiff_t h, ptrdiff_t size, T *gates, const T *h_before, T *rh);      \
  void rk_gru_before_output_##S(ptrdiff_t rows, ptrdiff_t h, ptrdiff_t size, T *gates, const T *h_before, T *y);      \
  /* Adjoint.  output: z and n parts of da; dh becomes z (dy + dh).                                                   \
     reset: given drh = da_n U_n: r part of da; dh += drh r. */                                                       \
  void rk_gru_before_output_gradient_##S(ptrdiff_t rows, ptrdiff_t h, ptrdiff_t size, const T *gates,                 \
                                         const T *h_before, const T *dy, T *dh, T *da);                               \
  void rk_gru_before_reset_gradient_##S(ptrdiff_t rows, ptrdiff_t h, ptrdiff_t size, const T *gates,                  \
                                        const T *h_before, const T *drh, T *dh, T *da);                               \
                                                                                                                      \
  /* MARK: Chains of k states. Rows are w elements apart, w = k rounded up to 64 / sizeof(T); behind the last state   \
     matrices hold 0 (scores: -infinity). Emissions of step t: row t of e, or row index[t] where index is given,      \
     e_row elements apart, k in each. */                                                                              \
                                                                                                                      \
  /* alpha_t(j) = e_t(j) sum_i alpha_{t-1}(i) a(i, j) / s_{t-1},  s_t = sum_j alpha_t(j);  the first row from initial,\
     or from the row `before` with sum before_sum. So s_t = P(x_t | x_1 ... x_{t-1}), and the log-likelihood is the   \
     sum of their logarithms. exact: RK_CHAIN_EXACT and RK_CHAIN_ROUNDS. keeps: alpha holds all rows, else two        \
     to turn with.  Returns steps, or the step at which weights are too small to go on with. */                       \
  ptrdiff_t rk_chain_forward_##S(ptrdiff_t steps, ptrdiff_t k, const T *a, ptrdiff_t w, const T *initial,             \
                                 const T *before, T before_sum, const T *e, ptrdiff_t e_row, const int32_t *index,    \
                                 int exact, int keeps, T *alpha, T *sums);                                            \
  /* q_t(j) = e_t(j) b_t(j),  b_{t-1}(i) = sum_j at(j, i) q_t(j) / sum b_t;  b of the last row is `last`, or where    \
     last is NULL comes from `after`: the q of the step behind [w], room [w], the sum of its b [1]; on return those   \
     of the first step. alpha: the rows that rk_chain_forward kept; gamma_t(i) is alpha_t(i) b_t(i) over its sum, and \
     with `divides` alpha_t is divided by it, so that alpha_t(i) a(i, j) q_{t+1}(j) is P(i, j | x). alpha may be NULL:\
     then there is no gamma. q: all rows, or NULL. Returns as above. */                                               \
  ptrdiff_t rk_chain_backward_##S(ptrdiff_t steps, ptrdiff_t k, const T *at, ptrdiff_t w, const T *last, T *after,    \
                                  const T *e, ptrdiff_t e_row, const int32_t *index, int exact, T *alpha,             \
                                  int divides, T *q, T *gamma, ptrdiff_t gamma_row);                                  \
  /* Scores of best paths: v_t(j) = e_t(j) + max_i (v_{t-1}(i) + a(i, j)), all of them logarithms. */                 \
  void rk_chain_best_##S(ptrdiff_t steps, ptrdiff_t k, const T *a, ptrdiff_t w, const T *initial, const T *before,    \
                         const T *e, ptrdiff_t e_row, const int32_t *index, int keeps, T *scores);                    \
  /* Back along the best path from `state` behind the last row: path[t], the least i that is best. Returns path[0]. */\
  int32_t rk_chain_trace_##S(ptrdiff_t steps, ptrdiff_t k, const T *at, ptrdiff_t w, const T *scores, int32_t state,  \
                             int32_t *path);                                                                          \
                                                                                                                      \
  /* MARK: Normal distributions of d numbers, one for each of k states. */                                             \
  /* scores[t, j] = constants[j] - sum_i (x[t, i] - means[i, j])^2 precisions[i, j] / 2, i in order; rows of means and \
     precisions [d, w], and constants [w], w = k rounded up to 64 / sizeof(T). */                                      \
  void rk_gaussian_scores_##S(ptrdiff_t steps, ptrdiff_t k, ptrdiff_t d, const T *x, ptrdiff_t x_row,                  \
                              const T *means, const T *precisions, const T *constants, ptrdiff_t w, T *scores,         \
                              ptrdiff_t scores_row);                                                                   \
  /* weights[j] += gamma[t, j], sums[j, i] += gamma[t, j] (x[t, i] - centres[j, i]), and with one more such difference \
     squares[j, i], or with `products` squares[j, i, l] of every pair; t in order. */                                  \
  void rk_gaussian_counts_##S(ptrdiff_t steps, ptrdiff_t k, ptrdiff_t d, const T *x, ptrdiff_t x_row,                  \
                              const T *gamma, ptrdiff_t gamma_row, const T *centres, int products, T *weights,         \
                              T *sums, T *squares);                                                                    \
                                                                                                                       \
  /* MARK: Parameter updates over a flat store. g is read as g_scale * g[i] (clipping). */                            \
                                                                                                                      \
  /* SGD (PyTorch's form): g += decay p;  v = first ? g : momentum v + g;  d = nesterov ? g + momentum v : v          \
     (d = g and v untouched where momentum is 0);  p -= rate d. */                                                    \
  void rk_sgd_##S(ptrdiff_t n, T rate, T momentum, int nesterov, int first, T decay, T g_scale, const T *g, T *v,     \
                  T *p);                                                                                              \
  /* RMSprop: g += decay p; s = alpha s + (1 - alpha) g^2; d = g / (sqrt(s) + epsilon);                               \
     momentum > 0: v = momentum v + d, p -= rate v; else p -= rate d. */                                              \
  void rk_rmsprop_##S(ptrdiff_t n, T rate, T alpha, T epsilon, T momentum, T decay, T g_scale, const T *g, T *s,      \
                      T *v, T *p);                                                                                    \
  /* Adam: g += decay p (or, decoupled, p *= 1 - rate decay first);  m = b1 m + (1 - b1) g;  s = b2 s + (1 - b2) g^2; \
     p -= rate / correction1 * m / (sqrt(s) / sqrt(correction2) + epsilon), corrections 1 - b^step. */                \
  void rk_adam_##S(ptrdiff_t n, T rate, T b1, T b2, T epsilon, T decay, int decoupled, T correction1, T correction2,  \
                   T g_scale, const T *g, T *m, T *s, T *p);                                                          \
                                                                                                                      \
  /* MARK: Probes: what a core can do at most. */                                                                     \
                                                                                                                      \
  /* Independent chains of x = a x + b on registers, fused where the level fuses. Returns how many operations that    \
     was: two for each step of each lane, as many in every round. A round takes some microseconds. */                 \
  double rk_probe_arithmetic_##S(ptrdiff_t rounds);                                                                   \
  /* Reads x once and returns its sum: vectors of 64 bytes to 4 sums in turn, what is left to the first; then sums    \
     (0 + 1) + (2 + 3), then lanes by a tree. The same bits at every level. */                                        \
  T rk_probe_read_##S(ptrdiff_t n, const T *x);

RK_DECLARE(float, f32)
RK_DECLARE(double, f64)
#undef RK_DECLARE

#ifdef __cplusplus
}
#endif

#endif
