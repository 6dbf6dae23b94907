public import RecurrentCore

/// A cell run over a sequence in one direction.
///
/// In the reverse direction each sequence starts at its own last step; outputs stand at the steps they belong to, and
/// the final state is the one after step 0.
public struct RecurrentLayer<Cell: RecurrentCell>: SequenceLayer {
  /// The cell computes in it.
  public typealias Scalar = Cell.Scalar

  /// One time step.
  public let cell: Cell
  /// Which way over time.
  public let direction: Direction

  /// Recurrent dropout and zoneout; `nil`: none.
  public let noise: RecurrentNoise?

  /// Precondition: recurrent dropout needs a cell that says which component of its state is h.
  ///
  /// - Parameters:
  ///   - direction: default forward.
  ///   - noise: default none. A built-in cell stays one fused sweep with it.
  public init(_ cell: Cell, direction: Direction = .forward, noise: RecurrentNoise? = nil) {
    precondition(
      noise?.dropout ?? 0 == 0 || Cell.hiddenComponent != nil,
      "recurrent dropout: none of the state's components \(Cell.State.componentNames) is h")
    self.cell = cell
    self.direction = direction
    self.noise = noise
  }

  /// F of the cell.
  public var inputSize: Int { cell.inputSize }
  /// H of the cell.
  public var outputSize: Int { cell.outputSize }

  /// In the reverse direction.
  public var readsAhead: Bool { direction == .reverse }
  /// The cell's state of zeros.
  public func zeroState(batchSize: Int) -> LayerState<Scalar> {
    LayerState(cell.zeroState(batchSize: batchSize))
  }

  /// The cell's `run`, and its `pullback` on the way back; where noise acts, the same with noise. Precondition: the input has
  /// the cell's features, the state its components.
  @specialized(where Cell == SimpleRNNCell<Float>)
  @specialized(where Cell == SimpleRNNCell<Double>)
  @specialized(where Cell == GRUCell<Float>)
  @specialized(where Cell == GRUCell<Double>)
  @specialized(where Cell == LSTMCell<Float>)
  @specialized(where Cell == LSTMCell<Double>)
  public func forward(
    _ input: SequenceBatch<Scalar>, from initialState: LayerState<Scalar>,
    parameters: PackedParameters<Scalar>, mode: RunMode
  ) -> LayerRun<Scalar> {
    precondition(
      input.features == inputSize, "recurrent layer expects \(inputSize) features, found \(input.features)")
    if let noise, noise.acts(in: mode) {
      guard let swept = cell as? any SweptCell<Scalar> else {
        return forwardStepwise(input, from: initialState, parameters: parameters, mode: mode)
      }
      return swept.makeSweep(direction, noise: noise).run(
        input.withoutPadding, from: initialState, parameters: parameters, mode: mode)
    }
    // Products over all steps at once read the padding; zeros there keep it from mattering.
    let run = cell.run(
      input.withoutPadding, from: initialState.cellState("recurrent layer"), direction: direction,
      parameters: parameters)
    let tape = run.tape
    return LayerRun(output: run.output, finalState: LayerState(run.finalState)) {
      [cell] outputGradient, finalStateGradient, gradients in
      let back = cell.pullback(
        outputGradient, finalStateGradient: finalStateGradient.cellState("recurrent layer"), through: tape,
        parameters: parameters, into: &gradients)
      return LayerGradient(input: back.input, initialState: LayerState(back.initialState))
    }
  }
}
