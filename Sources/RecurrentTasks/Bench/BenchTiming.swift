public import Recurrent

/// Seconds of a call, one number for each sample.
public struct BenchTiming: Sendable, Hashable {
  /// In the order in which they were measured.
  public let seconds: [Double]

  /// Samples that were measured elsewhere.
  public init(_ seconds: [Double]) { self.seconds = seconds }

  /// Half of the samples are below it; NaN without samples.
  public var median: Double { quantile(0.5) }

  /// The value below which `part` of all samples lie, between two of them where it falls there; NaN without samples.
  public func quantile(_ part: Double) -> Double {
    let sorted = seconds.sorted()
    guard let last = sorted.last else { return .nan }
    let place = part * Double(sorted.count - 1)
    let low = Int(place)
    return low + 1 < sorted.count
      ? sorted[low] + (sorted[low + 1] - sorted[low]) * (place - Double(low)) : last
  }

  /// Seconds on the clock that `body` takes.
  static func seconds<Failure: Error>(_ body: () throws(Failure) -> Void) throws(Failure) -> Double {
    let start = ContinuousClock.now
    try body()
    return (ContinuousClock.now - start) / .seconds(1)
  }
}

/// Times a program that is warm: a sample is as many calls as fill five milliseconds.
public struct BenchTimer {
  private let program: any BenchProgram
  /// In one sample.
  public let calls: Int

  /// Warms the program up.
  ///
  /// - Parameter seconds: for how long; at least one call is made.
  public init(_ program: any BenchProgram, warmUp seconds: Double) throws(TrainingError) {
    self.program = program
    let start = ContinuousClock.now
    var fastest = Double.infinity
    repeat {
      fastest = min(fastest, try BenchTiming.seconds { () throws(TrainingError) in try program.call() })
    } while ContinuousClock.now - start < .seconds(seconds)
    calls = max(1, Int(5e-3 / max(fastest, 1e-7)))
  }

  /// Samples for so many seconds, at least one; of a stream, seconds of a step.
  public func samples(seconds: Double) throws(TrainingError) -> BenchTiming {
    var made: [Double] = []
    let start = ContinuousClock.now
    repeat {
      let taken = try BenchTiming.seconds { () throws(TrainingError) in
        for _ in 0..<calls { try program.call() }
      }
      made.append(taken / Double(calls * program.stepsPerCall))
    } while ContinuousClock.now - start < .seconds(seconds)
    return BenchTiming(made)
  }
}
