internal import RecurrentCore

/// Whether a bidirectional layer may run its two directions side by side on two threads.
///
///     let run = DirectionParallelism.$isAllowed.withValue(true) { layer.forward(input, parameters: parameters) }
///
/// Off by default, because training and batch prediction already keep every thread busy with shards of sequences. Worth it
/// where there is one long sequence. The directions share nothing, so it cannot change a bit, forward or back. On the way
/// back each direction adds into a copy of the gradients, which costs two copies of all parameters.
public enum DirectionParallelism {
  /// Default: false, because shards of sequences keep the threads busy already.
  @TaskLocal public static var isAllowed = false

  /// Multiply-adds below which waking a thread costs more than it gains.
  static let leastWork = 1 << 21

  /// How many threads two directions of this size may take.
  static func threads<Scalar>(
    _ input: SequenceBatch<Scalar>, _ forward: any RecurrentCell, _ reverse: any RecurrentCell
  ) -> Int {
    guard isAllowed else { return 1 }
    let work = [forward, reverse].map { cell in cell.outputSize * (cell.inputSize + cell.outputSize) }
    return input.steps * input.batchSize * (work.min() ?? 0) >= leastWork ? 2 : 1
  }
}
