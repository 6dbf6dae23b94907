// A loop that touches no memory: the floating-point operations of a core at the clock that it has now.

#include "CBenchmarkSupport.h"

#include <pthread.h>
#include <time.h>

// Chains enough to hide the latency of a multiply-add on two units.
enum { CHAINS = 12, STEPS = 64 };

// The product of a chain tends to a fixed point, so that no number becomes infinite or subnormal.
#define DEFINE_LOOP(name, attribute, bytes)                                                            \
  typedef float name##_vector __attribute__((vector_size(bytes)));                                     \
  attribute static double name(int64_t rounds) {                                                       \
    name##_vector sum[CHAINS], factor, term;                                                           \
    for (unsigned l = 0; l < bytes / sizeof(float); l++) factor[l] = 0.5f, term[l] = 0.25f;            \
    for (int c = 0; c < CHAINS; c++) sum[c] = term * (float)c;                                         \
    for (int64_t round = 0; round < rounds; round++) {                                                 \
      for (int step = 0; step < STEPS; step++) {                                                       \
        _Pragma("clang loop unroll(full)") for (int c = 0; c < CHAINS; c++) {                          \
          sum[c] = sum[c] * factor + term;                                                             \
          __asm__ volatile("" : "+" REGISTER(sum[c]));                                                 \
        }                                                                                              \
      }                                                                                                \
    }                                                                                                  \
    return 2.0 * CHAINS * STEPS * (bytes / sizeof(float)) * (double)rounds;                            \
  }

#if defined(__x86_64__)
#define REGISTER(value) "v"(value)
DEFINE_LOOP(avx512_loop, __attribute__((target("avx512f,fma"))), 64)
DEFINE_LOOP(avx2_loop, __attribute__((target("avx2,fma"))), 32)
#undef REGISTER
#define REGISTER(value) "x"(value)
DEFINE_LOOP(base_loop, , 16)
#else
#define REGISTER(value) "w"(value)
DEFINE_LOOP(base_loop, , 16)
#endif

int benchmark_peak_level(void) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f")) return BENCHMARK_AVX512;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return BENCHMARK_AVX2;
#endif
  return BENCHMARK_BASE;
}

double benchmark_peak_operations(int64_t rounds) {
#if defined(__x86_64__)
  if (benchmark_peak_level() == BENCHMARK_AVX512) return avx512_loop(rounds);
  if (benchmark_peak_level() == BENCHMARK_AVX2) return avx2_loop(rounds);
#endif
  return base_loop(rounds);
}

static double seconds(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

double benchmark_wall_seconds(void) { return seconds(CLOCK_MONOTONIC); }
double benchmark_thread_seconds(void) { return seconds(CLOCK_THREAD_CPUTIME_ID); }

typedef struct {
  double seconds, rate;
} peak_part;

static void *measure_part(void *argument) {
  peak_part *part = argument;
  double start = benchmark_thread_seconds(), passed = 0, operations = 0;
  while (passed < part->seconds) {
    operations += benchmark_peak_operations(500);
    passed = benchmark_thread_seconds() - start;
  }
  part->rate = operations / passed;
  return 0;
}

enum { MOST_THREADS = 256 };

double benchmark_peak_rate(int threads, double seconds) {
  pthread_t others[MOST_THREADS];
  peak_part parts[MOST_THREADS];
  if (threads > MOST_THREADS) threads = MOST_THREADS;
  int started = 0;
  for (int i = 0; i < threads; i++) parts[i] = (peak_part){seconds, 0};
  while (started + 1 < threads && !pthread_create(&others[started], 0, measure_part, &parts[started + 1])) started++;
  measure_part(&parts[0]);
  double rate = parts[0].rate;
  for (int i = 0; i < started; i++) {
    pthread_join(others[i], 0);
    rate += parts[i + 1].rate;
  }
  return rate;
}
