import Foundation

/// Bounds on time hold for optimised code only.
#if DEBUG
  let isOptimised = false
#else
  let isOptimised = true
#endif

/// Processor seconds that the fastest of three runs takes on its own thread: other tests and programs that run at the
/// same time do not count.
func threadSeconds(_ body: () throws -> Void) rethrows -> Double {
  var best = Double.infinity
  for _ in 0..<3 {
    let start = threadTime()
    try body()
    best = min(best, threadTime() - start)
  }
  return best
}

private func threadTime() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}
