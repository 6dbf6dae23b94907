package import Recurrent
internal import RecurrentTasks

/// Sequences of one length that a definition gave, as examples.
package struct DrawnExamples: BatchSource {
  /// What each position is compared with, position after position.
  package enum Targets {
    case classes([Int])
    case values([Float])
  }

  package struct Example {
    /// `[T, F]`.
    package var input: [Float]
    package var targets: Targets
  }

  package let steps: Int
  package let features: Int
  package let positions: SequencePositions
  package private(set) var examples: [Example] = []

  /// - Parameter positions: where each example has targets; the same for all.
  package init(steps: Int, features: Int, positions: SequencePositions) {
    (self.steps, self.features, self.positions) = (steps, features, positions)
  }

  package mutating func append(_ input: [Float], classes: [Int]) {
    examples.append(Example(input: input, targets: .classes(classes)))
  }

  package mutating func append(_ input: [Float], values: [Float]) {
    examples.append(Example(input: input, targets: .values(values)))
  }

  /// Symbols as one-hot vectors.
  package mutating func append(symbols: [Int], classes: [Int]) {
    var input = [Float](repeating: 0, count: steps * features)
    for (t, symbol) in symbols.enumerated() { input[t * features + symbol] = 1 }
    append(input, classes: classes)
  }

  package var count: Int { examples.count }

  package func batch(_ indices: [Int]) -> SequenceModel<Float>.Batch {
    var input = SequenceBatch<Float>(
      zeros: steps, indices.count, features, identifiers: indices.map(UInt64.init))
    for (b, index) in indices.enumerated() {
      for t in 0..<steps {
        for f in 0..<features { input[t, b, f] = examples[index].input[t * features + f] }
      }
    }
    return SequenceModel.Batch(input: input, targets: targets(indices), positions: positions(indices.count))
  }

  /// Rows stand by step and then by sequence.
  private func targets(_ indices: [Int]) -> LossTargets<Float> {
    var classes: [Int] = []
    var values: [Float] = []
    let rows = positions.rows(lengths: [steps], steps: steps).count
    for row in 0..<rows {
      for index in indices {
        switch examples[index].targets {
        case .classes(let own): classes.append(own[row])
        case .values(let own):
          let width = own.count / rows
          values += own[row * width..<(row + 1) * width]
        }
      }
    }
    if !classes.isEmpty || rows == 0 { return .classes(classes) }
    return .values(
      Matrix(
        rows: rows * indices.count, columns: values.count / (rows * max(indices.count, 1)), elements: values))
  }

  /// A mask is of one sequence, and here every one has it.
  private func positions(_ count: Int) -> SequencePositions {
    guard case .mask(let mask) = positions, let own = mask.first else { return positions }
    return .mask([[Bool]](repeating: own, count: count))
  }
}

/// A network on examples of a definition, trained and asked.
package struct DrawnNetwork {
  package let model: SequenceModel<Float>
  package var parameters: ParameterStore<Float>

  /// - Parameters:
  ///   - layers: under a linear layer with `outputs` outputs.
  ///   - seed: of the first parameters.
  package init(
    _ layers: [LayerConfiguration], inputs: Int, outputs: Int, loss: Loss, positions: SequencePositions,
    seed: UInt64
  ) throws {
    var layout = ParameterLayout()
    let body: any SequenceLayer<Float> = try LayerConfiguration.stack(layers).makeLayer(
      inputSize: inputs, named: "recurrent", in: &layout)
    let head = Linear<Float>(inputSize: body.outputSize, outputSize: outputs, named: "output", in: &layout)
    model = SequenceModel(body: body, positions: positions, head: head, loss: loss, layout: layout)
    parameters = ParameterStore(initializing: layout, seed: seed)
  }

  /// Trains it; the parameters after the last epoch are kept, so that no other examples choose.
  ///
  /// - Parameter isDone: asked after each epoch with its training loss whether that is enough.
  /// - Returns: the epochs that it took.
  @discardableResult package mutating func train(
    on examples: DrawnExamples, _ options: TrainerOptions, threads: Int,
    until isDone: (Double) -> Bool = { _ in false }
  ) throws -> Int {
    var options = options
    options.keepsBest = false
    var trainer = try Trainer(
      model: model, source: examples, options: options, parameters: parameters, threads: threads)
    while let event = try trainer.next() {
      if case .epoch(let record) = event, isDone(record.trainingLoss) { break }
    }
    parameters = trainer.state.parameters
    return trainer.state.progress.epoch
  }

  /// The outputs at the positions, by step and then by example.
  package func outputs(_ examples: DrawnExamples) -> (
    outputs: Matrix<Float>, targets: LossTargets<Float>
  ) {
    let batch = examples.batch(Array(0..<examples.count))
    let made = model.outputs(
      batch.input, positions: batch.positions, parameters: PackedParameters(parameters))
    return (made.outputs, batch.targets)
  }

  /// The share of targets whose class has the highest output.
  package func accuracy(_ examples: DrawnExamples) -> Double {
    let (outputs, targets) = outputs(examples)
    guard case .classes(let classes) = targets, !classes.isEmpty else { return .nan }
    let right = classes.indices.count { row in
      let logits = (0..<outputs.columns).map { outputs[row, $0] }
      return logits.indices.max { logits[$0] < logits[$1] } == classes[row]
    }
    return Double(right) / Double(classes.count)
  }
}
