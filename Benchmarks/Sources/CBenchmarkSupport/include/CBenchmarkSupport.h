// What a benchmark needs from below Swift: clocks, and a count of allocations.

#ifndef CBENCHMARKSUPPORT_H
#define CBENCHMARKSUPPORT_H

#include <stdint.h>

/// Seconds on the clock, and seconds that the calling thread has computed.
double benchmark_wall_seconds(void);
double benchmark_thread_seconds(void);

/// Whether allocations can be counted here (glibc).
int benchmark_counts_allocations(void);
/// Calls of malloc, calloc, realloc, posix_memalign and aligned_alloc since the program began, by all threads.
int64_t benchmark_allocations(void);

#endif
