public import RecurrentCore

/// A body of layers, positions where there are outputs, a head that is computed there only, and a loss.
///
/// Many-to-many is `.all`, many-to-one `.last`; steps without output have neither a head's value nor a loss.
public struct SequenceModel<Scalar: TensorScalar>: TrainableModel {
  /// Reads the input `[T, B, F]`; the state that it carries is the model's.
  public let body: any SequenceLayer<Scalar>
  /// Where there are outputs, unless a batch says otherwise.
  public let positions: SequencePositions
  /// Reads the body's outputs at the positions as sequences of one step; `nil`: they are the outputs.
  public let head: (any SequenceLayer<Scalar>)?
  /// What the outputs are judged by: a sum and a count.
  public let objective: SequenceObjective<Scalar>
  /// The parameters of body and head, and of the objective where it has some.
  public let layout: ParameterLayout

  /// A model of layers that were built into `layout`, with a loss of each output.
  ///
  /// Precondition (checked at the first use): the head reads as many features as the body gives.
  public init(
    body: any SequenceLayer<Scalar>, positions: SequencePositions, head: (any SequenceLayer<Scalar>)? = nil,
    loss: Loss, layout: ParameterLayout
  ) {
    self.init(body: body, positions: positions, head: head, objective: .rows(loss), layout: layout)
  }

  /// A model of layers that were built into `layout`, as was the objective where it has parameters: by default with an output
  /// at every step.
  ///
  /// Precondition (checked at the first use): the head reads as many features as the body gives, and the objective as many
  /// as the head.
  public init(
    body: any SequenceLayer<Scalar>, positions: SequencePositions = .all,
    head: (any SequenceLayer<Scalar>)? = nil, objective: SequenceObjective<Scalar>, layout: ParameterLayout
  ) {
    self.body = body
    self.positions = positions
    self.head = head
    self.objective = objective
    self.layout = layout
  }

  /// Sequences, what to compare their outputs with, and the state that they start from.
  public struct Batch: Sendable {
    /// Vectors, or symbols.
    public let source: SequenceInput<Scalar>
    /// One row for each output, by step and then by sequence, as ``SequenceBatch/gathering(_:)`` orders them; or one list of
    /// labels for each sequence.
    public let targets: LossTargets<Scalar>
    /// What the sequences start from; `nil`: zeros.
    public let initialState: LayerState<Scalar>?
    /// Where this batch has outputs, in place of the model's positions: masks differ from batch to batch.
    public let positions: SequencePositions?
    /// Which sequences begin anew where a trainer carries states from batch to batch, as at the beginning of a document: they
    /// start at zeros. `nil`: none, all go on.
    public var restarts: [Bool]?

    /// The input as vectors `[T, B, F]`: of symbols, the one-hot vectors that they stand for, made anew at every call.
    public var input: SequenceBatch<Scalar> {
      switch source {
      case .values(let batch): batch
      case .symbols(let batch): batch.oneHot()
      }
    }

    /// Sequences of vectors, their targets, and where they start and are compared.
    public init(
      input: SequenceBatch<Scalar>, targets: LossTargets<Scalar>, initialState: LayerState<Scalar>? = nil,
      positions: SequencePositions? = nil
    ) {
      self.init(
        source: .values(input), targets: targets, initialState: initialState, positions: positions)
    }

    /// The same of sequences of symbols, which the first layer reads as one-hot vectors.
    public init(
      symbols: SymbolBatch, targets: LossTargets<Scalar>, initialState: LayerState<Scalar>? = nil,
      positions: SequencePositions? = nil
    ) {
      self.init(
        source: .symbols(symbols), targets: targets, initialState: initialState, positions: positions)
    }

    init(
      source: SequenceInput<Scalar>, targets: LossTargets<Scalar>, initialState: LayerState<Scalar>?,
      positions: SequencePositions?
    ) {
      self.source = source
      self.targets = targets
      self.initialState = initialState
      self.positions = positions
    }
  }

  /// Zeros, unless the body reads ahead: then a sequence cannot be continued.
  public func startingState(batchSize: Int) -> LayerState<Scalar>? {
    body.readsAhead ? nil : body.zeroState(batchSize: batchSize)
  }

  /// The batch begun in `state`, but for sequences that begin anew.
  public func continued(_ batch: Batch, from state: LayerState<Scalar>) -> Batch {
    var start = state
    if let restarts = batch.restarts, restarts.contains(true) {
      precondition(
        restarts.count == batch.source.batchSize,
        "\(batch.source.batchSize) sequences, but restarts for \(restarts.count)")
      start = state.mapComponents { _, matrix in
        var matrix = matrix
        for (row, isNew) in restarts.enumerated() where isNew {
          for column in 0..<matrix.columns { matrix[row, column] = 0 }
        }
        return matrix
      }
    }
    return Batch(
      source: batch.source, targets: batch.targets, initialState: start, positions: batch.positions)
  }

  /// The outputs at the positions, `[N, Q]`, and the body's final state.
  public func outputs(
    _ input: SequenceBatch<Scalar>, from initialState: LayerState<Scalar>? = nil,
    positions: SequencePositions? = nil, parameters: PackedParameters<Scalar>
  ) -> (outputs: Matrix<Scalar>, finalState: LayerState<Scalar>) {
    let run = body.forward(input, from: initialState, parameters: parameters)
    let rows = (positions ?? self.positions).rows(lengths: input.lengths, steps: input.steps)
    let gathered = run.output.gathering(rows: rows)
    guard let head else { return (gathered, run.finalState) }
    let headRun = head.forward(Self.headInput(gathered, rows: rows, of: run.output), parameters: parameters)
    return (headRun.output.step(0), run.finalState)
  }

  /// The loss at the positions, without gradients and without dropout.
  public func loss(on batch: Batch, parameters: PackedParameters<Scalar>) -> LossSum {
    let made = outputs(
      batch.input, from: batch.initialState, positions: batch.positions, parameters: parameters)
    let rows = (batch.positions ?? positions).rows(lengths: batch.source.lengths, steps: batch.source.steps)
    return objective.value(
      of: made.outputs, SequencesOfRows(rows: rows, batchSize: batch.source.batchSize),
      targets: batch.targets, parameters: parameters)
  }

  /// The loss, adding ∂sum/∂parameters into `gradients`; ``gradient(on:parameters:mode:finalStateGradient:into:)`` also
  /// gives the gradients of the input and of the initial state.
  public func accumulateGradients(
    on batch: Batch, parameters: PackedParameters<Scalar>, mode: RunMode,
    into gradients: inout ParameterStore<Scalar>
  ) -> LossSum {
    gradient(on: batch, parameters: parameters, mode: mode, into: &gradients).value
  }

  /// The loss, adding the parameters' gradients into `gradients`, with those of the input and of the initial state.
  ///
  /// - Parameter finalStateGradient: what the final state adds to the loss, as ∂/∂final state; `nil`: nothing.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func gradient(
    on batch: Batch, parameters: PackedParameters<Scalar>, mode: RunMode = .inference,
    finalStateGradient: LayerState<Scalar>? = nil, into gradients: inout ParameterStore<Scalar>
  ) -> (value: LossSum, gradient: LayerGradient<Scalar>) {
    let initial = batch.initialState ?? body.zeroState(batchSize: batch.source.batchSize)
    let run = body.forward(batch.input, from: initial, parameters: parameters, mode: mode)
    let rows = (batch.positions ?? positions).rows(
      lengths: batch.source.lengths, steps: batch.source.steps)
    let gathered = run.output.gathering(rows: rows)
    let places = SequencesOfRows(rows: rows, batchSize: batch.source.batchSize)
    let value: LossSum
    var outputGradient: Matrix<Scalar>
    if let head {
      let steps = Self.headInput(gathered, rows: rows, of: run.output)
      let headRun = head.forward(
        steps, from: head.zeroState(batchSize: steps.batchSize), parameters: parameters, mode: mode)
      (value, outputGradient) = objective.gradient(
        of: headRun.output.step(0), places, targets: batch.targets, parameters: parameters, into: &gradients)
      let back = headRun.pullback(
        headRun.output.replacingValues(features: head.outputSize, outputGradient.elements),
        headRun.finalState.zeroed, &gradients)
      outputGradient = back.input.step(0)
    } else {
      (value, outputGradient) = objective.gradient(
        of: gathered, places, targets: batch.targets, parameters: parameters, into: &gradients)
    }
    let back = run.pullback(
      run.output.scattering(outputGradient, rows: rows), finalStateGradient ?? run.finalState.zeroed,
      &gradients)
    return (value, back)
  }

  /// The head's input: outputs as sequences of one step. Each has an identifier of its own, drawn from its sequence's and
  /// its step, so that dropout in a head does not depend on the batch either.
  package static func headInput(_ outputs: Matrix<Scalar>, rows: [Int], of body: SequenceBatch<Scalar>)
    -> SequenceBatch<Scalar>
  {
    let identifiers = rows.map { row in
      let (t, b) = row.quotientAndRemainder(dividingBy: body.batchSize)
      return CounterGenerator(seed: body.identifiers[b], purpose: .dropout).word(at: UInt64(t))
    }
    return SequenceBatch(rows: outputs, identifiers: identifiers)
  }
}

/// What a model reads: sequences of vectors, or of symbols that stand for one-hot vectors.
public enum SequenceInput<Scalar: TensorScalar>: Sendable, Hashable {
  /// Vectors `[T, B, F]`.
  case values(SequenceBatch<Scalar>)
  /// Symbols `[T, B]`, each in place of a one-hot vector.
  case symbols(SymbolBatch)

  var batchSize: Int {
    switch self {
    case .values(let batch): batch.batchSize
    case .symbols(let batch): batch.batchSize
    }
  }
  var lengths: [Int] {
    switch self {
    case .values(let batch): batch.lengths
    case .symbols(let batch): batch.lengths
    }
  }
  var steps: Int {
    switch self {
    case .values(let batch): batch.steps
    case .symbols(let batch): batch.steps
    }
  }

  func sequences(_ range: Range<Int>) -> SequenceInput {
    switch self {
    case .values(let batch): .values(batch.sequences(range))
    case .symbols(let batch): .symbols(batch.sequences(range))
    }
  }
}
