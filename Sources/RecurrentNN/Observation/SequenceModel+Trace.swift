public import RecurrentCore

/// What a model did with a batch, and how a loss depends on each step.
public struct ModelTrace<Scalar: TensorScalar>: Sendable {
  /// The outputs at the positions `[N, Q]`, by step and then by sequence.
  public let outputs: Matrix<Scalar>
  /// The recurrent layers from below, the forward direction before the reverse one; of layers side by side, branch after branch.
  public let cells: [CellTrace<Scalar>]
  /// ∂L/∂xₜ `[T, B, F]`: x is what an embedding at the bottom gives for the symbols, and the model's input where there is none.
  public let inputGradient: SequenceBatch<Scalar>

  package init(
    outputs: Matrix<Scalar>, cells: [CellTrace<Scalar>], inputGradient: SequenceBatch<Scalar>
  ) {
    (self.outputs, self.cells, self.inputGradient) = (outputs, cells, inputGradient)
  }
}

extension SequenceModel {
  /// Runs the model as in use and looks inside: gates and states at every step, and the gradient of a loss at every step.
  ///
  ///     let trace = model.trace(.symbols(text), parameters: parameters) { outputs in … ∂L/∂outputs … }
  ///     trace.cells[0].gates[1].values      // the forget gate of the lowest layer, an LSTM
  ///     trace.cells[0].gradientNorms()      // ‖∂L/∂hₜ‖ for every t
  ///
  /// Outputs have the bits of ``outputs(_:from:positions:parameters:)``. Time: about that of a step of training taken step by step;
  /// memory: every gate and state of every step.
  ///
  /// - Parameters:
  ///   - initialState: what the sequences start from; `nil`: zeros.
  ///   - positions: where there are outputs; `nil`: the model's.
  ///   - outputGradient: ∂L/∂outputs `[N, Q]`, given the outputs.
  public func trace(
    _ input: SequenceInput<Scalar>, from initialState: LayerState<Scalar>? = nil,
    positions: SequencePositions? = nil, parameters: PackedParameters<Scalar>,
    outputGradient: (Matrix<Scalar>) -> Matrix<Scalar>
  ) -> ModelTrace<Scalar> {
    let run = bodyTrace(
      input, from: initialState ?? body.zeroState(batchSize: input.batchSize), parameters)
    let rows = (positions ?? self.positions).rows(lengths: input.lengths, steps: input.steps)
    let gathered = run.output.gathering(rows: rows)
    // Gradients of parameters come by the way and are not asked for.
    var unused = ParameterStore<Scalar>(zeros: layout)
    let (outputs, gradient): (Matrix<Scalar>, Matrix<Scalar>)
    if let head {
      let made = head.forward(Self.headInput(gathered, rows: rows, of: run.output), parameters: parameters)
      outputs = made.output.step(0)
      let back = made.pullback(
        made.output.replacingValues(features: head.outputSize, outputGradient(outputs).elements),
        made.finalState.zeroed, &unused)
      gradient = back.input.step(0)
    } else {
      (outputs, gradient) = (gathered, outputGradient(gathered))
    }
    let back = run.pullback(run.output.scattering(gradient, rows: rows), run.finalState.zeroed, &unused)
    return ModelTrace(outputs: outputs, cells: back.cells, inputGradient: back.input)
  }

  /// The same for this model's own loss on a batch.
  ///
  /// - Parameter counted: which of the outputs' losses make up L, of a loss of each output by itself; `nil`: all of them.
  public func trace(
    _ batch: Batch, counting counted: SequencePositions? = nil, parameters: PackedParameters<Scalar>
  ) -> ModelTrace<Scalar> {
    let (source, positions) = (batch.source, batch.positions ?? positions)
    let rows = positions.rows(lengths: source.lengths, steps: source.steps)
    if case .rows = objective {
    } else {
      precondition(counted == nil, "a loss of whole sequences has no part for an output")
    }
    return trace(source, from: batch.initialState, positions: positions, parameters: parameters) { outputs in
      var unused = ParameterStore<Scalar>(zeros: layout)
      var gradient = objective.gradient(
        of: outputs, SequencesOfRows(rows: rows, batchSize: source.batchSize), targets: batch.targets,
        parameters: parameters, into: &unused
      ).gradient
      guard let counted else { return gradient }
      let kept = Set(counted.rows(lengths: source.lengths, steps: source.steps))
      for (index, row) in rows.enumerated() where !kept.contains(row) {
        for column in 0..<gradient.columns { gradient[index, column] = 0 }
      }
      return gradient
    }
  }

  private func bodyTrace(
    _ input: SequenceInput<Scalar>, from state: LayerState<Scalar>, _ parameters: PackedParameters<Scalar>
  ) -> TracedRun<Scalar> {
    let tracer = LayerTracer(parameters: parameters)
    switch input {
    case .values(let batch): return tracer.run(body, "body", batch, from: state)
    case .symbols(let symbols):
      // Rows of the table in place of one-hot vectors, which may be long: the same bits.
      guard let stack = body as? Stack<Scalar>, stack.layers.count > 1,
        let embedding = stack.layers[0] as? Embedding<Scalar>
      else { return tracer.run(body, "body", symbols.oneHot(), from: state) }
      let states = state.layerStates(count: stack.layers.count, "stack")
      return tracer.run(
        stack.layers.dropFirst(), "body", embedding.vectors(of: symbols, parameters),
        from: states.dropFirst())
    }
  }
}

extension Embedding {
  /// The rows of E that the symbols name `[T, B, D]`.
  fileprivate func vectors(
    of batch: SymbolBatch, _ parameters: PackedParameters<Scalar>
  ) -> SequenceBatch<Scalar> {
    precondition(
      batch.vocabulary == inputSize,
      "'\(weight.name)' expects \(inputSize) symbols, found \(batch.vocabulary)")
    var result = SequenceBatch<Scalar>(
      zeros: batch.steps, batch.batchSize, outputSize, lengths: batch.lengths, identifiers: batch.identifiers)
    for (b, length) in batch.lengths.enumerated() {
      for t in 0..<length {
        let row = weight.offset + Int(batch.symbols[t * batch.batchSize + b]) * outputSize
        for f in 0..<outputSize { result[t, b, f] = parameters.values[row + f] }
      }
    }
    return result
  }
}
