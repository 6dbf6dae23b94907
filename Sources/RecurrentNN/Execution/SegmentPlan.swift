internal import RecurrentCore

/// How long the segments are of which back-propagation holds one at a time, and what they take.
///
/// With T steps of at most ``shardSize`` sequences at once, S steps in a segment, a bytes for what a step needs there and back, and
/// s for a state:
///
///     bytes(S) = fixed + S a + ⌈T / S⌉ s        least at S = √(T s / a), as 2 √(T s a)
///
/// So memory grows with the square root of the sequence. All lengths give the same bits at about the same speed, one more way
/// there; the longest that fits is taken, and where the whole does, it is not cut. `fixed` is what does not depend on S: the
/// batch, the parameters with all that is kept of them, and the process. The bound is on the activations; of parameters so many copies
/// are counted as the caller says, and the process is taken to have a fixed size: with large models what the system sees may differ.
public struct SegmentPlan: Sendable, Hashable, Codable {
  /// S, steps of a segment; T, where the whole is one.
  public let steps: Int
  /// ⌈T / S⌉.
  public let segments: Int
  /// bytes(S), an estimate.
  public let bytes: Int

  /// What a budget lacks.
  public struct Excess: Error, Sendable, Hashable, CustomStringConvertible {
    /// The fewest bytes in which these sequences can be gone through.
    public let least: Int

    public var description: String { "expected at least \(least) bytes" }
  }

  /// The plan of a batch.
  ///
  /// - Parameters:
  ///   - length: T.
  ///   - step: a.
  ///   - state: s.
  ///   - bytes: the budget.
  init(length: Int, step: Int, state: Int, fixed: Int, within bytes: Int) throws(Excess) {
    func size(_ steps: Int) -> Int { fixed + steps * step + Self.count(length, steps) * state }
    let whole = max(length, 1)
    if fixed + whole * step <= bytes {
      (steps, segments, self.bytes) = (whole, 1, fixed + whole * step)
      return
    }
    let best = min(whole, max(1, Int((Double(length) * Double(state) / Double(step)).squareRoot())))
    guard size(best) <= bytes else { throw Excess(least: size(best)) }
    // From the best on the size rises, but for steps of the rounding: the last that fits, by halving.
    var (fitting, excess) = (best, whole)
    while excess - fitting > 1 {
      let middle = (fitting + excess) / 2
      if size(middle) <= bytes { fitting = middle } else { excess = middle }
    }
    (steps, segments, self.bytes) = (fitting, Self.count(length, fitting), size(fitting))
  }

  private static func count(_ length: Int, _ steps: Int) -> Int { max(1, (length + steps - 1) / steps) }
}

extension SequenceModel {
  /// The segments of batches of `sequences` of `steps` steps within so many bytes.
  ///
  /// - Parameters:
  ///   - ofSymbols: whether they are symbols in place of vectors.
  ///   - copiesOfParameters: how often memory has as many numbers as the model has parameters. Default 8: the parameters, packed for
  ///     both ways, their gradients, the sums of these, and two moments. `TrainerOptions.copiesOfParameters` counts what a run keeps.
  ///   - bytes: the budget.
  /// - Throws: ``SegmentPlan/Excess`` where no segments bring them into so few.
  public func segmentPlan(
    steps: Int, sequences: Int, ofSymbols: Bool = false, copiesOfParameters: Int = 8, within bytes: Int
  ) throws(SegmentPlan.Excess) -> SegmentPlan {
    let inputs =
      ofSymbols ? MemoryLayout<Int32>.stride : body.inputSize * MemoryLayout<Scalar>.stride
    return try ModelExecution(self, pool: WorkerPool(threads: 1)).segments(
      length: steps, sequences: sequences, bytesOfInput: inputs, copiesOfParameters: copiesOfParameters,
      within: bytes
    ).get()
  }
}

extension ModelExecution {
  /// The segments of a batch within so many bytes.
  package func segments(
    of batch: SequenceModel<Scalar>.Batch, copiesOfParameters: Int, within bytes: Int
  ) -> Result<SegmentPlan, SegmentPlan.Excess> {
    let inputs: Int
    switch batch.source {
    case .values(let values): inputs = values.features * MemoryLayout<Scalar>.stride
    case .symbols: inputs = MemoryLayout<Int32>.stride
    }
    return segments(
      length: batch.source.steps, sequences: batch.source.batchSize, bytesOfInput: inputs,
      copiesOfParameters: copiesOfParameters, within: bytes)
  }

  /// The segments of such batches within so many bytes.
  ///
  /// - Parameter bytesOfInput: what a step of one sequence has in the batch.
  func segments(
    length: Int, sequences: Int, bytesOfInput: Int, copiesOfParameters: Int, within bytes: Int
  ) -> Result<SegmentPlan, SegmentPlan.Excess> {
    let size = MemoryLayout<Scalar>.stride
    let rows = max(1, min(sequences, shardSize))
    // A target is a class, or as many numbers as an output has.
    let targets = max(MemoryLayout<Int>.stride, width * size)
    let elements =
      body.elementsPerRow(needsInputGradient: false) + 2 * body.outputSize + width
      + (head?.elementsPerRow(needsInputGradient: true) ?? 0)
    let step = elements * size + 2 * bytesOfInput + targets + Self.bytesOfPlan
    let components = model.body.zeroState(batchSize: 1).components
    let state = components.reduce(0) { $0 + $1.value.columns * size }
    // Where there are several shards, the batch stands there a second time, cut.
    let copies = sequences > shardSize ? 2 : 1
    let batch = copies * length * sequences * (bytesOfInput + targets)
    let parameters = copiesOfParameters * model.layout.count * size
    return Result { () throws(SegmentPlan.Excess) in
      try SegmentPlan(
        length: length, step: step * rows, state: state * rows + Self.bytesOfComponent * components.count,
        fixed: batch + parameters + Self.bytesOfProcess, within: bytes)
    }
  }

  /// Numbers of rows, their order, losses and counts.
  private static var bytesOfPlan: Int { 128 }
  /// A small array's.
  private static var bytesOfComponent: Int { 64 }
  /// The program, and what rounding to large pages leaves unused.
  private static var bytesOfProcess: Int { 48 << 20 }
}
