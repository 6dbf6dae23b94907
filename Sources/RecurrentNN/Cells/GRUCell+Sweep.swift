public import RecurrentCore

extension GRUCell: SweptCell {
  /// What the sweep keeps for its way back.
  public typealias SequenceTape = SweepTape<Scalar>

  func makeSweep(_ direction: Direction) -> CellSweep<Scalar> { GRUSweep(self, direction: direction) }

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

/// The GRU at work, in both forms: input products hoisted, two products a step.
final class GRUSweep<Scalar: TensorScalar>: CellSweep<Scalar> {
  private let form: GRUForm
  private let biasHidden: ParameterSlot?
  /// q (reset after) or r ⊙ h (reset before), `[T, B, H]`.
  private let recurrent: Scratch<Scalar>
  /// dq of the reset-after form, `[T, B, H]`; of the other only a step's rows, for d(r ⊙ h).
  private let recurrentGradient = Scratch<Scalar>()

  init(_ cell: GRUCell<Scalar>, direction: Direction) {
    form = cell.form
    biasHidden = cell.biasHidden
    recurrent = Scratch()
    super.init(
      cell.weightInput, cell.weightHidden, bias: cell.bias, stateNames: HiddenState<Scalar>.componentNames,
      direction: direction)
  }

  private init(_ other: GRUSweep) {
    form = other.form
    biasHidden = other.biasHidden
    recurrent = other.recurrent
    super.init(returning: other)
  }

  override func returning() -> CellSweep<Scalar> { GRUSweep(self) }

  override func connect(_ plan: SequencePlan, _ input: SequenceView<Scalar>) {
    super.connect(plan, input)
    recurrent.reserve(plan.steps * plan.batchSize * outputSize)
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  override func sweep(_ parameters: PackedParameters<Scalar>.Pointers, _ part: Part) {
    let size = outputSize
    let (states, gates, recurrent) = (tracks[0].base, gates.base, recurrent.base)
    forEachStep(of: part) { t, sequence, count, fromEnd in
      let place = (t * plan.batchSize + sequence) * size
      step(
        part, fromEnd: fromEnd, rows: count, gates: gates + 3 * place, recurrent: recurrent + place,
        before: states + before(t) + sequence * size, after: states + after(t) + sequence * size, parameters)
    }
  }

  /// One step of neighbouring rows: gates [rows, 3H] hold x Wᵀ + b.
  @inline(__always)
  private func step(
    _ part: Part, fromEnd: Bool, rows: Int, gates: UnsafeMutablePointer<Scalar>,
    recurrent: UnsafeMutablePointer<Scalar>,
    before: UnsafePointer<Scalar>, after: UnsafeMutablePointer<Scalar>,
    _ parameters: PackedParameters<Scalar>.Pointers
  ) {
    let (size, units) = (outputSize, part.units)
    let first = units.lowerBound
    multiplyGates(
      2, of: units, rows: rows, before, inner: size, packed: parameters.plain(weightHidden), accumulate: true,
      fromEnd: fromEnd,
      into: gates, resultStride: 3 * size)
    switch form {
    case .resetAfter:
      multiplyGates(
        1, of: units, rows: rows, before, inner: size, packed: parameters.plain(weightHidden, block: 1),
        bias: biasHidden.map(parameters.vector), accumulate: false, fromEnd: fromEnd, into: recurrent,
        resultStride: size)
      Scalar._gruAfter(
        rows: rows, units: units.count, size: size, gates: gates + first, q: recurrent + first,
        hiddenBefore: before + first, y: after + first)
    case .resetBefore:
      Scalar._gruBeforeReset(
        rows: rows, units: units.count, size: size, gates: gates + first, hiddenBefore: before + first,
        resetHidden: recurrent + first)
      // The candidate of a unit waits for the reset gates of all.
      part.meet()
      multiplyGates(
        1, of: units, rows: rows, recurrent, inner: size, packed: parameters.plain(weightHidden, block: 1),
        accumulate: true, fromEnd: fromEnd, into: gates + 2 * size, resultStride: 3 * size)
      Scalar._gruBeforeOutput(
        rows: rows, units: units.count, size: size, gates: gates + first, hiddenBefore: before + first,
        y: after + first)
    }
  }

  override func connectBack(_ outputGradient: UnsafePointer<Scalar>, needsInputGradient: Bool) {
    super.connectBack(outputGradient, needsInputGradient: needsInputGradient)
    recurrentGradient.reserve((form == .resetAfter ? plan.steps : 1) * plan.batchSize * outputSize)
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  override func sweepBack(_ parameters: PackedParameters<Scalar>.Pointers, _ part: Part) {
    let size = outputSize
    let (states, gates, q, da, dy) = (tracks[0].base, gates.base, recurrent.base, da.base, outputGradient)
    let (dh, dq) = (stateGradients[0].base, recurrentGradient.base)
    forEachStepBack(of: part) { t, sequence, count in
      let place = (t * plan.batchSize + sequence) * size
      stepBack(
        part, rows: count, gates: gates + 3 * place, q: q + place,
        before: states + before(t) + sequence * size, dy: dy + place, dh: dh + sequence * size,
        da: da + 3 * place, recurrent: dq + (form == .resetAfter ? place : sequence * size), parameters)
    }
  }

  /// One step of neighbouring rows. `recurrent` receives dq (reset after) or d(r ⊙ h) (reset before).
  @inline(__always)
  private func stepBack(
    _ part: Part, rows: Int, gates: UnsafePointer<Scalar>, q: UnsafePointer<Scalar>,
    before: UnsafePointer<Scalar>, dy: UnsafePointer<Scalar>, dh: UnsafeMutablePointer<Scalar>,
    da: UnsafeMutablePointer<Scalar>, recurrent: UnsafeMutablePointer<Scalar>,
    _ parameters: PackedParameters<Scalar>.Pointers
  ) {
    let (size, units) = (outputSize, part.units)
    let first = units.lowerBound
    let candidate = parameters.transposed(weightHidden, block: 1)
    switch form {
    case .resetAfter:
      Scalar._gruAfterGradient(
        rows: rows, units: units.count, size: size, gates: gates + first, q: q + first,
        hiddenBefore: before + first, dy: dy + first, dh: dh + first, da: da + first, dq: recurrent + first)
      part.meet()
      multiplyBack(
        units, rows: rows, recurrent, inner: size, stride: size, packed: candidate, accumulate: true, into: dh
      )
    case .resetBefore:
      Scalar._gruBeforeOutputGradient(
        rows: rows, units: units.count, size: size, gates: gates + first, hiddenBefore: before + first,
        dy: dy + first, dh: dh + first, da: da + first)
      part.meet()
      multiplyBack(
        units, rows: rows, da + 2 * size, inner: size, stride: 3 * size, packed: candidate, accumulate: false,
        into: recurrent)
      Scalar._gruBeforeResetGradient(
        rows: rows, units: units.count, size: size, gates: gates + first, hiddenBefore: before + first,
        drh: recurrent + first, dh: dh + first, da: da + first)
      part.meet()
    }
    multiplyBack(
      units, rows: rows, da, inner: 2 * size, stride: 3 * size, packed: parameters.transposed(weightHidden),
      accumulate: true, into: dh)
  }

  override func addTerms(to terms: inout [GradientTerm<Scalar>]) {
    let size = outputSize
    terms.append(term(.product(weightHidden, firstRow: 0, x: statesBefore), n: 2 * size, row: 3 * size))
    switch form {
    case .resetAfter:
      let dq = UnsafePointer(recurrentGradient.base)
      terms.append(
        term(.product(weightHidden, firstRow: 2 * size, x: statesBefore), d: dq, n: size, row: size))
      if let biasHidden { terms.append(term(.rows(biasHidden), d: dq, n: size, row: size)) }
    case .resetBefore:
      terms.append(
        term(
          .product(weightHidden, firstRow: 2 * size, x: UnsafePointer(recurrent.base)),
          d: UnsafePointer(da.base + 2 * size), n: size, row: 3 * size))
    }
    addInputTerms(to: &terms)
  }
}
