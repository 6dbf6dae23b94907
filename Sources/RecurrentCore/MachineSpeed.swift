internal import CRecurrentKernels
internal import Foundation

/// What cores of this machine can do at most, measured now and at the kernel level in use: the figures that a model's speed
/// is held against.
///
///     let speed = MachineSpeed(threads: 2, seconds: 0.5)
///     print(speed.peak / 1e9, "GFLOP/s,", speed.mainMemory / 1e9, "GB/s")
///
/// Time is what each thread computed, so that what others take of a core does not count; caches and memory that others use
/// meanwhile do show. Debug builds, in which kernels are not optimised, tell nothing about the machine.
public struct MachineSpeed: Sendable, Hashable {
  /// The level at which it was measured.
  public let level: KernelLevel
  /// How many threads worked at the same time; all figures are of all of them together. Threads beyond the cores that this
  /// process may use add nothing.
  public let threads: Int
  /// Floating-point operations a second of multiply-adds on registers in single precision, two for each.
  public let peak: Double
  /// Bytes a second read from what fits each core's own cache.
  public let ownCache: Double
  /// Bytes a second read from what fits the largest cache, but not the cores' own.
  public let sharedCache: Double
  /// Bytes a second read from what fits no cache.
  public let mainMemory: Double

  /// Measures everything.
  ///
  /// - Parameters:
  ///   - threads: how many work at the same time, at least 1.
  ///   - seconds: of all measurements together, default 1; filling memory and waiting for cores that others use come on top.
  public init(threads: Int, seconds: Double = 1) {
    let caches = CacheSizes.current
    let part = seconds / 4
    level = .active
    self.threads = threads
    // More threads would take turns, and find in a cache what the one before has left there.
    let working = min(threads, availableCores())
    peak = Self.peak(threads: working, seconds: part)
    func rate(_ bytes: Int) -> Double {
      Self.readRate(bytesPerThread: bytes, threads: working, seconds: part)
    }
    ownCache = rate(caches.own / 2)
    // Half of every core's part of it, so that figures of one thread and of several are of the same; where cores' own
    // caches are as large, as much more as fits with all threads at work.
    let most = caches.shared / max(1, min(working, caches.coresSharing))
    sharedCache = rate(max(caches.shared / 2 / caches.coresSharing, min(2 * caches.own, most)))
    mainMemory = rate(Self.memoryBytes(caches) / working)
  }

  /// Four times the largest cache, within limits: a machine may have a very large one, and to fill memory takes time.
  private static func memoryBytes(_ caches: CacheSizes) -> Int {
    min(max(4 * caches.shared, 1 << 26), 1 << 29)
  }

  /// Floating-point operations a second that `threads` threads do together in multiply-adds on registers, in single
  /// precision, two for each.
  ///
  /// - Parameter seconds: that each thread computes, default 5 ms.
  public static func peak(threads: Int = 1, seconds: Double = 5e-3) -> Double {
    // Some 40 microseconds between two looks at the clock.
    together(threads) { _ in rate(seconds: seconds) { rk_probe_arithmetic_f32(8) } }
  }

  /// Bytes a second that `threads` threads read together, each from a buffer of its own, over and over.
  ///
  /// - Parameters:
  ///   - bytesPerThread: size of a buffer, at least 256; it decides which cache, or the memory, is measured.
  ///   - seconds: that each thread reads; at least one pass is made.
  public static func readRate(bytesPerThread: Int, threads: Int = 1, seconds: Double = 0.1) -> Double {
    let bytes = max(256, bytesPerThread / 256 * 256)
    return together(threads) { meeting in
      let buffer = AlignedMemory.allocate(byteCount: bytes)
      defer { buffer.deallocate() }
      // Pages that were never written would all be one and the same. The thread that reads them writes them.
      memset(buffer.baseAddress!, 0, bytes)
      meeting.wait()
      // Of the memory only what was asked for, which may be less.
      let numbers = UnsafeRawBufferPointer(rebasing: buffer[..<bytes]).assumingMemoryBound(to: Float.self)
      // Small buffers several times between two looks at the clock, or these would be a part of what is timed.
      let passes = max(1, (1 << 22) / bytes)
      return rate(seconds: seconds) {
        for _ in 0..<passes { _ = rk_probe_read_f32(numbers.count, numbers.baseAddress) }
        return Double(passes * bytes)
      }
    }
  }

  /// What all of so many threads do together: the mean of what `body` gives on each at the same time, for each core that
  /// they have. Where they are more than the cores, they take turns, of which their own time says nothing.
  private static func together(_ threads: Int, _ body: (Meeting) -> Double) -> Double {
    precondition(threads > 0, "at least one thread must be measured, found \(threads)")
    if threads == 1 { return body(Meeting(threads: 1)) }
    let pool = WorkerPool(threads: threads)
    let meeting = Meeting(threads: pool.threads)
    if pool.threads == 1 { return body(meeting) }
    var rates = [Double](repeating: 0, count: pool.threads)
    rates.withUnsafeMutableBufferPointer { rates in
      _ = pool.runTogether { rates[$0] = body(meeting) }
    }
    let cores = min(pool.threads, availableCores())
    return rates.reduce(0, +) / Double(pool.threads) * Double(cores)
  }

  /// How much of what `work` counts is done in a second of this thread's computing.
  private static func rate(seconds: Double, _ work: () -> Double) -> Double {
    _ = work()
    let start = threadSeconds()
    var (done, passed) = (0.0, 0.0)
    repeat {
      done += work()
      passed = threadSeconds() - start
    } while passed < seconds
    return done / max(passed, 1e-9)
  }
}
