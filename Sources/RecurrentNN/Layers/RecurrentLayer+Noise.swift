package import RecurrentCore

/// The noise of one layer on one batch, drawn.
struct DrawnNoise<Scalar: TensorScalar>: Sendable {
  /// m `[B, H]`; `nil`: recurrent dropout does not act.
  private let mask: Matrix<Scalar>?
  /// k `[T, B, size]` of each component; `nil`: zoneout does not act on it.
  private let kept: [SequenceBatch<Scalar>?]
  private let hidden: Int?

  /// - Parameter noise: `nil`: none.
  init<Cell: RecurrentCell<Scalar>>(
    _ noise: RecurrentNoise?, of cell: Cell, on input: SequenceBatch<Scalar>, _ mode: RunMode
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
          identifiers: input.identifiers)
      }
      return drawn
    }
  }

  /// What a step needs again on its way back.
  struct Tape<Cell: RecurrentCell>: Sendable where Cell.Scalar == Scalar {
    let cell: Cell.Tape
    let mask: Matrix<Scalar>?
    let kept: [Matrix<Scalar>?]
  }

  /// The cell's step at time `t` of the sequences `rows`, with noise.
  func step<Cell: RecurrentCell<Scalar>>(
    _ cell: Cell, _ input: Matrix<Scalar>, at t: Int, rows: [Int], state: inout Cell.State,
    parameters: PackedParameters<Scalar>
  ) -> (output: Matrix<Scalar>, tape: Tape<Cell>) {
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

extension RecurrentLayer {
  /// The layer with its noise by one call of the cell a step: how cells without a sweep of their own run with noise, and the
  /// twin that the sweeps of the others must equal bit for bit.
  package func forwardStepwise(
    _ input: SequenceBatch<Scalar>, from initialState: LayerState<Scalar>,
    parameters: PackedParameters<Scalar>, mode: RunMode
  ) -> LayerRun<Scalar> {
    let noise = DrawnNoise(noise, of: cell, on: input, mode)
    var tapes: [(time: Int, rows: [Int], tape: DrawnNoise<Scalar>.Tape<Cell>)] = []
    var state: Cell.State = initialState.cellState("recurrent layer")
    var output = input.blank(features: outputSize)
    for index in 0..<input.steps {
      let t = direction == .forward ? index : input.steps - 1 - index
      let rows = input.lengths.indices.filter { input.lengths[$0] > t }
      guard !rows.isEmpty else { continue }
      var active = state.gatheringRows(rows)
      let made = noise.step(
        cell, input.step(t).gatheringRows(rows), at: t, rows: rows, state: &active, parameters: parameters)
      state = state.replacingRows(rows, with: active)
      output.replace(step: t, rows: rows, with: made.output)
      tapes.append((t, rows, made.tape))
    }
    let steps = tapes
    return LayerRun(output: output, finalState: LayerState(state)) {
      [cell, inputSize] outputGradient, finalStateGradient, gradients in
      var stateGradient: Cell.State = finalStateGradient.cellState("recurrent layer")
      var inputGradient = input.blank(features: inputSize)
      for step in steps.reversed() {
        var active = stateGradient.gatheringRows(step.rows)
        let dx = noise.backpropagate(
          cell, outputGradient.step(step.time).gatheringRows(step.rows), through: step.tape,
          stateGradient: &active, parameters: parameters, into: &gradients)
        stateGradient = stateGradient.replacingRows(step.rows, with: active)
        inputGradient.replace(step: step.time, rows: step.rows, with: dx)
      }
      let input = inputGradient
      return LayerGradient(input: input, initialState: LayerState(stateGradient))
    }
  }
}

extension SequenceBatch {
  /// Sets a step of the sequences `rows` to the rows of `matrix`.
  fileprivate mutating func replace(step t: Int, rows: [Int], with matrix: Matrix<Scalar>) {
    for (source, b) in rows.enumerated() {
      for f in 0..<features { self[t, b, f] = matrix[source, f] }
    }
  }
}
