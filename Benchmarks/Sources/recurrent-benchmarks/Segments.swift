internal import Foundation
internal import Recurrent

/// Back-propagation through sequences in bounded memory: what it takes beside its budget, and beside the whole. To be run alone, since
/// the peak is the process's own.
struct SegmentBenchmark {
  private static let plain = PlainModel(inputs: 8, hidden: 64)
  private static let budget = 192_000_000

  static func rows(threads: Int) throws -> [Row] {
    var rows: [Row] = []
    // The long sequence first: the peak is the highest that the process has had.
    let long = try step(steps: 1_000_000, .bytes(budget), threads: threads)
    let peak = highWater()
    rows.append(
      Row("segments", "LSTM 64, F 8, T 1,000,000, B 1, within \(budget / 1_000_000) MB")
        .with("seconds", long.seconds, "s").with("peak", Double(peak) / 1e6, "MB")
        .with("budget", Double(budget) / 1e6, "MB")
        .with("peak over budget", Double(peak) / Double(budget), ""))
    let whole = try step(steps: 20_000, nil, threads: threads)
    for segments in [SequenceSegments.steps(1000), .steps(141), .steps(777)] {
      let cut = try step(steps: 20_000, segments, threads: threads)
      guard cut.bits == whole.bits else {
        leave(1, "\(segments) of 20,000 steps: other parameters than those of the whole")
      }
      rows.append(
        Row("segments", "LSTM 64, F 8, T 20,000, B 1, \(segments): the bits of the whole")
          .with("seconds", cut.seconds, "s").with("seconds of the whole", whole.seconds, "s")
          .with("times the whole", cut.seconds / whole.seconds, ""))
    }
    return rows
  }

  /// One update: its time, and the bits of the parameters after it, which are those of its gradient.
  private static func step(
    steps: Int, _ segments: SequenceSegments?, threads: Int
  ) throws -> (seconds: Double, bits: [UInt32]) {
    var trainer = try Trainer(
      model: plain.model, source: OneBatch(batch: plain.batch(steps: steps, sequences: 1)),
      options: TrainerOptions(
        epochs: .max, batchSize: 1, optimizer: .sgd(), learningRate: 1, shuffles: false, keepsBest: false,
        segments: segments), threads: threads)
    let clock = ContinuousClock()
    let start = clock.now
    _ = try trainer.next()
    return (start.duration(to: clock.now) / .seconds(1), trainer.state.parameters.values.map(\.bitPattern))
  }

  /// The most bytes that this process has had in memory; 0 where the system does not say.
  private static func highWater() -> Int {
    guard let text = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
      let line = text.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }),
      let kilobytes = line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap({ Int($0) })
    else { return 0 }
    return kilobytes * 1024
  }
}
