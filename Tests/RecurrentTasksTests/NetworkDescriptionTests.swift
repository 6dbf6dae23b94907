import Recurrent
import RecurrentNN
import RecurrentReports
import RecurrentTasks
import Testing

/// Networks that are only spelled: their parameters, operations and unrolled graphs.
@Suite struct NetworkDescriptionTests {
  private static func tanh(_ size: Int, bias: Bool) -> LayerConfiguration {
    .recurrent(CellConfiguration(.simple(.tanh), size: size, bias: bias))
  }

  static let single = [tanh(4, bias: true)]
  static let deep = [tanh(2, bias: false), tanh(2, bias: false)]

  @Test func theNetworkOf49() throws {
    let network = try NetworkDescription(layers: Self.single, inputs: 6, outputs: 1, isLastOnly: true)
    #expect(network.layout.count == 49)
    #expect(
      network.layout.slots.map { [$0.rows, $0.columns] } == [[4, 6], [4, 4], [1, 4], [1, 4], [1, 1]])
    #expect(network.operationsPerStep == 2 * (24 + 16) && network.operationsPerOutput == 2 * 4)
    let text = network.parameterTable.text()
    #expect(text.contains("49") && text.contains("[4, 6]"))
  }

  @Test func theNetworkOf26() throws {
    let network = try NetworkDescription(
      layers: Self.deep, inputs: 6, outputs: 1, headBias: false, isLastOnly: true)
    #expect(network.layout.count == 26)
    #expect(network.layout.slots.map(\.count) == [12, 4, 4, 4, 2])
    #expect(network.operationsPerStep == 2 * 24 && network.operationsPerOutput == 4)
    #expect(network.parameterTable.text().contains("26"))
  }

  @Test func ofAForecaster() throws {
    var configuration = ForecastConfiguration.small()
    configuration.layers = ForecastNetworkTests.bidirectional
    let run = try ForecastTraining(configuration, table: Series.noisy(rows: 200).table())
    let network = NetworkDescription(run.model)
    #expect(network.layout == run.network.layout && network.inputs == 2 && network.outputs == 2)
    for view in [LayerDrawing.View.folded, .full(steps: 3)] {
      let drawing = network.drawing(view)
      #expect(drawing.text().contains("LSTM") && drawing.svg().hasPrefix("<svg"))
    }
  }

  @Test func sizesThatDoNotFitAreErrors() {
    #expect(throws: ModelConfigurationError.self) {
      try NetworkDescription(layers: [Self.tanh(0, bias: true)], inputs: 6, outputs: 1)
    }
    #expect(throws: ModelConfigurationError.self) {
      try NetworkDescription(layers: [], inputs: 6, outputs: 1)
    }
  }
}

/// Which value is made from which.
@Suite struct UnrolledGraphTests {
  @Test(arguments: [1, 2, 6]) func twoDirectionsHaveTwiceTheStates(steps: Int) throws {
    let graph = UnrolledGraph(
      layers: ForecastNetworkTests.bidirectional, steps: steps, outputs: Array(0..<steps))
    #expect(graph.stateCount == 2 * steps)
    // Inputs, states and outputs; each state reads its input and all but the first of a chain its neighbour.
    #expect(graph.nodes.count == steps + 2 * steps + steps)
    #expect(graph.edges.count == 2 * steps + 2 * (steps - 1) + 2 * steps)
    let order = try #require(graph.topologicalOrder)
    #expect(order.sorted() == Array(graph.nodes.indices))
    let place = Dictionary(uniqueKeysWithValues: order.enumerated().map { ($1, $0) })
    for edge in graph.edges { #expect(place[edge[0]] ?? .max < place[edge[1]] ?? 0) }
  }

  /// Every output depends on every input, in one layer of two directions; in one direction, on the past alone.
  @Test func whatAnOutputDependsOn() {
    let steps = 5
    for (layers, past) in [
      (ForecastNetworkTests.bidirectional, false), (NetworkDescriptionTests.single, true),
    ] {
      let graph = UnrolledGraph(layers: layers, steps: steps, outputs: Array(0..<steps))
      var sources = graph.nodes.map { Set([$0]) }
      for node in graph.topologicalOrder ?? [] {
        for edge in graph.edges where edge[1] == node { sources[node].formUnion(sources[edge[0]]) }
      }
      for t in 1...steps {
        let output = graph.nodes.firstIndex(of: "output\(t)").map { sources[$0] } ?? []
        for s in 1...steps { #expect(output.contains("x\(s)") == (!past || s <= t), "\(s) to \(t)") }
      }
    }
  }

  @Test func noiseIsNamed() throws {
    let layers: [LayerConfiguration] = [
      .recurrent(CellConfiguration(.layerNormLSTM, size: 4, recurrentDropout: 0.25)),
      .dropout(rate: 0.5, unit: .feature),
      .bidirectional(
        forward: CellConfiguration(.lstm, size: 2),
        reverse: CellConfiguration(.lstm, size: 3, zoneout: 0.125, zoneoutMemory: 0.5)),
    ]
    let network = try NetworkDescription(layers: layers, inputs: 6, outputs: 1)
    #expect(network.drawing(.folded).text().contains("LSTM, layer norm 4"))
    let noise = network.noise.map { "\($0.0): \($0.1)" }
    #expect(
      noise == [
        "layer 0: recurrent dropout 0.25", "layer 1: zeroes whole features",
        "layer 2, reverse: zoneout 0.125, zoneout of the memory 0.5",
      ])
  }

  @Test func stacksAndDropout() {
    let graph = UnrolledGraph(layers: ForecastNetworkTests.mixed, steps: 4, outputs: [3])
    // Two directions below, one above; dropout makes no state.
    #expect(graph.stateCount == 3 * 4)
    #expect(graph.nodes.last == "output4" && graph.topologicalOrder != nil)
  }
}
