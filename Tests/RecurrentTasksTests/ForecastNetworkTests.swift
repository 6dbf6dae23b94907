import Recurrent
import RecurrentCore
import RecurrentNN
import RecurrentTasks
import RecurrentTestSupport
import Testing

/// The forecaster's network in Double, against arithmetic that knows nothing of it.
@Suite struct ForecastNetworkTests {
  static let gru: [LayerConfiguration] = [
    .recurrent(CellConfiguration(.gru(.resetAfter), size: 4)),
    .recurrent(CellConfiguration(.gru(.resetBefore), size: 3)),
  ]
  static let bidirectional: [LayerConfiguration] = [
    .bidirectional(
      forward: CellConfiguration(.lstm, size: 3), reverse: CellConfiguration(.lstm, size: 2))
  ]
  /// A one-way layer above two-way ones, with dropout (which does nothing here) between.
  static let mixed: [LayerConfiguration] = [
    .bidirectional(
      forward: CellConfiguration(.gru(.resetAfter), size: 2),
      reverse: CellConfiguration(.simple(.tanh), size: 3)),
    .dropout(rate: 0.5), .recurrent(CellConfiguration(.lstm, size: 3), direction: .reverse),
  ]

  struct Case: CustomTestStringConvertible {
    let name: String
    let layers: [LayerConfiguration]
    let ahead: Int
    let linearPath: Bool

    var testDescription: String { "\(name), \(ahead) ahead, \(linearPath ? "with" : "without") linear path" }

    func network() throws -> ForecastNetwork<Double> {
      try ForecastNetwork(
        layers: layers, windowLength: 5, features: 3, aheadSize: ahead, horizons: 2, linearPath: linearPath)
    }
  }

  static let cases = [("GRU stack", gru), ("bidirectional LSTM 3+2", bidirectional), ("mixed", mixed)]
    .flatMap { name, layers in
      [0, 4].flatMap { ahead in
        [true, false].map { Case(name: name, layers: layers, ahead: ahead, linearPath: $0) }
      }
    }

  /// Random parameters everywhere: with the first ones, a head of zeros would hide the recurrent gradients.
  private func parameters(_ network: ForecastNetwork<Double>) -> ParameterStore<Double> {
    var draws = Draws(seed: 7)
    var store = ParameterStore<Double>(zeros: network.layout)
    store.values = draws.uniform(network.layout.count)
    return store
  }

  private func batch(_ network: ForecastNetwork<Double>, count: Int) -> ForecastNetwork<Double>.Batch {
    var draws = Draws(seed: 8)
    return .init(
      window: draws.batch(lengths: [Int](repeating: 5, count: count), features: 3),
      ahead: draws.matrix(count, network.aheadSize), targets: draws.matrix(count, 2))
  }

  private func gradient(
    _ network: ForecastNetwork<Double>, _ batch: ForecastNetwork<Double>.Batch,
    _ packed: PackedParameters<Double>
  ) -> (ParameterStore<Double>, LossSum) {
    var gradients = ParameterStore<Double>(zeros: network.layout)
    let loss = network.accumulateGradients(
      on: batch, parameters: packed, mode: .inference, into: &gradients)
    return (gradients, loss)
  }

  @Test(arguments: cases) func everyGradientEqualsCentralDifferences(_ one: Case) throws {
    let network = try one.network()
    let store = parameters(network)
    let batch = batch(network, count: 3)
    let (analytic, loss) = gradient(network, batch, PackedParameters(store))
    #expect(loss == network.loss(on: batch, parameters: PackedParameters(store)))
    let step = 1e-6
    for slot in network.layout.slots {
      var (largest, error) = (0.0, 0.0)
      for index in slot.range {
        func moved(_ change: Double) -> Double {
          var other = store
          other.values[index] += change
          return network.loss(on: batch, parameters: PackedParameters(other)).sum
        }
        let numeric = (moved(step) - moved(-step)) / (2 * step)
        largest = max(largest, abs(numeric))
        error = max(error, abs(numeric - analytic.values[index]))
      }
      #expect(largest > 1e-6, "\(slot.name) has no gradient to check")
      // Differences of a loss of about 10 carry 1e-15 · 10 / 1e-6 = 1e-8 of rounding; the bound is the issue's own.
      #expect(error <= 1e-7 * max(largest, 1), "\(slot.name): \(error) of \(largest)")
    }
  }

  @Test(arguments: cases) func shardsAreTheWholeInPieces(_ one: Case) throws {
    let network = try one.network()
    let packed = PackedParameters(parameters(network))
    let batch = batch(network, count: 35)
    let shards = network.shards(of: batch)
    #expect(shards.map(\.window.batchSize) == [16, 16, 3])
    let whole = network.outputs(window: batch.window, ahead: batch.ahead, parameters: packed)
    let pieces = shards.flatMap {
      network.outputs(window: $0.window, ahead: $0.ahead, parameters: packed).elements
    }
    #expect(difference("outputs", pieces, whole.elements).isEmpty)
    #expect(shards.flatMap(\.targets.elements) == batch.targets.elements)
    let (expected, loss) = gradient(network, batch, packed)
    var sum = ParameterStore<Double>(zeros: network.layout)
    var lossSum = LossSum()
    for shard in shards {
      let (own, value) = gradient(network, shard, packed)
      sum.add(own)
      lossSum = lossSum + value
    }
    // The same terms in another order: 35 · 5 additions of numbers near 1.
    #expect(scaledError(sum.values, expected.values) <= 1e-13)
    #expect(lossSum.count == loss.count && abs(lossSum.sum - loss.sum) <= 1e-13 * loss.sum)
    #expect(network.shards(of: self.batch(network, count: 16)).count == 1)
  }

  /// The layout says which parameters there are; a head of zeros only where a linear path carries the start.
  @Test func slotsAndFirstValues() throws {
    let network = try Case(name: "", layers: Self.bidirectional, ahead: 4, linearPath: true).network()
    #expect(network.layout["head.weight"].map { [$0.rows, $0.columns] } == [2, 3 + 2 + 4])
    #expect(network.layout["linear.weight"].map { [$0.rows, $0.columns] } == [2, 5 * 3 + 4])
    let first = ParameterStore<Double>(initializing: network.layout, seed: 1)
    #expect(first[network.head.weight].elements.allSatisfy { $0 == 0 })
    let alone = try Case(name: "", layers: Self.gru, ahead: 0, linearPath: false).network()
    let drawn = ParameterStore<Double>(initializing: alone.layout, seed: 1)
    #expect(alone.linear == nil && drawn[alone.head.weight].elements.allSatisfy { $0 != 0 })
  }

  @Test func sizesThatDoNotFitAreErrors() {
    for layers in [
      [], [LayerConfiguration.dropout(rate: 0.1)], [.recurrent(CellConfiguration(.lstm, size: 0))],
    ] {
      #expect(throws: ModelConfigurationError.self) {
        try ForecastNetwork<Double>(
          layers: layers, windowLength: 5, features: 3, aheadSize: 0, horizons: 2, linearPath: true)
      }
    }
  }
}
