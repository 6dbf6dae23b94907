public import RecurrentCore

/// Room and threads to run whole sequences through a frozen model, again and again; nothing is allocated for a batch of the
/// shape of the last one. One caller at a time.
public final class InferenceRunner<Scalar: TensorScalar> {
  /// What is run.
  public let model: InferenceModel<Scalar>
  private let pool: WorkerPool
  private let body: LayerExecution<Scalar>
  private let head: LayerExecution<Scalar>?
  private let plan = SequencePlan()
  private let rows = OutputRows<Scalar>()
  private let values = Scratch<Scalar>()
  private let symbols = Scratch<Int32>()

  private let positions: SequencePositions

  /// - Parameter positions: where there are outputs, in place of the model's.
  package init(_ model: InferenceModel<Scalar>, pool: WorkerPool, positions: SequencePositions? = nil) {
    self.model = model
    self.positions = positions ?? model.positions
    self.pool = pool
    body = model.body.execution()
    head = model.head?.execution()
  }

  /// Each sequence's state after its own last step, of the batch before.
  public var finalState: LayerState<Scalar> { body.finalState }

  /// The outputs at the model's positions, `[N, Q]`, by step and then by sequence.
  ///
  /// - Parameters:
  ///   - input: `[T, B, F]`.
  ///   - initialState: what the sequences start from; `nil`: zeros.
  ///   - outputs: takes N Q numbers; not allocated anew where it has as many already.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func run(
    _ input: SequenceBatch<Scalar>, from initialState: LayerState<Scalar>? = nil, into outputs: inout [Scalar]
  ) {
    run(.values(input), start: initialState.map { .given($0) } ?? .zeros, into: &outputs)
  }

  /// The same of symbols, which the first layer reads as one-hot vectors.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func run(
    _ input: SymbolBatch, from initialState: LayerState<Scalar>? = nil, into outputs: inout [Scalar]
  ) {
    run(.symbols(input), start: initialState.map { .given($0) } ?? .zeros, into: &outputs)
  }

  /// The outputs as a new array.
  public func outputs(_ input: SequenceBatch<Scalar>, from initialState: LayerState<Scalar>? = nil) -> Matrix<
    Scalar
  > {
    var elements: [Scalar] = []
    run(input, from: initialState, into: &elements)
    return Matrix(rows: rows.count, columns: model.outputSize, elements: elements)
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func run(_ input: SequenceInput<Scalar>, start: StartingState<Scalar>, into outputs: inout [Scalar]) {
    let view = plan.take(
      input, pool: pool, wholeShards: body.needsWholeShards || head?.needsWholeShards ?? false,
      work: body.work + (head?.work ?? LayerWork()), values, symbols)
    body.connect(plan, view)
    rows.prepare(
      plan, positions, width: body.outputSize, needsIdentifiers: head?.needsWholeShards ?? false)
    let gathered = rows.gathered(from: body.output)
    head?.connect(rows.plan, SequenceView(values: gathered, symbols: nil, features: body.outputSize))
    body.begin(from: start)
    head?.begin(from: .zeros)
    let count = rows.count * model.outputSize
    if outputs.count != count { outputs = [Scalar](repeating: 0, count: count) }
    outputs.withUnsafeMutableBufferPointer { outputs in
      guard let outputs = outputs.baseAddress else { return }
      model.parameters.withPointers { parameters in
        plan.forEachThread(of: pool, Round(runner: self, parameters: parameters, outputs: outputs))
      }
    }
  }

  /// What a thread does with its sequences.
  private struct Round: SharedWork {
    let runner: InferenceRunner
    let parameters: PackedParameters<Scalar>.Pointers
    let outputs: UnsafeMutablePointer<Scalar>

    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    func share(of thread: Int, among threads: Int) {
      runner.forward(parameters, into: outputs, thread: thread)
    }
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  private func forward(
    _ parameters: PackedParameters<Scalar>.Pointers, into outputs: UnsafeMutablePointer<Scalar>, thread: Int
  ) {
    body.forward(parameters, .inference, thread: thread)
    rows.gather(body.output, thread: thread)
    head?.forward(parameters, .inference, thread: thread)
    rows.copy(
      head?.output ?? rows.gathered(from: body.output), width: model.outputSize, to: outputs, thread: thread)
  }
}
