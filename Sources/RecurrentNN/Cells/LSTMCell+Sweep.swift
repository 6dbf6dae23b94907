public import RecurrentCore

extension LSTMCell: SweptCell {
  /// What the sweep keeps for its way back.
  public typealias SequenceTape = SweepTape<Scalar>

  func makeSweep(_ direction: Direction) -> CellSweep<Scalar> { LSTMSweep(self, direction: direction) }

  /// All steps of a batch as one sweep: what the steps give one by one, to the bit.
  public func run(
    _ input: SequenceBatch<Scalar>, from initialState: State, direction: Direction,
    parameters: PackedParameters<Scalar>
  ) -> CellRun<Self> {
    makeSweep(direction).run(input, from: initialState, parameters: parameters, as: Self.self)
  }

  /// The adjoint of `run`, as one sweep back.
  public func pullback(
    _ outputGradient: SequenceBatch<Scalar>, finalStateGradient: State, through tape: SequenceTape,
    parameters: PackedParameters<Scalar>, into gradients: inout ParameterStore<Scalar>
  ) -> CellGradient<Self> {
    tape.sweep.pullback(
      outputGradient, finalStateGradient: finalStateGradient, of: tape, parameters: parameters,
      into: &gradients, as: Self.self)
  }
}

/// The LSTM at work: input products hoisted, one product and one pass over the gates a step.
final class LSTMSweep<Scalar: TensorScalar>: CellSweep<Scalar> {
  init(_ cell: LSTMCell<Scalar>, direction: Direction) {
    super.init(
      cell.weightInput, cell.weightHidden, bias: cell.bias, stateNames: LSTMState<Scalar>.componentNames,
      direction: direction)
  }

  private init(_ other: LSTMSweep) { super.init(returning: other) }

  override func returning() -> CellSweep<Scalar> { LSTMSweep(self) }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  override func forward(_ parameters: PackedParameters<Scalar>.Pointers, _ mode: RunMode, thread: Int) {
    if forwardSharingUnits(parameters) { return }
    inputProducts(parameters, thread: thread)
    let size = outputSize
    let (hidden, cell, gates) = (tracks[0].base, tracks[1].base, gates.base)
    let recurrent = parameters.plain(weightHidden)
    for index in 0..<plan.steps {
      let t = time(index)
      let (before, after, gate) = (before(t), after(t), gates + t * plan.batchSize * 4 * size)
      plan.forEachRun(of: thread, at: t) { first, count in
        let place = first * size
        Scalar._multiply(
          rows: count, columns: 4 * size, inner: size, hidden + before + place, stride: size,
          packed: recurrent, bias: nil, accumulate: true, into: gate + 4 * place, resultStride: 4 * size)
        Scalar._lstm(
          rows: count, size: size, gates: gate + 4 * place, cellBefore: cell + before + place,
          cell: cell + after + place, y: hidden + after + place)
      }
    }
  }

  /// One step of some units of one sequence.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  override func step(_ t: Int, _ units: Units, _ parameters: PackedParameters<Scalar>.Pointers) {
    let (hidden, cell) = (tracks[0].base, tracks[1].base)
    for gate in 0..<4 {
      addRecurrent(
        gate, of: units, hidden + before(t), parameters.plain(weightHidden),
        to: units.gates + gate * units.count)
    }
    Scalar._lstm(
      rows: 1, size: units.count, gates: units.gates, cellBefore: cell + before(t) + units.first,
      cell: cell + after(t) + units.first, y: hidden + after(t) + units.first)
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  override func backpropagate(_ parameters: PackedParameters<Scalar>.Pointers, thread: Int) {
    let size = outputSize
    let (cell, gates, da, dy) = (tracks[1].base, gates.base, da.base, outputGradient)
    let (dh, dc) = (stateGradients[0].base, stateGradients[1].base)
    let recurrent = parameters.transposed(weightHidden)
    for index in stride(from: plan.steps - 1, through: 0, by: -1) {
      let t = time(index)
      let offset = t * plan.batchSize * size
      plan.forEachRun(of: thread, at: t) { first, count in
        let place = first * size
        let rows = offset + place
        Scalar._lstmGradient(
          rows: count, size: size, gates: gates + 4 * rows, cellBefore: cell + before(t) + place,
          cell: cell + after(t) + place, dy: dy + rows, dh: dh + place, dc: dc + place, da: da + 4 * rows)
        Scalar._multiply(
          rows: count, columns: size, inner: 4 * size, da + 4 * rows, stride: 4 * size, packed: recurrent,
          bias: nil, accumulate: false, into: dh + place, resultStride: size)
      }
    }
    inputGradients(parameters, thread: thread)
  }

  override func addTerms(to terms: inout [GradientTerm<Scalar>]) { addTermsOfOneProduct(to: &terms) }
}
