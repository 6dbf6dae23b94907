// What a benchmark needs from below Swift: what a core can do, clocks, and a count of allocations.

#ifndef CBENCHMARKSUPPORT_H
#define CBENCHMARKSUPPORT_H

#include <stdint.h>

/// The instructions that the register loop runs on: the widest that this processor has.
enum { BENCHMARK_BASE = 0, BENCHMARK_AVX2 = 1, BENCHMARK_AVX512 = 2 };
int benchmark_peak_level(void);

/// Runs `rounds` rounds of independent fused multiply-adds on float vectors held in registers, and returns how many
/// floating-point operations they were. Where the level has no fused multiply-add it multiplies and adds.
double benchmark_peak_operations(int64_t rounds);

/// Floating-point operations a second that `threads` threads do together in that loop, from about `seconds` of each; time is
/// what each thread computed, so that what others take of a core does not count.
double benchmark_peak_rate(int threads, double seconds);

/// Seconds on the clock, and seconds that the calling thread has computed.
double benchmark_wall_seconds(void);
double benchmark_thread_seconds(void);

/// Whether allocations can be counted here (glibc).
int benchmark_counts_allocations(void);
/// Calls of malloc, calloc, realloc, posix_memalign and aligned_alloc since the program began, by all threads.
int64_t benchmark_allocations(void);

#endif
