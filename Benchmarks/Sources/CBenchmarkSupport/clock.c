#include "CBenchmarkSupport.h"

#include <time.h>

static double seconds(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

double benchmark_wall_seconds(void) { return seconds(CLOCK_MONOTONIC); }
double benchmark_thread_seconds(void) { return seconds(CLOCK_THREAD_CPUTIME_ID); }
