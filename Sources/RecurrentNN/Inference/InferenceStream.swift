public import RecurrentCore

/// One or several streams through a frozen model, a step at a time: what a whole sequence gives, bit for bit.
///
///     var stream = try model.stream()
///     var output = [Float](repeating: 0, count: model.outputSize)
///     for input in samples { stream.step(input, into: &output) }
///
/// A step allocates nothing, but in cells that have no sweep of their own. Each stream's state can be taken out, kept and put back; threads that need a stream of their
/// own make one from the shared model.
public struct InferenceStream<Scalar: TensorScalar> {
  /// How many streams take their steps together.
  public let count: Int
  private var work: Work

  /// The room that a stream computes in. A copy of the stream makes its own.
  private final class Work {
    let runner: InferenceRunner<Scalar>
    let lengths: [Int]
    let identifiers: [UInt64]
    var isFresh = true

    init(_ model: InferenceModel<Scalar>, count: Int, threads: Int) {
      // Every step has an output, wherever whole sequences have theirs.
      runner = InferenceRunner(model, pool: WorkerPool(threads: threads), positions: .all)
      lengths = [Int](repeating: 1, count: count)
      identifiers = (0..<count).map(UInt64.init)
    }
  }

  private let threads: Int
  private var given: LayerState<Scalar>?

  init(_ model: InferenceModel<Scalar>, count: Int, threads: Int) {
    self.count = count
    self.threads = threads
    work = Work(model, count: count, threads: threads)
  }

  /// The model that this is a stream of.
  public var model: InferenceModel<Scalar> { work.runner.model }

  /// The state after the last step, of all streams.
  public var state: LayerState<Scalar> {
    get { given ?? (work.isFresh ? model.body.zeroState(batchSize: count) : work.runner.finalState) }
    set { given = newValue }
  }

  /// Takes one step of every stream.
  ///
  /// - Parameters:
  ///   - input: `[count, F]`.
  ///   - output: `[count, Q]`; not allocated anew where it has the size already.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public mutating func step(_ input: [Scalar], into output: inout [Scalar]) {
    let features = model.inputSize
    precondition(
      input.count == count * features,
      "\(count) streams of \(features) features need \(count * features) numbers, found \(input.count)")
    makeUnique()
    step(
      .values(
        SequenceBatch(
          step: input, batchSize: count, features: features, lengths: work.lengths,
          identifiers: work.identifiers)),
      into: &output)
  }

  /// The same of symbols, one a stream, which the first layer reads as one-hot vectors.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public mutating func step(symbols: [Int32], into output: inout [Scalar]) {
    let vocabulary = model.inputSize
    precondition(symbols.count == count, "\(count) streams need \(count) symbols, found \(symbols.count)")
    for symbol in symbols {
      precondition(
        symbol >= 0 && Int(symbol) < vocabulary, "symbol \(symbol) is not one of 0 ..< \(vocabulary)")
    }
    makeUnique()
    step(
      .symbols(
        SymbolBatch(
          step: symbols, vocabulary: vocabulary, lengths: work.lengths, identifiers: work.identifiers)),
      into: &output)
  }

  /// A copy of a stream goes on alone from the state that both have.
  private mutating func makeUnique() {
    if isKnownUniquelyReferenced(&work) { return }
    let state = state
    work = Work(model, count: count, threads: threads)
    given = state
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  private mutating func step(_ input: SequenceInput<Scalar>, into output: inout [Scalar]) {
    let start: StartingState<Scalar> = given.map { .given($0) } ?? (work.isFresh ? .zeros : .carried)
    work.runner.run(input, start: start, into: &output)
    given = nil
    work.isFresh = false
  }
}
