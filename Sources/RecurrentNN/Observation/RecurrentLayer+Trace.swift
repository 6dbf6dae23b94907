internal import RecurrentCore

/// Step by step, which gives the bits of the fused sweep: a sweep keeps neither a cell's memory nor its gradients at each step.
/// As in use, where zoneout acts too.
extension RecurrentLayer: TraceableLayer {
  func traced(
    _ tracer: LayerTracer<Scalar>, _ path: String, _ input: SequenceBatch<Scalar>,
    from initialState: LayerState<Scalar>
  ) -> TracedRun<Scalar> {
    let first: Cell.State = initialState.cellState("recurrent layer")
    func blank(_ names: [String], _ sizes: [Int]) -> [CellTrace<Scalar>.Quantity] {
      zip(names, sizes).map { .init(name: $0, values: input.blank(features: $1)) }
    }
    let stateNames = Cell.State.componentNames
    let stateSizes = first.components.map(\.columns)
    var trace = CellTrace<Scalar>(
      path: path, direction: direction, cell: String("\(Cell.self)".prefix { $0 != "<" }), gates: [],
      states: blank(stateNames, stateSizes), stateGradients: blank(stateNames, stateSizes))
    let made = runStepwise(
      input, from: first, parameters: tracer.parameters, mode: .inference
    ) { step, _, state in
      for (index, component) in state.components.enumerated() {
        trace.states[index].values.setRows(step.rows, at: step.time, to: component)
      }
      let gates = cell.namedGates(of: step.tape.cell)
      if trace.gates.isEmpty { trace.gates = blank(gates.map(\.name), gates.map(\.value.columns)) }
      for (index, gate) in gates.enumerated() {
        trace.gates[index].values.setRows(step.rows, at: step.time, to: gate.value)
      }
    }
    let steps = made.steps
    return TracedRun(output: made.output, finalState: LayerState(made.finalState)) {
      [trace] outputGradient, finalStateGradient, gradients in
      var trace = trace
      let back = steps.backpropagate(
        outputGradient, finalStateGradient: finalStateGradient.cellState("recurrent layer"),
        parameters: tracer.parameters, into: &gradients
      ) { step, outputGradient, stateGradient in
        for (index, component) in stateGradient.components.enumerated() {
          let total = index == Cell.hiddenComponent ? component + outputGradient : component
          trace.stateGradients[index].values.setRows(step.rows, at: step.time, to: total)
        }
      }
      return (back.input, [trace])
    }
  }
}

extension RecurrentCell {
  /// The gates of a step, where the cell shows them.
  fileprivate func namedGates(of tape: Tape) -> [(name: String, value: Matrix<Scalar>)] {
    guard let cell = self as? any GatedCell<Scalar> else { return [] }
    func open<Gated: GatedCell<Scalar>>(_ cell: Gated) -> [(name: String, value: Matrix<Scalar>)] {
      guard let tape = tape as? Gated.Tape else { return [] }
      let gates = cell.gates(of: tape)
      precondition(
        gates.count == cell.gateNames.count,
        "\(Gated.self): \(gates.count) gates for the names \(cell.gateNames)")
      return zip(cell.gateNames, gates).map { ($0, $1) }
    }
    return open(cell)
  }
}
