public import RecurrentCore

extension GRUCell: SweptCell {
  /// What the sweep keeps for its way back.
  public typealias SequenceTape = SweepTape<Scalar>

  func makeSweep(_ direction: Direction, noise: RecurrentNoise?) -> CellSweep<Scalar> {
    GRUSweep(self, direction: direction, noise: noise)
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

/// The GRU at work, in both forms: input products hoisted, two products a step.
final class GRUSweep<Scalar: TensorScalar>: CellSweep<Scalar> {
  private let form: GRUForm
  private let biasHidden: ParameterSlot?
  /// q (reset after) or r ⊙ h (reset before), `[T, B, H]`.
  private let recurrent: Scratch<Scalar>
  /// dq of the reset-after form, `[T, B, H]`; of the other only a step's rows, for d(r ⊙ h).
  private let recurrentGradient = Scratch<Scalar>()

  init(_ cell: GRUCell<Scalar>, direction: Direction, noise: RecurrentNoise?) {
    form = cell.form
    biasHidden = cell.biasHidden
    recurrent = Scratch()
    super.init(
      cell.weightInput, cell.weightHidden, bias: cell.bias, stateNames: HiddenState<Scalar>.componentNames,
      direction: direction, noise: noise)
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
    let (size, units) = (outputSize, part.units)
    let first = units.lowerBound
    let (states, gates, recurrent) = (tracks[0].base, gates.base, recurrent.base)
    let (read, made) = (readTrack(of: part), madeTrack(0))
    let weights = (gates: parameters.plain(weightHidden), candidate: parameters.plain(weightHidden, block: 1))
    let bias = biasHidden.map(parameters.vector)
    forEachStep(of: part) { t, fromEnd in
      let step = t * plan.batchSize
      forEachRun(of: part, at: t) { sequence, count in
        let (place, own) = ((step + sequence) * size, sequence * size)
        let (before, read) = (states + before(t) + own, read + before(t) + own)
        let (gates, recurrent) = (gates + 3 * place, recurrent + place)
        multiplyGates(
          2, of: units, rows: count, read, inner: size, packed: weights.gates, accumulate: true,
          fromEnd: fromEnd, into: gates, resultStride: 3 * size)
        switch form {
        case .resetAfter:
          multiplyGates(
            1, of: units, rows: count, read, inner: size, packed: weights.candidate, bias: bias,
            accumulate: false, fromEnd: fromEnd, into: recurrent, resultStride: size)
          Scalar._gruAfter(
            rows: count, units: units.count, size: size, gates: gates + first, q: recurrent + first,
            hiddenBefore: before + first, y: made + after(t) + own + first)
        case .resetBefore:
          Scalar._gruBeforeReset(
            rows: count, units: units.count, size: size, gates: gates + first, hiddenBefore: read + first,
            resetHidden: recurrent + first)
        }
      }
      if form == .resetAfter { return endStep(t, of: part) }
      // The candidate of a unit waits for the reset gates of all.
      part.meet()
      forEachRun(of: part, at: t) { sequence, count in
        let place = (step + sequence) * size
        multiplyGates(
          1, of: units, rows: count, recurrent + place, inner: size, packed: weights.candidate,
          accumulate: true, fromEnd: fromEnd, into: gates + 3 * place + 2 * size, resultStride: 3 * size)
        let own = sequence * size + first
        Scalar._gruBeforeOutput(
          rows: count, units: units.count, size: size, gates: gates + 3 * place + first,
          hiddenBefore: states + before(t) + own, y: made + after(t) + own)
      }
      endStep(t, of: part)
    }
  }

  override func connectBack(_ outputGradient: UnsafePointer<Scalar>, needsInputGradient: Bool) {
    super.connectBack(outputGradient, needsInputGradient: needsInputGradient)
    recurrentGradient.reserve((form == .resetAfter ? plan.steps : 1) * plan.batchSize * outputSize)
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  override func sweepBack(_ parameters: PackedParameters<Scalar>.Pointers, _ part: Part) {
    switch form {
    case .resetAfter: sweepBackAfter(parameters, part)
    case .resetBefore: sweepBackBefore(parameters, part)
    }
  }

  @inline(__always)
  private func sweepBackAfter(_ parameters: PackedParameters<Scalar>.Pointers, _ part: Part) {
    let (size, units) = (outputSize, part.units)
    let first = units.lowerBound
    let (states, gates, q, da) = (tracks[0].base, gates.base, recurrent.base, da.base)
    let (dh, dq) = (stateGradients[0].base, recurrentGradient.base)
    let candidate = parameters.transposed(weightHidden, block: 1)
    let rest = parameters.transposed(weightHidden)
    forEachStepBack { t in
      let step = t * plan.batchSize
      beginStepBack(t, of: part)
      forEachRun(of: part, at: t) { sequence, count in
        let (place, own) = ((step + sequence) * size, sequence * size + first)
        Scalar._gruAfterGradient(
          rows: count, units: units.count, size: size, gates: gates + 3 * place + first,
          q: q + place + first, hiddenBefore: states + before(t) + own,
          dy: cellOutputGradient(at: t, sequence) + first, dh: dh + own, da: da + 3 * place + first,
          dq: dq + place + first)
      }
      setDirectAside(t, of: part)
      part.meet()
      forEachRun(of: part, at: t) { sequence, count in
        let (place, dh) = ((step + sequence) * size, dh + sequence * size)
        multiplyBack(
          units, rows: count, dq + place, inner: size, stride: size, packed: candidate, accumulate: true,
          into: dh)
        multiplyBack(
          units, rows: count, da + 3 * place, inner: 2 * size, stride: 3 * size, packed: rest,
          accumulate: true, into: dh)
      }
      endStepBack(t, of: part, hasDirect: true)
    }
  }

  @inline(__always)
  private func sweepBackBefore(_ parameters: PackedParameters<Scalar>.Pointers, _ part: Part) {
    let (size, units) = (outputSize, part.units)
    let first = units.lowerBound
    let (states, read, gates, da) = (tracks[0].base, readTrack(of: part), gates.base, da.base)
    // d(r ⊙ h) of one step, of which each worker reads its own units only.
    let (dh, drh) = (stateGradients[0].base, recurrentGradient.base)
    let candidate = parameters.transposed(weightHidden, block: 1)
    let rest = parameters.transposed(weightHidden)
    forEachStepBack { t in
      let step = t * plan.batchSize
      beginStepBack(t, of: part)
      forEachRun(of: part, at: t) { sequence, count in
        let (place, own) = ((step + sequence) * size, sequence * size + first)
        Scalar._gruBeforeOutputGradient(
          rows: count, units: units.count, size: size, gates: gates + 3 * place + first,
          hiddenBefore: states + before(t) + own, dy: cellOutputGradient(at: t, sequence) + first,
          dh: dh + own, da: da + 3 * place + first)
      }
      setDirectAside(t, of: part)
      part.meet()
      forEachRun(of: part, at: t) { sequence, count in
        let (place, own) = ((step + sequence) * size, sequence * size + first)
        multiplyBack(
          units, rows: count, da + 3 * place + 2 * size, inner: size, stride: 3 * size, packed: candidate,
          accumulate: false, into: drh + sequence * size)
        Scalar._gruBeforeResetGradient(
          rows: count, units: units.count, size: size, gates: gates + 3 * place + first,
          hiddenBefore: read + before(t) + own, drh: drh + own, dh: dh + own, da: da + 3 * place + first)
      }
      part.meet()
      forEachRun(of: part, at: t) { sequence, count in
        multiplyBack(
          units, rows: count, da + 3 * (step + sequence) * size, inner: 2 * size, stride: 3 * size,
          packed: rest, accumulate: true, into: dh + sequence * size)
      }
      endStepBack(t, of: part, hasDirect: true)
    }
  }

  override func addTerms(to terms: inout [GradientTerm<Scalar>]) {
    let size = outputSize
    terms.append(term(.product(weightHidden, firstRow: 0, x: statesRead), n: 2 * size, row: 3 * size))
    switch form {
    case .resetAfter:
      let dq = UnsafePointer(recurrentGradient.base)
      terms.append(
        term(.product(weightHidden, firstRow: 2 * size, x: statesRead), d: dq, n: size, row: size))
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
