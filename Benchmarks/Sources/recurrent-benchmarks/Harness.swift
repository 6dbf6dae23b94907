internal import Recurrent

/// One thing to be timed.
struct Subject {
  let name: String
  var clock = Clock.thread
  let run: () throws -> Void
}

/// The seconds of a subject, one for each repetition, and the speed of the core's registers beside each.
struct Samples {
  var seconds: [Double] = []
  /// Floating-point operations a second of a loop that touches no memory, measured just before and after.
  var peaks: [Double] = []

  var median: Double { Self.median(seconds) }
  var minimum: Double { seconds.min() ?? .nan }
  var medianPeak: Double { Self.median(peaks) }

  /// The share of the peak at that moment that `operations` in these seconds are: median of all repetitions.
  func share(of operations: Double) -> Double {
    Self.median(zip(seconds, peaks).map { operations / $0 / $1 })
  }

  /// How many times longer the other subject took, repetition by repetition: median of the pairs.
  func ratio(to other: Samples) -> Double { Self.median(zip(other.seconds, seconds).map { $0 / $1 }) }

  static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    if sorted.isEmpty { return .nan }
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }
}

/// Times subjects in turns, so that whatever else the machine does falls on all alike.
struct Harness {
  /// Seconds for each group of subjects.
  let budget: Double

  /// One sample of every subject in each repetition, between two measurements of the peak.
  func interleaved(_ subjects: [Subject]) throws -> [Samples] {
    let calls = try subjects.map { try callsForSample($0) }
    var samples = subjects.map { _ in Samples() }
    let start = Clock.wall.now
    var repetitions = 0
    while repetitions < 5 || (Clock.wall.now - start < budget && repetitions < 400) {
      for (index, subject) in subjects.enumerated() {
        let before = Self.peak()
        samples[index].seconds.append(try subject.clock.seconds(calls: calls[index], subject.run))
        samples[index].peaks.append((before + Self.peak()) / 2)
      }
      repetitions += 1
    }
    return samples
  }

  /// As many calls as take some two milliseconds, after a warm-up.
  private func callsForSample(_ subject: Subject) throws -> Int {
    let once = try min(
      subject.clock.seconds(calls: 1, subject.run), subject.clock.seconds(calls: 3, subject.run))
    return max(1, Int(2e-3 / max(once, 1e-8)))
  }

  /// Floating-point operations a second that the core does now, from about half a millisecond.
  static func peak() -> Double { MachineSpeed.peak(seconds: 0.5e-3) }
}
