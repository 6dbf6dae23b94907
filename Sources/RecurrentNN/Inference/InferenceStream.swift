public import RecurrentCore

/// One or several streams through a frozen model, a step at a time: what a whole sequence gives, bit for bit.
///
///     var stream = try model.stream()
///     var output = [Float](repeating: 0, count: model.outputSize)
///     for input in samples { stream.step(input, into: &output) }
///
/// A step allocates nothing. Each stream's state can be taken out, kept and put back; threads that need a stream of their
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
      runner = InferenceRunner(model, pool: WorkerPool(threads: threads))
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
  public mutating func step(_ input: [Scalar], into output: inout [Scalar]) {
    let model = model
    precondition(
      input.count == count * model.inputSize,
      "\(count) streams of \(model.inputSize) features need \(count * model.inputSize) numbers, found \(input.count)"
    )
    if !isKnownUniquelyReferenced(&work) {
      let state = state
      work = Work(model, count: count, threads: threads)
      given = state
    }
    let start: StartingState<Scalar> = given.map { .given($0) } ?? (work.isFresh ? .zeros : .carried)
    work.runner.run(
      .values(
        SequenceBatch(
          step: input, batchSize: count, features: model.inputSize, lengths: work.lengths,
          identifiers: work.identifiers)), start: start, into: &output)
    given = nil
    work.isFresh = false
  }
}
