import RecurrentCore
import RecurrentNN
import Testing

@Suite("Directions side by side")
struct DirectionParallelismTests {
  /// Large enough that two threads are taken: 600 · 3 · 40 · (16 + 40) multiply-adds in the smaller direction.
  @Test("two threads give the bits of one, outputs, states and gradients alike")
  func sameBits() {
    var layout = ParameterLayout()
    let layer = Bidirectional(
      forward: LSTMCell<Float>(inputSize: 16, hiddenSize: 40, named: "f", in: &layout),
      reverse: GRUCell<Float>(inputSize: 16, hiddenSize: 64, form: .resetAfter, named: "r", in: &layout))
    let parameters = PackedParameters(ParameterStore<Float>(initializing: layout, seed: 1))
    let draws = CounterGenerator(seed: 2, purpose: .check)
    let values = (0..<600 * 3 * 16).map { Float(draws.normal(at: UInt64($0))) }
    let input = SequenceBatch(steps: 600, batchSize: 3, features: 16, values: values, lengths: [600, 0, 451])
    func everything() -> (SequenceBatch<Float>, LayerState<Float>, ParameterStore<Float>) {
      let run = layer.forward(input, parameters: parameters)
      // Gradients that are there already must be added to, in the same order.
      var gradients = ParameterStore<Float>(initializing: layout, seed: 4)
      let back = run.pullback(run.output, run.finalState, &gradients)
      #expect(back.input.values.contains { $0 != 0 })
      return (run.output, run.finalState, gradients)
    }
    let alone = everything()
    let together = DirectionParallelism.$isAllowed.withValue(true) { everything() }
    #expect(alone.0 == together.0)
    #expect(alone.1 == together.1)
    #expect(alone.2 == together.2)
    #expect(alone.0.values.contains { $0 != 0 })
  }
}
