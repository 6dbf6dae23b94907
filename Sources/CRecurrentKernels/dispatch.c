// Which level runs: asked of the processor once, overridden by RECURRENT_KERNELS or rk_set_level.
// Every public function loads one pointer and jumps, so a switch of level takes effect at the next call.

#include "CRecurrentKernels.h"
#include "level.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

static const char *const names[RK_LEVEL_COUNT] = {"portable", "avx2", "avx512", "neon"};

typedef struct {
  int level;
  const rk_functions_f32 *f32;
  const rk_functions_f64 *f64;
} level_table;

static const level_table tables[RK_LEVEL_COUNT] = {
    {RK_PORTABLE, &rk_portable_f32, &rk_portable_f64},
#if defined(__x86_64__)
    {RK_AVX2, &rk_avx2_f32, &rk_avx2_f64},
    {RK_AVX512, &rk_avx512_f32, &rk_avx512_f64},
#elif defined(__aarch64__)
    [RK_NEON] = {RK_NEON, &rk_neon_f32, &rk_neon_f64},
#endif
};

static int processor_runs(int level) {
  switch (level) {
#if defined(__x86_64__)
  case RK_AVX2:
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  case RK_AVX512:
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
           __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw") && processor_runs(RK_AVX2);
#endif
  default:
    return 1;
  }
}

static const level_table *table_at(int level) {
  if (level < 0 || level >= RK_LEVEL_COUNT || !tables[level].f32) return NULL;
  return processor_runs(level) ? &tables[level] : NULL;
}

static int best_level(void) {
  static const int from_best[] = {RK_AVX512, RK_AVX2, RK_NEON};
  for (int i = 0; i < 3; i++)
    if (table_at(from_best[i])) return from_best[i];
  return RK_PORTABLE;
}

int rk_level_for_request(const char *request, int *problem) {
  *problem = 0;
  if (!request || !*request) return best_level();
  for (int level = 0; level < RK_LEVEL_COUNT; level++) {
    if (strcmp(request, names[level]) != 0) continue;
    if (table_at(level)) return level;
    *problem = 2;
    return best_level();
  }
  *problem = 1;
  return best_level();
}

static _Atomic(const level_table *) current = NULL;

// Two threads may both come here first; they store the same pointer, so no lock is needed.
static const level_table *choose(void) {
  int problem;
  const level_table *expected = NULL;
  const level_table *chosen = table_at(rk_level_for_request(getenv("RECURRENT_KERNELS"), &problem));
  atomic_compare_exchange_strong(&current, &expected, chosen);
  return expected ? expected : chosen;
}

static inline const level_table *table(void) {
  const level_table *t = atomic_load_explicit(&current, memory_order_acquire);
  return __builtin_expect(t != NULL, 1) ? t : choose();
}

int rk_level(void) { return table()->level; }

int rk_level_available(int level) { return table_at(level) != NULL; }

int rk_set_level(int level) {
  const level_table *t = table_at(level);
  if (!t) return -1;
  atomic_store_explicit(&current, t, memory_order_release);
  return 0;
}

const char *rk_level_name(int level) { return level >= 0 && level < RK_LEVEL_COUNT ? names[level] : NULL; }

int rk_level_request_problem(void) {
  int problem;
  rk_level_for_request(getenv("RECURRENT_KERNELS"), &problem);
  return problem;
}

const rk_functions_f32 *rk_functions_at_level_f32(int level) {
  const level_table *t = table_at(level);
  return t ? t->f32 : NULL;
}

const rk_functions_f64 *rk_functions_at_level_f64(int level) {
  const level_table *t = table_at(level);
  return t ? t->f64 : NULL;
}

// The public functions.
#define FORWARD_f32(result, name, parameters, arguments) \
  result rk_##name##_f32 parameters { return table()->f32->name arguments; }
#define FORWARD_f64(result, name, parameters, arguments) \
  result rk_##name##_f64 parameters { return table()->f64->name arguments; }
RK_FUNCTIONS(FORWARD_f32, float)
RK_FUNCTIONS(FORWARD_f64, double)
