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
  override func forward(_ parameters: PackedParameters<Scalar>.Pointers, _ mode: RunMode, thread: Int) {
    // Reset before, the candidate of a unit waits for the reset gates of all.
    if form == .resetAfter && forwardSharingUnits(parameters) { return }
    inputProducts(parameters, thread: thread)
    let size = outputSize
    let (states, gates, recurrent) = (tracks[0].base, gates.base, recurrent.base)
    for index in 0..<plan.steps {
      let t = time(index)
      plan.forEachRun(of: thread, at: t) { first, count in
        let place = (t * plan.batchSize + first) * size
        step(
          rows: count, gates: gates + 3 * place, recurrent: recurrent + place,
          before: states + before(t) + first * size, after: states + after(t) + first * size, parameters)
      }
    }
  }

  /// One step of neighbouring rows: gates [rows, 3H] hold x Wᵀ + b.
  @inline(__always)
  private func step(
    rows: Int, gates: UnsafeMutablePointer<Scalar>, recurrent: UnsafeMutablePointer<Scalar>,
    before: UnsafePointer<Scalar>, after: UnsafeMutablePointer<Scalar>,
    _ parameters: PackedParameters<Scalar>.Pointers
  ) {
    let size = outputSize
    Scalar._multiply(
      rows: rows, columns: 2 * size, inner: size, before, stride: size,
      packed: parameters.plain(weightHidden),
      bias: nil, accumulate: true, into: gates, resultStride: 3 * size)
    switch form {
    case .resetAfter:
      Scalar._multiply(
        rows: rows, columns: size, inner: size, before, stride: size,
        packed: parameters.plain(weightHidden, block: 1), bias: biasHidden.map(parameters.vector),
        accumulate: false, into: recurrent, resultStride: size)
      Scalar._gruAfter(rows: rows, size: size, gates: gates, q: recurrent, hiddenBefore: before, y: after)
    case .resetBefore:
      Scalar._gruBeforeReset(
        rows: rows, size: size, gates: gates, hiddenBefore: before, resetHidden: recurrent)
      Scalar._multiply(
        rows: rows, columns: size, inner: size, recurrent, stride: size,
        packed: parameters.plain(weightHidden, block: 1), bias: nil, accumulate: true, into: gates + 2 * size,
        resultStride: 3 * size)
      Scalar._gruBeforeOutput(rows: rows, size: size, gates: gates, hiddenBefore: before, y: after)
    }
  }

  /// One step of some units of one sequence, reset after.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  override func step(_ t: Int, _ units: Units, _ parameters: PackedParameters<Scalar>.Pointers) {
    let before = tracks[0].base + before(t)
    for gate in 0..<2 {
      addRecurrent(
        gate, of: units, before, parameters.plain(weightHidden), to: units.gates + gate * units.count)
    }
    let q = recurrent.base + t * outputSize + units.first
    Scalar._multiply(
      rows: 1, columns: units.count, inner: outputSize, before, stride: outputSize,
      packed: parameters.plain(weightHidden, block: 1) + units.first * outputSize,
      bias: biasHidden.map { parameters.vector($0) + units.first }, accumulate: false, into: q,
      resultStride: units.count)
    Scalar._gruAfter(
      rows: 1, size: units.count, gates: units.gates, q: q, hiddenBefore: before + units.first,
      y: tracks[0].base + after(t) + units.first)
  }

  override func connectBack(_ outputGradient: UnsafePointer<Scalar>, needsInputGradient: Bool) {
    super.connectBack(outputGradient, needsInputGradient: needsInputGradient)
    recurrentGradient.reserve((form == .resetAfter ? plan.steps : 1) * plan.batchSize * outputSize)
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  override func backpropagate(_ parameters: PackedParameters<Scalar>.Pointers, thread: Int) {
    let size = outputSize
    let (states, gates, q, da, dy) = (tracks[0].base, gates.base, recurrent.base, da.base, outputGradient)
    let (dh, dq) = (stateGradients[0].base, recurrentGradient.base)
    for index in stride(from: plan.steps - 1, through: 0, by: -1) {
      let t = time(index)
      plan.forEachRun(of: thread, at: t) { first, count in
        let place = (t * plan.batchSize + first) * size
        stepBack(
          rows: count, gates: gates + 3 * place, q: q + place, before: states + before(t) + first * size,
          dy: dy + place, dh: dh + first * size, da: da + 3 * place,
          recurrent: dq + (form == .resetAfter ? place : first * size), parameters)
      }
    }
    inputGradients(parameters, thread: thread)
  }

  /// One step of neighbouring rows. `recurrent` receives dq (reset after) or d(r ⊙ h) (reset before).
  @inline(__always)
  private func stepBack(
    rows: Int, gates: UnsafePointer<Scalar>, q: UnsafePointer<Scalar>, before: UnsafePointer<Scalar>,
    dy: UnsafePointer<Scalar>, dh: UnsafeMutablePointer<Scalar>, da: UnsafeMutablePointer<Scalar>,
    recurrent: UnsafeMutablePointer<Scalar>, _ parameters: PackedParameters<Scalar>.Pointers
  ) {
    let size = outputSize
    let candidate = parameters.transposed(weightHidden, block: 1)
    switch form {
    case .resetAfter:
      Scalar._gruAfterGradient(
        rows: rows, size: size, gates: gates, q: q, hiddenBefore: before, dy: dy, dh: dh, da: da,
        dq: recurrent)
      Scalar._multiply(
        rows: rows, columns: size, inner: size, recurrent, stride: size, packed: candidate, bias: nil,
        accumulate: true, into: dh, resultStride: size)
    case .resetBefore:
      Scalar._gruBeforeOutputGradient(
        rows: rows, size: size, gates: gates, hiddenBefore: before, dy: dy, dh: dh, da: da)
      Scalar._multiply(
        rows: rows, columns: size, inner: size, da + 2 * size, stride: 3 * size, packed: candidate, bias: nil,
        accumulate: false, into: recurrent, resultStride: size)
      Scalar._gruBeforeResetGradient(
        rows: rows, size: size, gates: gates, hiddenBefore: before, drh: recurrent, dh: dh, da: da)
    }
    Scalar._multiply(
      rows: rows, columns: size, inner: 2 * size, da, stride: 3 * size,
      packed: parameters.transposed(weightHidden), bias: nil, accumulate: true, into: dh, resultStride: size)
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
