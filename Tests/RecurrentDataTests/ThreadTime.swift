import Foundation

/// Bounds on time hold for optimised code only.
#if DEBUG
  let isOptimised = false
#else
  let isOptimised = true
#endif

/// Seconds that `body` would take on a processor that makes 10⁹ steps of ``fixedWork(steps:from:)`` a second, as the one did on
/// which the bounds were set.
///
/// Processor time on the thread alone, so that other tests and programs do not count; and a ratio to fixed work, done just
/// before and after, so that neither a slow machine nor one whose cores are shared counts. The least of five tries.
func threadSeconds(_ body: () throws -> Void) rethrows -> Double {
  let steps = 20_000_000
  var least = Double.infinity
  for _ in 0..<5 {
    let start = threadTime()
    var sum = fixedWork(steps: steps, from: start)
    let begun = threadTime()
    try body()
    let ended = threadTime()
    sum ^= fixedWork(steps: steps, from: ended)
    let fixed = (begun - start) + (threadTime() - ended)
    // The sum is of use to nobody, but then the compiler must make it.
    precondition(sum != 1)
    least = min(least, (ended - begun) / fixed * Double(2 * steps) * 1e-9)
  }
  return least
}

/// Multiplications, each of which waits for the one before. From another number every time: equal work could be shared.
@inline(never)
private func fixedWork(steps: Int, from start: Double) -> UInt64 {
  var value = start.bitPattern
  for step in 0..<steps { value = (value ^ UInt64(step)) &* 6_364_136_223_846_793_005 }
  return value
}

private func threadTime() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}
