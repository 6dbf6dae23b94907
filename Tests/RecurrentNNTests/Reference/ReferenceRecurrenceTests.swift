import RecurrentCore
import RecurrentNN
import RecurrentTestSupport
import Testing

/// The cells, with a sweep or without, against nested loops: outputs, final states and all gradients.
@Suite("Nested loops")
struct ReferenceRecurrenceTests {
  typealias Kind = (name: String, cell: CellConfiguration.Kind)

  /// Relative to the greatest magnitude of a tensor, or to 1. The two round in other orders and use other exponentials:
  /// about 100 roundings of 10⁻¹⁶ each. Layer normalisation divides them by the deviation of a row, there and back, which of three
  /// units may be a tenth.
  static func tolerance(_ kinds: [CellConfiguration.Kind]) -> Double {
    kinds.contains(.layerNormLSTM) ? 1e-12 : 1e-13
  }

  static let kinds: [Kind] =
    Activation.allCases.map { ("rnn \($0)", .simple($0)) } + GRUForm.allCases.map { ("gru \($0)", .gru($0)) }
    + [("lstm", .lstm), ("layer-norm lstm", .layerNormLSTM)]

  private static func twin(
    _ kind: CellConfiguration.Kind, named prefix: String, in store: ParameterStore<Double>
  ) -> any NaiveCell<NaiveWeights> {
    switch kind {
    case .simple(let activation): NaiveSimpleRNN(activation, named: prefix, in: store)
    case .gru(let form): NaiveGRU(form, named: prefix, in: store)
    case .lstm: NaiveLSTM(named: prefix, in: store)
    case .layerNormLSTM: NaiveLayerNormLSTM(named: prefix, in: store)
    }
  }

  @Test(arguments: kinds.indices, [true, false])
  func oneDirection(_ index: Int, _ bias: Bool) throws {
    let kind = Self.kinds[index]
    for direction in Direction.allCases {
      let layer = LayerConfiguration.recurrent(
        CellConfiguration(kind.cell, size: 5, bias: bias), direction: direction)
      try compare(layer, [("layer.\(direction)", kind.cell, direction)])
    }
  }

  @Test(arguments: kinds.indices, kinds.indices)
  func twoDirectionsOfAnyKindsAndSizes(_ forward: Int, _ reverse: Int) throws {
    let layer = LayerConfiguration.bidirectional(
      forward: CellConfiguration(Self.kinds[forward].cell, size: 5),
      reverse: CellConfiguration(Self.kinds[reverse].cell, size: 3))
    try compare(
      layer,
      [
        ("layer.forward", Self.kinds[forward].cell, .forward),
        ("layer.reverse", Self.kinds[reverse].cell, .reverse),
      ])
  }

  /// `chains`: what the layer's features are, from the first on.
  private func compare(
    _ configuration: LayerConfiguration,
    _ chains: [(prefix: String, kind: CellConfiguration.Kind, direction: Direction)]
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

    let tolerance = Self.tolerance(chains.map(\.kind))
    var expectedInput = input.blank(features: 3)
    var firstFeature = 0
    for (prefix, kind, direction) in chains {
      let chain = Chain(
        input: input, outputGradient: outputGradient, initial: initial, finalGradient: finalGradient,
        run: run, back: back, firstFeature: firstFeature, direction: direction,
        isBidirectional: chains.count == 2, tolerance: tolerance)
      let twin = Self.twin(kind, named: prefix, in: store)
      firstFeature += twin.hiddenSize
      expectGradients(gradients, prefix, follow(chain, twin, &expectedInput), tolerance)
    }
    expectClose("input", back.input.values, expectedInput.values, tolerance)
  }

  /// Compares one direction's outputs and states; adds to ∂L/∂input and returns the parameters' gradients.
  private func follow<Cell: NaiveCell>(
    _ chain: Chain, _ twin: Cell, _ inputGradient: inout SequenceBatch<Double>
  ) -> Cell.Weights {
    let features = chain.firstFeature..<chain.firstFeature + twin.hiddenSize
    var gradients = twin.zeroGradients
    for b in chain.input.lengths.indices {
      let made = twin.run(
        steps(chain.input, b, 0..<chain.input.features), from: chain.state(chain.initial, b),
        direction: chain.direction)
      let madeBack = twin.backpropagate(
        steps(chain.outputGradient, b, features), final: chain.state(chain.finalGradient, b), through: made,
        into: &gradients)
      expectClose(
        "output", steps(chain.run.output, b, features).flatMap { $0 }, made.outputs.flatMap { $0 },
        chain.tolerance)
      expectClose("final h", chain.state(chain.run.finalState, b).h, made.final.h, chain.tolerance)
      expectClose("final c", chain.state(chain.run.finalState, b).c, made.final.c, chain.tolerance)
      expectClose("initial h", chain.state(chain.back.initialState, b).h, madeBack.initial.h, chain.tolerance)
      expectClose("initial c", chain.state(chain.back.initialState, b).c, madeBack.initial.c, chain.tolerance)
      for (t, dx) in madeBack.dxs.enumerated() {
        for f in dx.indices { inputGradient[t, b, f] += dx[f] }
      }
    }
    return gradients
  }

  /// What a layer gave, and which of its directions to look at.
  private struct Chain {
    let input, outputGradient: SequenceBatch<Double>
    let initial, finalGradient: LayerState<Double>
    let run: LayerRun<Double>
    let back: LayerGradient<Double>
    let firstFeature: Int
    let direction: Direction
    let isBidirectional: Bool
    let tolerance: Double

    func state(_ state: LayerState<Double>, _ b: Int) -> NaiveState {
      let own = isBidirectional ? (direction == .forward ? state.forward : state.reverse) : state
      return NaiveState(h: own?.hidden?.row(b) ?? [], c: own?.cell?.row(b) ?? [])
    }
  }

  private func steps(_ batch: SequenceBatch<Double>, _ b: Int, _ features: Range<Int>) -> [[Double]] {
    (0..<batch.lengths[b]).map { t in features.map { batch[t, b, $0] } }
  }

  private func expectGradients(
    _ gradients: ParameterStore<Double>, _ prefix: String, _ expected: NaiveWeights,
    _ tolerance: Double
  ) {
    for (name, values) in [
      ("weightInput", expected.w.flatMap { $0 }), ("weightHidden", expected.u.flatMap { $0 }),
      ("bias", expected.b), ("biasHidden", expected.c), ("gainInput", expected.gainInput),
      ("gainHidden", expected.gainHidden), ("gainCell", expected.gainCell), ("biasCell", expected.biasCell),
    ] {
      guard let slot = gradients.layout["\(prefix).\(name)"] else { continue }
      expectClose("\(prefix).\(name)", Array(gradients.values[slot.range]), values, tolerance)
    }
  }

  private func expectClose(_ what: String, _ found: [Double], _ expected: [Double], _ tolerance: Double) {
    let error = scaledError(found, expected)
    #expect(error <= tolerance, "\(what)")
  }
}
