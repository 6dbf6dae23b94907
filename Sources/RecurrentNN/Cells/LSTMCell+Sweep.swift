public import RecurrentCore

extension LSTMCell: SweptCell {
  /// What the sweep keeps for its way back.
  public typealias SequenceTape = SweepTape<Scalar>

  func makeSweep(_ direction: Direction, noise: RecurrentNoise?) -> CellSweep<Scalar> {
    LSTMSweep(self, direction: direction, noise: noise)
  }

  /// All steps of a batch as one sweep: what the steps give one by one, to the bit.
  public func run(
    _ input: SequenceBatch<Scalar>, from initialState: State, direction: Direction,
    parameters: PackedParameters<Scalar>
  ) -> CellRun<Self> {
    makeSweep(direction, noise: nil).run(input, from: initialState, parameters: parameters, as: Self.self)
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
  init(_ cell: LSTMCell<Scalar>, direction: Direction, noise: RecurrentNoise?) {
    super.init(
      cell.weightInput, cell.weightHidden, bias: cell.bias, stateNames: LSTMState<Scalar>.componentNames,
      direction: direction, noise: noise)
  }

  private init(_ other: LSTMSweep) { super.init(returning: other) }

  override func returning() -> CellSweep<Scalar> { LSTMSweep(self) }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  override func sweep(_ parameters: PackedParameters<Scalar>.Pointers, _ part: Part) {
    let (size, units) = (outputSize, part.units)
    let first = units.lowerBound
    let (hidden, cell, gates) = (madeTrack(0), madeTrack(1), gates.base)
    let (read, memory) = (readTrack(of: part), tracks[1].base)
    let recurrent = parameters.plain(weightHidden)
    forEachStep(of: part) { t, fromEnd in
      forEachRun(of: part, at: t) { sequence, count in
        let (before, after) = (before(t) + sequence * size, after(t) + sequence * size)
        let gate = gates + (t * plan.batchSize + sequence) * 4 * size
        multiplyGates(
          4, of: units, rows: count, read + before, inner: size, packed: recurrent, accumulate: true,
          fromEnd: fromEnd, into: gate, resultStride: 4 * size)
        Scalar._lstm(
          rows: count, units: units.count, size: size, gates: gate + first,
          cellBefore: memory + before + first, cell: cell + after + first, y: hidden + after + first)
      }
      endStep(t, of: part)
    }
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  override func sweepBack(_ parameters: PackedParameters<Scalar>.Pointers, _ part: Part) {
    let (size, units) = (outputSize, part.units)
    let first = units.lowerBound
    let (memory, cell, gates, da) = (tracks[1].base, madeTrack(1), gates.base, da.base)
    let (dh, dc) = (stateGradients[0].base, stateGradients[1].base)
    let recurrent = parameters.transposed(weightHidden)
    forEachStepBack { t in
      let row = t * plan.batchSize
      beginStepBack(t, of: part)
      forEachRun(of: part, at: t) { sequence, count in
        let (place, row) = (sequence * size + first, (row + sequence) * size)
        Scalar._lstmGradient(
          rows: count, units: units.count, size: size, gates: gates + 4 * row + first,
          cellBefore: memory + before(t) + place, cell: cell + after(t) + place,
          dy: cellOutputGradient(at: t, sequence) + first,
          dh: dh + place, dc: dc + place, da: da + 4 * row + first)
      }
      part.meet()
      forEachRun(of: part, at: t) { sequence, count in
        multiplyBack(
          units, rows: count, da + 4 * (row + sequence) * size, inner: 4 * size, stride: 4 * size,
          packed: recurrent, accumulate: false, into: dh + sequence * size)
      }
      endStepBack(t, of: part)
    }
  }

  override func addTerms(to terms: inout [GradientTerm<Scalar>]) { addTermsOfOneProduct(to: &terms) }
}
