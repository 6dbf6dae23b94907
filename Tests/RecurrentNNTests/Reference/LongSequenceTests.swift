import RecurrentCore
import RecurrentNN
import Testing

/// One model object runs sequences of any length; its parameters do not grow with them.
@Suite("Sequences of any length")
struct LongSequenceTests {
  @Test("T = 1 to 10,000 with one model; fed one item at a time it gives the same bits")
  func lengths() {
    var layout = ParameterLayout()
    let layer = RecurrentLayer(
      GRUCell<Float>(inputSize: 2, hiddenSize: 3, form: .resetAfter, named: "g", in: &layout))
    let parameters = PackedParameters(ParameterStore<Float>(initializing: layout, seed: 1))
    let draws = CounterGenerator(seed: 2, purpose: .check)
    for steps in [1, 2, 17, 1000, 10_000] {
      let values = (0..<steps * 2).map { Float(draws.normal(at: UInt64($0))) }
      let input = SequenceBatch<Float>(steps: steps, batchSize: 1, features: 2, values: values)
      let whole = layer.forward(input, parameters: parameters)
      #expect(whole.output.values.allSatisfy { abs($0) <= 1 })
      var state = layer.zeroState(batchSize: 1)
      var outputs: [Float] = []
      for t in 0..<steps {
        let one = layer.forward(input.steps(t..<t + 1), from: state, parameters: parameters)
        outputs += one.output.values
        state = one.finalState
      }
      #expect(outputs == whole.output.values)
      #expect(state == whole.finalState)
    }
  }
}
