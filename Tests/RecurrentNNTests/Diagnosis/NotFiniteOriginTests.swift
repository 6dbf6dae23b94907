import RecurrentCore
import RecurrentNN
import Testing

/// Layer and step of the first number that is NaN or infinite, where arithmetic by hand says which it must be.
@Suite("Origin of what is not finite")
struct NotFiniteOriginTests {
  /// One unit without bias, the identity as its activation: with the recurrent weight 1e10 and one impulse of 1, it is
  /// 1, 1e10, 1e20, 1e30, and beyond `Float` four steps after the impulse.
  private static let cell = CellConfiguration(.simple(.identity), size: 1, bias: false)

  /// A model of Float whose weights are 1 and recurrent weights 0, but for those named.
  private func model(
    _ layers: [LayerConfiguration], positions: SequencePositions = .all, weights: [String: Float]
  ) throws -> (SequenceModel<Float>, PackedParameters<Float>) {
    var layout = ParameterLayout()
    let body: any SequenceLayer<Float> = try LayerConfiguration.stack(layers).makeLayer(
      inputSize: 1, named: "rnn", in: &layout)
    var store = ParameterStore<Float>(zeros: layout)
    var named = weights
    for slot in layout.slots {
      let value = named.removeValue(forKey: slot.name) ?? (slot.name.hasSuffix("weightHidden") ? 0 : 1)
      store[slot] = Matrix(
        rows: slot.rows, columns: slot.columns,
        elements: [Float](repeating: value, count: slot.rows * slot.columns))
    }
    #expect(named.isEmpty)
    let model = SequenceModel(body: body, positions: positions, loss: .meanSquaredError, layout: layout)
    return (model, PackedParameters(store))
  }

  /// Sequences of zeros with a 1 at one step of each; `nil`: none.
  private func batch(
    lengths: [Int], impulses: [Int?], outputs: Int = 1, positions: SequencePositions = .all
  ) -> SequenceModel<Float>.Batch {
    var input = SequenceBatch<Float>(zeros: lengths.max() ?? 0, lengths.count, 1, lengths: lengths)
    for (b, step) in impulses.enumerated() { if let step { input[step, b, 0] = 1 } }
    let rows = positions.rows(lengths: lengths, steps: input.steps)
    return .init(input: input, targets: .values(Matrix(zeros: rows.count, outputs)))
  }

  private let mode = RunMode.training(seed: 1, update: 0)

  @Test func anExplodingLayerOverTime() throws {
    for (direction, impulse, step) in [(Direction.forward, 2, 6), (.reverse, 7, 3)] {
      let (model, parameters) = try model(
        [.recurrent(Self.cell, direction: direction)], weights: ["rnn.0.\(direction).weightHidden": 1e10])
      // The other sequences end before it can happen, or have no impulse.
      let batch = batch(lengths: [3, 10, 0, 10], impulses: [1, nil, nil, impulse])
      #expect(
        model.firstNotFinite(on: batch, parameters: parameters, mode: mode)
          == .activation(layer: "body.0.\(direction)", component: "hidden", step: step))
      // Gradients explode too, so no impulse may have more than two steps to go.
      let harmless = self.batch(lengths: [3, 10, 0, 2], impulses: [1, nil, nil, 0])
      #expect(model.firstNotFinite(on: harmless, parameters: parameters, mode: mode) == nil)
    }
  }

  /// The explosion in one direction of one layer of three, whichever it is.
  @Test(arguments: [0, 1, 2], [Direction.forward, .reverse])
  func anExplodingLayerAtDepth(_ depth: Int, _ direction: Direction) throws {
    let layers = [LayerConfiguration](
      repeating: .bidirectional(forward: Self.cell, reverse: Self.cell, merge: .mean), count: 3)
    let (model, parameters) = try model(layers, weights: ["rnn.\(depth).\(direction).weightHidden": 1e10])
    let batch = batch(lengths: [2, 12, 12], impulses: [0, nil, 6])
    #expect(
      model.firstNotFinite(on: batch, parameters: parameters, mode: mode)
        == .activation(
          layer: "body.\(depth).\(direction)", component: "hidden", step: direction == .forward ? 10 : 2))
  }

  /// NaN times zero is NaN: at the first step of the direction, in the memory before the output.
  @Test(
    arguments: [CellConfiguration.Kind.lstm, .gru(.resetBefore), .gru(.resetAfter), .simple(.relu)],
    [Direction.forward, .reverse])
  func weightsThatAreNaN(_ kind: CellConfiguration.Kind, _ direction: Direction) throws {
    for name in ["weightInput", "weightHidden", "bias"] {
      var layout = ParameterLayout()
      let body: any SequenceLayer<Float> = try LayerConfiguration.recurrent(
        CellConfiguration(kind, size: 2), direction: direction
      ).makeLayer(inputSize: 2, named: "rnn", in: &layout)
      var store = ParameterStore<Float>(initializing: layout, seed: 1)
      let slot = try #require(layout.slots.first { $0.name.contains(name) }, "\(name)")
      for index in slot.range { store.values[index] = .nan }
      let model = SequenceModel(body: body, positions: .last, loss: .meanSquaredError, layout: layout)
      let found = model.firstNotFinite(
        on: .init(
          input: SequenceBatch(zeros: 9, 2, 2, lengths: [4, 6]), targets: .values(Matrix(zeros: 2, 2))),
        parameters: PackedParameters(store), mode: mode)
      #expect(
        found
          == .activation(
            layer: "body.\(direction)", component: kind == .lstm ? "cell" : "hidden",
            step: direction == .forward ? 0 : 5), "\(name)")
    }
  }

  /// The shortest prefix of the input, or suffix in the reverse direction, whose output is not finite ends at that step.
  @Test(arguments: [Direction.forward, .reverse], 1...6 as ClosedRange<UInt64>)
  func isTheEndOfTheShortestPart(_ direction: Direction, seed: UInt64) throws {
    let steps = 60
    var layout = ParameterLayout()
    let cell = CellConfiguration(.simple(.identity), size: 4)
    let layer: any SequenceLayer<Float> = try LayerConfiguration.recurrent(cell, direction: direction)
      .makeLayer(inputSize: 3, named: "rnn", in: &layout)
    var store = ParameterStore<Float>(initializing: layout, seed: seed)
    store.values = store.values.map { $0 * 40 }
    let parameters = PackedParameters(store)
    let draws = CounterGenerator(seed: seed, purpose: .check)
    func input(_ range: Range<Int>) -> SequenceBatch<Float> {
      SequenceBatch(
        steps: range.count, batchSize: 1, features: 3,
        values: (3 * range.lowerBound..<3 * range.upperBound).map {
          Float(draws.uniform(at: UInt64($0)) - 0.5)
        })
    }
    let length = try #require(
      (1...steps).first { count in
        let part = input(direction == .forward ? 0..<count : steps - count..<steps)
        return !layer.forward(part, parameters: parameters).output.values.allSatisfy(\.isFinite)
      })
    let model = SequenceModel(body: layer, positions: .last, loss: .meanSquaredError, layout: layout)
    let batch = SequenceModel<Float>.Batch(input: input(0..<steps), targets: .values(Matrix(zeros: 1, 4)))
    #expect(
      model.firstNotFinite(on: batch, parameters: parameters, mode: mode)
        == .activation(
          layer: "body.\(direction)", component: "hidden",
          step: direction == .forward ? length - 1 : steps - length))
    #expect(length > 1 && length < steps)
  }
}
