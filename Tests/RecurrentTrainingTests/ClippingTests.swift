import RecurrentCore
import RecurrentInterchange
import RecurrentTraining
import Testing

@Suite struct ClippingTests {
  @Test(arguments: ["norm-above", "norm-below", "value"]) func equalsPyTorch(_ name: String) throws {
    let file = try fixture("clip-\(name)")
    var layout = ParameterLayout()
    _ = layout.addWeight("first", rows: 2, columns: 3, initializer: .zeros)
    _ = layout.addVector("second", columns: 4, initializer: .zeros)
    let limit = try file.doubles(named: "limit")[0]
    let clipping: GradientClipping = name == "value" ? .value(limit) : .norm(limit)
    let clipped =
      try file.doubles(named: "clipped.first") + file.doubles(named: "clipped.second")
    let original = try file.doubles(named: "grad.first") + file.doubles(named: "grad.second")

    // The mean gradient of a loss summed over 8 is the fixture's; 8 is a power of two, so nothing is rounded by it.
    var gradients = ParameterStore(layout, original.map { $0 * 8 })
    let norm = gradients.norm / 8
    // Ten squares summed in another order.
    #expect(abs(norm - (try file.doubles(named: "norm")[0])) <= 1e-14)
    let scale = clipping.clip(&gradients, count: 8, meanNorm: norm)
    for (found, expected) in zip(gradients.values, clipped) {
      #expect(abs(found * scale - expected) <= 1e-15)
    }
    // Only value clipping touches the buffer.
    #expect((gradients.values == original.map { $0 * 8 }) == (name != "value"))
  }

  @Test func noneDividesOnly() {
    var gradients = ParameterStore<Float>(vector: [30, -40])
    #expect(GradientClipping.none.clip(&gradients, count: 5, meanNorm: 10) == 0.2)
    #expect(gradients.values == [30, -40])
  }

  @Test func reachesTheOptimiser() throws {
    // One example, w = 0: loss ½·9, gradient −3, cut to −0.5 by value, and to 1 · 3 / (3 + 1e-6) by norm.
    for (clipping, expected) in [(GradientClipping.value(0.5), 0.5), (.norm(1), 3 / (3 + 1e-6)), (.none, 3)] {
      let options = TrainerOptions(
        epochs: 1, batchSize: 1, optimizer: .sgd(), learningRate: 1, clipping: clipping)
      var trainer = try Trainer(
        model: LineModel(), source: LineSource(examples: [(x: 1, y: 3)]), options: options)
      let event = try trainer.next()
      #expect(
        event
          == .step(TrainingStep(update: 1, epoch: 1, batch: 1, loss: 4.5, gradientNorm: 3, rate: 1)))
      // One division and one product.
      #expect(abs(trainer.state.parameters.values[0] - expected) <= 1e-15)
    }
  }

  @Test func refusesLimitsOutOfRange() {
    #expect(GradientClipping.norm(0).problem != nil)
    #expect(GradientClipping.value(.nan).problem != nil)
    #expect(GradientClipping.none.problem == nil)
  }
}
