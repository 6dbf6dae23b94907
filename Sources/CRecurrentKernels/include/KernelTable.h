// The kernels of one level as a table of function pointers: what dispatch.c calls through, and what a test uses to
// run a given level beside another without switching the level of the process. Meanings are in CRecurrentKernels.h.

#ifndef RK_KERNELTABLE_H
#define RK_KERNELTABLE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// clang-format off
/// Every function that has a body per level: F(result, name, parameters, arguments).
#define RK_FUNCTIONS(F, T)                                                                                             \
  F(void, multiply,                                                                                                    \
    (ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const T *a, ptrdiff_t lda, const T *packed, const T *bias, int accumulate, \
     T *c, ptrdiff_t ldc),                                                                                             \
    (m, n, k, a, lda, packed, bias, accumulate, c, ldc))                                                               \
  F(void, multiply_rows,                                                                                               \
    (ptrdiff_t m, const int32_t *index, ptrdiff_t n, ptrdiff_t k, const T *a, ptrdiff_t lda, const T *packed,          \
     const T *bias, int accumulate, int from_end, T *c, ptrdiff_t ldc),                                                \
    (m, index, n, k, a, lda, packed, bias, accumulate, from_end, c, ldc))                                              \
  F(void, gradient_product,                                                                                            \
    (ptrdiff_t shards, const ptrdiff_t *bounds, const int32_t *index, ptrdiff_t n, const T *d, ptrdiff_t d_row,        \
     ptrdiff_t k, const T *x, ptrdiff_t x_row, int accumulate, T *dw, ptrdiff_t ldw, T *scratch),                      \
    (shards, bounds, index, n, d, d_row, k, x, x_row, accumulate, dw, ldw, scratch))                                   \
  F(void, gradient_rows,                                                                                               \
    (ptrdiff_t shards, const ptrdiff_t *bounds, const int32_t *index, ptrdiff_t n, const T *d, ptrdiff_t d_row,        \
     int accumulate, T *db, T *scratch),                                                                               \
    (shards, bounds, index, n, d, d_row, accumulate, db, scratch))                                                     \
  F(void, gradient_small_cell,                                                                                         \
    (ptrdiff_t shards, const ptrdiff_t *bounds, const int32_t *index, ptrdiff_t n, const T *d, ptrdiff_t d_row,        \
     ptrdiff_t k, const T *x, T *dw, ptrdiff_t m, const T *h, T *du, int accumulate, T *db, T *scratch),               \
    (shards, bounds, index, n, d, d_row, k, x, dw, m, h, du, accumulate, db, scratch))                                 \
  F(void, exp, (ptrdiff_t n, const T *x, T *y), (n, x, y))                                                             \
  F(void, activation, (int kind, ptrdiff_t n, const T *x, T *y), (kind, n, x, y))                                      \
  F(void, activation_gradient, (int kind, ptrdiff_t n, const T *y, const T *dy, T *dx), (kind, n, y, dy, dx))          \
  F(void, add, (ptrdiff_t n, const T *x, T *y), (n, x, y))                                                             \
  F(void, scale, (ptrdiff_t n, T factor, T *y), (n, factor, y))                                                        \
  F(void, hadamard, (ptrdiff_t n, const T *a, const T *b, T *y), (n, a, b, y))                                         \
  F(double, sum_of_squares, (ptrdiff_t n, const T *x, double *lanes), (n, x, lanes))                                   \
  F(void, log_softmax, (ptrdiff_t rows, ptrdiff_t n, const T *x, T *y), (rows, n, x, y))                               \
  F(void, rnn_gradient, (int kind, ptrdiff_t n, const T *y, const T *dy, const T *dh, T *da),                          \
    (kind, n, y, dy, dh, da))                                                                                          \
  F(void, lstm,                                                                                                        \
    (ptrdiff_t rows, ptrdiff_t h, ptrdiff_t size, T *gates, const T *c_before, T *c, T *y),                            \
    (rows, h, size, gates, c_before, c, y))                                                                            \
  F(void, lstm_gradient,                                                                                               \
    (ptrdiff_t rows, ptrdiff_t h, ptrdiff_t size, const T *gates, const T *c_before, const T *c, const T *dy,          \
     const T *dh, T *dc, T *da),                                                                                       \
    (rows, h, size, gates, c_before, c, dy, dh, dc, da))                                                               \
  F(void, gru_after,                                                                                                   \
    (ptrdiff_t rows, ptrdiff_t h, ptrdiff_t size, T *gates, const T *q, const T *h_before, T *y),                      \
    (rows, h, size, gates, q, h_before, y))                                                                            \
  F(void, gru_after_gradient,                                                                                          \
    (ptrdiff_t rows, ptrdiff_t h, ptrdiff_t size, const T *gates, const T *q, const T *h_before, const T *dy,          \
     T *dh, T *da, T *dq),                                                                                             \
    (rows, h, size, gates, q, h_before, dy, dh, da, dq))                                                               \
  F(void, gru_before_reset,                                                                                            \
    (ptrdiff_t rows, ptrdiff_t h, ptrdiff_t size, T *gates, const T *h_before, T *rh),                                 \
    (rows, h, size, gates, h_before, rh))                                                                              \
  F(void, gru_before_output,                                                                                           \
    (ptrdiff_t rows, ptrdiff_t h, ptrdiff_t size, T *gates, const T *h_before, T *y),                                  \
    (rows, h, size, gates, h_before, y))                                                                               \
  F(void, gru_before_output_gradient,                                                                                  \
    (ptrdiff_t rows, ptrdiff_t h, ptrdiff_t size, const T *gates, const T *h_before, const T *dy, T *dh, T *da),       \
    (rows, h, size, gates, h_before, dy, dh, da))                                                                      \
  F(void, gru_before_reset_gradient,                                                                                   \
    (ptrdiff_t rows, ptrdiff_t h, ptrdiff_t size, const T *gates, const T *h_before, const T *drh, T *dh, T *da),      \
    (rows, h, size, gates, h_before, drh, dh, da))                                                                     \
  F(void, sgd,                                                                                                         \
    (ptrdiff_t n, T rate, T momentum, int nesterov, int first, T decay, T g_scale, const T *g, T *v, T *p),            \
    (n, rate, momentum, nesterov, first, decay, g_scale, g, v, p))                                                     \
  F(void, rmsprop,                                                                                                     \
    (ptrdiff_t n, T rate, T alpha, T epsilon, T momentum, T decay, T g_scale, const T *g, T *s, T *v, T *p),           \
    (n, rate, alpha, epsilon, momentum, decay, g_scale, g, s, v, p))                                                   \
  F(void, adam,                                                                                                        \
    (ptrdiff_t n, T rate, T b1, T b2, T epsilon, T decay, int decoupled, T correction1, T correction2, T g_scale,      \
     const T *g, T *m, T *s, T *p),                                                                                    \
    (n, rate, b1, b2, epsilon, decay, decoupled, correction1, correction2, g_scale, g, m, s, p))                       \
  F(ptrdiff_t, chain_forward,                                                                                          \
    (ptrdiff_t steps, ptrdiff_t k, const T *a, ptrdiff_t w, const T *initial, const T *before, T before_sum,           \
     const T *e, ptrdiff_t e_row, const int32_t *index, int exact, int keeps, T *alpha, T *sums),                      \
    (steps, k, a, w, initial, before, before_sum, e, e_row, index, exact, keeps, alpha, sums))                         \
  F(ptrdiff_t, chain_backward,                                                                                         \
    (ptrdiff_t steps, ptrdiff_t k, const T *at, ptrdiff_t w, const T *last, T *after, const T *e, ptrdiff_t e_row,     \
     const int32_t *index, int exact, T *alpha, int divides, T *q, T *gamma, ptrdiff_t gamma_row),                     \
    (steps, k, at, w, last, after, e, e_row, index, exact, alpha, divides, q, gamma, gamma_row))                       \
  F(void, chain_best,                                                                                                  \
    (ptrdiff_t steps, ptrdiff_t k, const T *a, ptrdiff_t w, const T *initial, const T *before, const T *e,             \
     ptrdiff_t e_row, const int32_t *index, int keeps, T *scores),                                                     \
    (steps, k, a, w, initial, before, e, e_row, index, keeps, scores))                                                 \
  F(int32_t, chain_trace,                                                                                              \
    (ptrdiff_t steps, ptrdiff_t k, const T *at, ptrdiff_t w, const T *scores, int32_t state, int32_t *path),           \
    (steps, k, at, w, scores, state, path))                                                                            \
  F(void, gaussian_scores,                                                                                             \
    (ptrdiff_t steps, ptrdiff_t k, ptrdiff_t d, const T *x, ptrdiff_t x_row, const T *means, const T *precisions,      \
     const T *constants, ptrdiff_t w, T *scores, ptrdiff_t scores_row),                                                \
    (steps, k, d, x, x_row, means, precisions, constants, w, scores, scores_row))                                      \
  F(void, gaussian_counts,                                                                                             \
    (ptrdiff_t steps, ptrdiff_t k, ptrdiff_t d, const T *x, ptrdiff_t x_row, const T *gamma, ptrdiff_t gamma_row,      \
     const T *centres, int products, T *weights, T *sums, T *squares),                                                 \
    (steps, k, d, x, x_row, gamma, gamma_row, centres, products, weights, sums, squares))                              \
  F(double, probe_arithmetic, (ptrdiff_t rounds), (rounds))                                                            \
  F(T, probe_read, (ptrdiff_t n, const T *x), (n, x))
// clang-format on

#define RK_FIELD(result, name, parameters, arguments) result(*name) parameters;
typedef struct { RK_FUNCTIONS(RK_FIELD, float) } rk_functions_f32;
typedef struct { RK_FUNCTIONS(RK_FIELD, double) } rk_functions_f64;
#undef RK_FIELD

/// The kernels of a level; NULL where it cannot run here.
const rk_functions_f32 *rk_functions_at_level_f32(int level);
const rk_functions_f64 *rk_functions_at_level_f64(int level);

/// What a value of RECURRENT_KERNELS asks for: the level to use, and in problem what rk_level_request_problem returns.
int rk_level_for_request(const char *request, int *problem);

#ifdef __cplusplus
}
#endif
#endif
