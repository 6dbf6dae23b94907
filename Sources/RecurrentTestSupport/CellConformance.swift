public import RecurrentCore
public import RecurrentNN

/// Whether a cell keeps the contract of ``RecurrentCell``: an empty list, or what is broken, in words.
///
///     #expect(checkCell { layout in MyCell<Double>(inputSize: 3, hiddenSize: 5, named: "my", in: &layout) } == [])
///
/// In both directions it checks everything that ``checkLayer(splitting:mode:_:)`` does, and besides
///
/// 9. whole sequences (`run`, `pullback`) give the bits of single steps (`step`, `backpropagate`);
/// 10. the sizes of input, output and batch differ, without which a transposed matrix could pass.
public func checkCell<Cell: RecurrentCell>(_ make: (inout ParameterLayout) -> Cell) -> [String] {
  var layout = ParameterLayout()
  let cell = make(&layout)
  var failures: [String] = []
  if Set([cell.inputSize, cell.outputSize, 2, 4]).count < 4 {
    failures.append(
      "input size \(cell.inputSize) and output size \(cell.outputSize) must differ from one another and from the batches' 2 and 4"
    )
  }
  for direction in Direction.allCases {
    let found =
      checkLayer(splitting: direction == .forward ? .forward : .reverse) { layout in
        RecurrentLayer(make(&layout), direction: direction) as any SequenceLayer<Cell.Scalar>
      } + fusedAndStepwise(cell, layout, direction)
    failures += found.map { "\(direction.rawValue): \($0)" }
  }
  return failures
}

private func fusedAndStepwise<Cell: RecurrentCell>(
  _ cell: Cell, _ layout: ParameterLayout, _ direction: Direction
) -> [String] {
  let parameters = PackedParameters(ParameterStore<Cell.Scalar>(initializing: layout, seed: 2))
  return withEvery("lengths", in: [[1], [3, 3, 3], [5, 1, 0, 4]]) { lengths in
    var draws = Draws(seed: 3)
    let input: SequenceBatch<Cell.Scalar> = draws.batch(lengths: lengths, features: cell.inputSize)
    let outputGradient: SequenceBatch<Cell.Scalar> = draws.batch(lengths: lengths, features: cell.outputSize)
    func drawn() -> Cell.State {
      Cell.State(
        components: cell.zeroState(batchSize: lengths.count).components.map {
          draws.matrix($0.rows, $0.columns)
        })
    }
    let initial = drawn()
    let finalGradient = drawn()

    let fused = cell.run(input, from: initial, direction: direction, parameters: parameters)
    let stepwise = cell.runStepwise(input, from: initial, direction: direction, parameters: parameters)
    var fusedGradients = ParameterStore<Cell.Scalar>(zeros: layout)
    var stepwiseGradients = fusedGradients
    let fusedBack = cell.pullback(
      outputGradient, finalStateGradient: finalGradient, through: fused.tape, parameters: parameters,
      into: &fusedGradients)
    let stepwiseBack = cell.pullbackStepwise(
      outputGradient, finalStateGradient: finalGradient, through: stepwise.tape, parameters: parameters,
      into: &stepwiseGradients)
    return difference("output, whole against steps", fused.output, stepwise.output)
      + difference(
        "final state, whole against steps", elements(fused.finalState), elements(stepwise.finalState))
      + difference("gradient of input, whole against steps", fusedBack.input, stepwiseBack.input)
      + difference(
        "gradient of initial state, whole against steps", elements(fusedBack.initialState),
        elements(stepwiseBack.initialState))
      + layout.slots.flatMap { slot in
        difference(
          "gradient of \(slot.name), whole against steps", Array(fusedGradients.values[slot.range]),
          Array(stepwiseGradients.values[slot.range]))
      }
  }
}

private func elements<State: RecurrentState>(_ state: State) -> [State.Scalar] {
  state.components.flatMap(\.elements)
}
