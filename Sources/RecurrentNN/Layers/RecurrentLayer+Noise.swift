internal import RecurrentCore

/// The noise of one layer on one batch, drawn.
struct DrawnNoise<Scalar: TensorScalar>: Sendable {
  /// m `[B, H]`; `nil`: recurrent dropout does not act.
  private let mask: Matrix<Scalar>?
  /// k `[T, B, size]` of each component; `nil`: zoneout does not act on it.
  private let kept: [SequenceBatch<Scalar>?]
  private let hidden: Int?
  private let acts: Bool

  /// - Parameters:
  ///   - noise: `nil`: none.
  ///   - firstStep: which step of its sequences the input's first one is.
  init<Cell: RecurrentCell<Scalar>>(
    _ noise: RecurrentNoise?, of cell: Cell, on input: SequenceBatch<Scalar>, _ mode: RunMode,
    firstStep: Int = 0
  ) {
    hidden = Cell.hiddenComponent
    let sizes = cell.zeroState(batchSize: 1).components.map(\.columns)
    var mask: Matrix<Scalar>?
    if let noise, noise.dropout > 0, let hidden, case .training(let seed, let update) = mode {
      var drawn = Matrix<Scalar>(zeros: input.batchSize, sizes[hidden])
      withBase(&drawn.elements) {
        noise.fillMask(
          $0, size: sizes[hidden], seed: seed, update: update, sequences: 0..<input.batchSize,
          identifiers: input.identifiers)
      }
      mask = drawn
    }
    self.mask = mask
    let rates = noise?.zoneoutRates(components: sizes.count, hidden: hidden)
    kept = sizes.indices.map { component in
      guard let noise, let rate = rates?[component], rate > 0 else { return nil }
      var drawn = input.blank(features: sizes[component])
      withBase(&drawn.values) {
        noise.fillKept(
          $0, rate: rate, component: component, size: sizes[component], mode,
          sequences: 0..<input.batchSize, batchSize: input.batchSize, lengths: input.lengths,
          identifiers: input.identifiers, firstStep: firstStep)
      }
      return drawn
    }
    acts = mask != nil || kept.contains { $0 != nil }
  }

  /// What a step needs again on its way back.
  struct Tape<Cell: RecurrentCell>: Sendable where Cell.Scalar == Scalar {
    let cell: Cell.Tape
    let mask: Matrix<Scalar>?
    /// Of each component; empty where no noise acts.
    let kept: [Matrix<Scalar>?]
  }

  /// The cell's step at time `t` of the sequences `rows`, with noise.
  func step<Cell: RecurrentCell<Scalar>>(
    _ cell: Cell, _ input: Matrix<Scalar>, at t: Int, rows: [Int], state: inout Cell.State,
    parameters: PackedParameters<Scalar>
  ) -> (output: Matrix<Scalar>, tape: Tape<Cell>) {
    if !acts {
      let made = cell.step(input, state: &state, parameters: parameters)
      return (made.output, Tape(cell: made.tape, mask: nil, kept: []))
    }
    let mask = mask?.gatheringRows(rows)
    let kept = kept.map { $0?.step(t).gatheringRows(rows) }
    let before = state.components
    var (output, tape): (Matrix<Scalar>, Cell.Tape)
    if let mask {
      (output, tape) = cell.step(input, state: &state, hiddenMask: mask, parameters: parameters)
    } else {
      (output, tape) = cell.step(input, state: &state, parameters: parameters)
    }
    var after = state.components
    for (component, kept) in kept.enumerated() {
      guard let kept else { continue }
      after[component] = kept * before[component] + kept.map { 1 - $0 } * after[component]
      if component == hidden { output = after[component] }
    }
    state = Cell.State(components: after)
    return (output, Tape(cell: tape, mask: mask, kept: kept))
  }

  /// The adjoint of ``step(_:_:at:rows:state:parameters:)``.
  func backpropagate<Cell: RecurrentCell<Scalar>>(
    _ cell: Cell, _ outputGradient: Matrix<Scalar>, through tape: Tape<Cell>,
    stateGradient: inout Cell.State, parameters: PackedParameters<Scalar>,
    into gradients: inout ParameterStore<Scalar>
  ) -> Matrix<Scalar> {
    if tape.kept.isEmpty {
      return cell.backpropagate(
        outputGradient, through: tape.cell, stateGradient: &stateGradient, parameters: parameters,
        into: &gradients)
    }
    var outputGradient = outputGradient
    var after = stateGradient.components
    var direct: [Matrix<Scalar>?] = []
    for (component, kept) in tape.kept.enumerated() {
      guard let kept else {
        direct.append(nil)
        continue
      }
      if component == hidden {
        after[component] = outputGradient + after[component]
        outputGradient = Matrix(zeros: outputGradient.rows, outputGradient.columns)
      }
      direct.append(kept * after[component])
      after[component] = kept.map { 1 - $0 } * after[component]
    }
    stateGradient = Cell.State(components: after)
    let inputGradient: Matrix<Scalar>
    if let mask = tape.mask {
      inputGradient = cell.backpropagate(
        outputGradient, through: tape.cell, stateGradient: &stateGradient, hiddenMask: mask,
        parameters: parameters, into: &gradients)
    } else {
      inputGradient = cell.backpropagate(
        outputGradient, through: tape.cell, stateGradient: &stateGradient, parameters: parameters,
        into: &gradients)
    }
    var before = stateGradient.components
    for (component, direct) in direct.enumerated() {
      if let direct { before[component] += direct }
    }
    stateGradient = Cell.State(components: before)
    return inputGradient
  }
}
