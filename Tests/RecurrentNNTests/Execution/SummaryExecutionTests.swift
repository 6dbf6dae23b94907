import RecurrentCore
import RecurrentNN
import RecurrentTestSupport
import Testing

/// A body whose final states are read, with a linear path beside it: against layers as values and differences of them.
@Suite struct SummaryExecutionTests {
  private struct Network {
    let layout: ParameterLayout
    let body: any SequenceLayer<Double>
    let head: Linear<Double>
    let linear: Linear<Double>?

    /// Features 3, besides 2, outputs 2.
    init(linearPathOver steps: Int?) {
      var layout = ParameterLayout()
      let below = Bidirectional(
        forward: GRUCell<Double>(inputSize: 3, hiddenSize: 4, form: .resetBefore, named: "a", in: &layout),
        reverse: LSTMCell<Double>(inputSize: 3, hiddenSize: 2, named: "b", in: &layout))
      let above = Bidirectional(
        forward: LSTMCell<Double>(inputSize: 6, hiddenSize: 3, named: "c", in: &layout),
        reverse: SimpleRNNCell<Double>(inputSize: 6, hiddenSize: 5, named: "d", in: &layout))
      body = Stack([below, above])
      head = Linear(inputSize: 8 + 2, outputSize: 2, named: "head", in: &layout)
      if let steps {
        linear = Linear(inputSize: 3 * steps + 2, outputSize: 2, named: "linear", in: &layout)
      } else {
        linear = nil
      }
      self.layout = layout
    }

    /// Half the squared distance to the targets, by values: the final states by name, then the products.
    func loss(
      _ input: SequenceBatch<Double>, _ known: Matrix<Double>, _ targets: Matrix<Double>,
      _ store: ParameterStore<Double>
    ) -> Double {
      let parameters = PackedParameters(store)
      let final = body.forward(input, parameters: parameters).finalState
      guard case .layers(let layers) = final, case .bidirectional(let forward, let reverse) = layers[1],
        let ahead = forward.component("hidden"), let behind = reverse.component("hidden")
      else { return .nan }
      var sum = 0.0
      for b in 0..<input.batchSize {
        func row(_ matrix: Matrix<Double>) -> [Double] { (0..<matrix.columns).map { matrix[b, $0] } }
        func product(_ layer: Linear<Double>, _ x: [Double]) -> [Double] {
          (0..<2).map { q in
            (layer.bias.map { store[$0][0, q] } ?? 0)
              + x.indices.reduce(0) { $0 + store[layer.weight][q, $1] * x[$1] }
          }
        }
        var outputs = product(head, row(ahead) + row(behind) + row(known))
        if let linear {
          let flat = (0..<input.steps).flatMap { t in
            (0..<3).map { input.values[(t * input.batchSize + b) * 3 + $0] }
          }
          for (q, value) in product(linear, flat + row(known)).enumerated() { outputs[q] += value }
        }
        for q in 0..<2 { sum += (outputs[q] - targets[b, q]) * (outputs[q] - targets[b, q]) / 2 }
      }
      return sum
    }
  }

  /// More than a shard of sequences, of one length with the linear path and ragged with a zero without.
  private func check(lengths: [Int], linearPath: Bool) {
    let network = Network(linearPathOver: linearPath ? lengths.max() : nil)
    var draws = Draws(seed: 11)
    var store = ParameterStore<Double>(zeros: network.layout)
    store.values = draws.uniform(network.layout.count)
    let input: SequenceBatch<Double> = draws.batch(lengths: lengths, features: 3)
    let (known, targets) = (
      draws.matrix(lengths.count, 2) as Matrix<Double>, draws.matrix(lengths.count, 2) as Matrix<Double>
    )
    let expected = network.loss(input, known, targets, store)
    var first: ParameterStore<Double>?
    for pool in Pools.every {
      let execution = SummaryExecution(
        body: network.body, head: network.head, linear: network.linear, loss: .halfSquaredError,
        layout: network.layout, pool: pool)
      var gradients = GradientStore(ParameterStore<Double>(zeros: network.layout))
      for _ in 0..<2 {
        gradients.store.values = gradients.store.values.map { _ in .nan }
        let loss = execution.gradient(
          of: input, beside: known, targets: targets, parameters: PackedParameters(store),
          mode: .inference, into: &gradients)
        // Sums of some hundred products, in another order.
        #expect(abs(loss.sum - expected) <= 1e-12 * expected && loss.count == lengths.count)
      }
      #expect(first == nil || first == gradients.store, "\(pool.threads) threads")
      first = gradients.store
    }
    guard let gradients = first else { return }
    for slot in network.layout.slots {
      var (error, largest) = (0.0, 0.0)
      for index in slot.range {
        func moved(_ change: Double) -> Double {
          var other = store
          other.values[index] += change
          return network.loss(input, known, targets, other)
        }
        let numeric = (moved(1e-6) - moved(-1e-6)) / 2e-6
        error = max(error, abs(numeric - gradients.values[index]))
        largest = max(largest, abs(numeric))
      }
      // Rounding of the loss, 10⁻¹⁶ of some 30, over a step of 10⁻⁶, and the third derivative.
      #expect(error <= 1e-7 * max(largest, 1), "\(slot.name): \(error) of \(largest)")
    }
  }

  @Test func gradientsEqualDifferences() {
    check(lengths: [Int](repeating: 4, count: 18), linearPath: true)
    check(lengths: [3, 0, 5, 1, 5, 2, 4, 5, 5, 1, 0, 3, 2, 2, 4, 5, 1, 3, 5], linearPath: false)
  }
}
