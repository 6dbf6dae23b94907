import RecurrentCore
import RecurrentNN
import RecurrentTestSupport
import Testing

/// The fused sweeps against nested loops: outputs, final states and all gradients.
@Suite("Nested loops")
struct ReferenceRecurrenceTests {
  typealias Kind = (name: String, cell: CellConfiguration.Kind, reference: ReferenceRecurrence.Kind)

  /// Relative to the greatest magnitude of a tensor, or to 1. The two round in other orders and use other exponentials:
  /// about 100 roundings of 10⁻¹⁶ each.
  static let tolerance = 1e-13

  static let kinds: [Kind] =
    Activation.allCases.map { ("rnn \($0)", .simple($0), .simple($0)) }
    + GRUForm.allCases.map { ("gru \($0)", .gru($0), .gru($0)) } + [("lstm", .lstm, .lstm)]

  @Test(arguments: kinds.indices, [true, false])
  func oneDirection(_ index: Int, _ bias: Bool) throws {
    let kind = Self.kinds[index]
    for direction in Direction.allCases {
      let layer = LayerConfiguration.recurrent(
        CellConfiguration(kind.cell, size: 5, bias: bias), direction: direction)
      try compare(layer, [("layer.\(direction)", kind.reference, direction)])
    }
  }

  @Test(arguments: kinds.indices, kinds.indices)
  func twoDirectionsOfAnyKindsAndSizes(_ forward: Int, _ reverse: Int) throws {
    let layer = LayerConfiguration.bidirectional(
      forward: CellConfiguration(Self.kinds[forward].cell, size: 5),
      reverse: CellConfiguration(Self.kinds[reverse].cell, size: 2))
    try compare(
      layer,
      [
        ("layer.forward", Self.kinds[forward].reference, .forward),
        ("layer.reverse", Self.kinds[reverse].reference, .reverse),
      ])
  }

  /// `chains`: what the layer's features are, from the first on.
  private func compare(
    _ configuration: LayerConfiguration,
    _ chains: [(prefix: String, kind: ReferenceRecurrence.Kind, direction: Direction)]
  ) throws {
    let lengths = [4, 0, 6, 1]
    var layout = ParameterLayout()
    let layer: any SequenceLayer<Double> = try configuration.makeLayer(
      inputSize: 3, named: "layer", in: &layout)
    let store = ParameterStore<Double>(initializing: layout, seed: 11)
    var draws = Draws(seed: 12)
    let input: SequenceBatch<Double> = draws.batch(lengths: lengths, features: 3)
    let outputGradient: SequenceBatch<Double> = draws.batch(lengths: lengths, features: layer.outputSize)
    let initial = draws.state(like: layer.zeroState(batchSize: lengths.count))
    let finalGradient = draws.state(like: initial)
    let run = layer.forward(input, from: initial, parameters: PackedParameters(store))
    var gradients = ParameterStore<Double>(zeros: layout)
    let back = run.pullback(outputGradient, finalGradient, &gradients)

    var expectedInput = input.blank(features: 3)
    var firstFeature = 0
    for (prefix, kind, direction) in chains {
      let reference = ReferenceRecurrence(kind, named: prefix, in: store)
      let features = firstFeature..<firstFeature + reference.size
      firstFeature = features.upperBound
      var expected = reference.zeroGradients
      for b in lengths.indices {
        let chain = Chain(run: run, back: back, direction: direction, isBidirectional: chains.count == 2)
        let made = reference.run(
          steps(input, b, 0..<3), from: chain.state(initial, b), direction: direction)
        let madeBack = reference.backpropagate(
          steps(outputGradient, b, features), final: chain.state(finalGradient, b), through: made,
          into: &expected)
        expectClose("output", steps(run.output, b, features).flatMap { $0 }, made.outputs.flatMap { $0 })
        expectClose("final h", chain.state(run.finalState, b).h, made.final.h)
        expectClose("final c", chain.state(run.finalState, b).c, made.final.c)
        expectClose("initial h", chain.state(back.initialState, b).h, madeBack.initial.h)
        expectClose("initial c", chain.state(back.initialState, b).c, madeBack.initial.c)
        for (t, dx) in madeBack.dxs.enumerated() {
          for f in 0..<3 { expectedInput[t, b, f] += dx[f] }
        }
      }
      expectGradients(gradients, prefix, expected)
    }
    expectClose("input", back.input.values, expectedInput.values)
  }

  private struct Chain {
    let run: LayerRun<Double>
    let back: LayerGradient<Double>
    let direction: Direction
    let isBidirectional: Bool

    func state(_ state: LayerState<Double>, _ b: Int) -> ReferenceRecurrence.State {
      let own = isBidirectional ? (direction == .forward ? state.forward : state.reverse) : state
      return ReferenceRecurrence.State(h: own?.hidden?.row(b) ?? [], c: own?.cell?.row(b) ?? [])
    }
  }

  private func steps(_ batch: SequenceBatch<Double>, _ b: Int, _ features: Range<Int>) -> [[Double]] {
    (0..<batch.lengths[b]).map { t in features.map { batch[t, b, $0] } }
  }

  private func expectGradients(
    _ gradients: ParameterStore<Double>, _ prefix: String, _ expected: ReferenceRecurrence.Gradients
  ) {
    for (name, values) in [
      ("weightInput", expected.w.flatMap { $0 }), ("weightHidden", expected.u.flatMap { $0 }),
      ("bias", expected.b), ("biasHidden", expected.c),
    ] {
      guard let slot = gradients.layout["\(prefix).\(name)"] else { continue }
      expectClose("\(prefix).\(name)", Array(gradients.values[slot.range]), values)
    }
  }

  private func expectClose(_ what: String, _ found: [Double], _ expected: [Double]) {
    let error = scaledError(found, expected)
    #expect(error <= Self.tolerance, "\(what)")
  }
}
