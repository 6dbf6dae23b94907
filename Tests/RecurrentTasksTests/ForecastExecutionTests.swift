import Recurrent
import RecurrentCore
import RecurrentNN
import RecurrentTasks
import RecurrentTestSupport
import Testing

/// The forecaster's network at work on a pool's threads, against the sums of its shards as values.
@Suite struct ForecastExecutionTests {
  static let deep: [LayerConfiguration] = [
    .recurrent(CellConfiguration(.simple(.tanh), size: 5)), .dropout(rate: 0.3),
    .parallel(
      [
        .recurrent(CellConfiguration(.lstm, size: 2)),
        .bidirectional(
          forward: CellConfiguration(.gru(.resetBefore), size: 3),
          reverse: CellConfiguration(.lstm, size: 1)),
      ], merge: .concatenate), .linear(outputs: 4),
  ]
  static let networks = [
    ForecastNetworkTests.gru, ForecastNetworkTests.bidirectional, ForecastNetworkTests.mixed, deep,
  ]

  /// One network, its batches of changing sizes, and what the values say.
  private struct Subject<Scalar: TensorScalar> {
    let network: ForecastNetwork<Scalar>
    let parameters: PackedParameters<Scalar>

    init(_ layers: [LayerConfiguration], ahead: Int, linearPath: Bool) throws {
      network = try ForecastNetwork(
        layers: layers, windowLength: 5, features: 3, aheadSize: ahead, horizons: 2, linearPath: linearPath)
      var draws = Draws(seed: 7)
      var store = ParameterStore<Scalar>(zeros: network.layout)
      store.values = draws.uniform(network.layout.count)
      parameters = PackedParameters(store)
    }

    func batch(_ count: Int) -> ForecastNetwork<Scalar>.Batch {
      var draws = Draws(seed: UInt64(count))
      return .init(
        window: draws.batch(lengths: [Int](repeating: 5, count: count), features: 3),
        ahead: draws.matrix(count, network.aheadSize), targets: draws.matrix(count, 2))
    }

    func summed(_ batch: ForecastNetwork<Scalar>.Batch, _ mode: RunMode) -> (ParameterStore<Scalar>, LossSum)
    {
      var parts: [ParameterStore<Scalar>] = []
      var loss = LossSum()
      for shard in network.shards(of: batch) {
        var gradients = ParameterStore<Scalar>(zeros: network.layout)
        loss =
          loss
          + network.accumulateGradients(on: shard, parameters: parameters, mode: mode, into: &gradients)
        parts.append(gradients)
      }
      treeSumInPlace(&parts, first: parts.count) { $0.add($1) }
      return (parts[0], loss)
    }

    func check(threads: Int, _ sizes: [Int]) {
      let pool = WorkerPool(threads: threads, wakingCost: 1)
      let execution = network.execution(on: pool)
      let outputs = network.summaryExecution(on: pool)
      var gradients = GradientStore(ParameterStore<Scalar>(zeros: network.layout))
      for size in sizes {
        let batch = batch(size)
        let mode = RunMode.training(seed: 3, update: UInt64(size))
        let (expected, loss) = summed(batch, mode)
        gradients.store.values = gradients.store.values.map { _ in .nan }
        let found = execution.gradient(batch, parameters, mode, Passage(), &gradients)
        #expect(found == loss && gradients.store == expected, "\(size) windows, \(threads) threads")
        let parts = network.shards(of: batch).reduce(LossSum()) {
          $0 + network.loss(on: $1, parameters: parameters)
        }
        #expect(execution.loss(batch, parameters, Passage()) == parts)
        #expect(
          outputs.outputs(of: batch.window, beside: batch.ahead, parameters: parameters)
            == network.outputs(window: batch.window, ahead: batch.ahead, parameters: parameters))
      }
    }
  }

  /// To the bit: sizes within a shard, on its border, over it and back, on more threads than cores.
  @Test(arguments: networks.indices, [1, 2, 3, 8])
  func theBitsAreThoseOfTheShards(_ layers: Int, threads: Int) throws {
    for (ahead, linearPath) in [(0, true), (4, true), (0, false), (4, false)] {
      try Subject<Double>(Self.networks[layers], ahead: ahead, linearPath: linearPath)
        .check(threads: threads, [1, 16, 17, 70, 5, 64, 64])
      try Subject<Float>(Self.networks[layers], ahead: ahead, linearPath: linearPath)
        .check(threads: threads, [33, 2])
    }
  }
}
