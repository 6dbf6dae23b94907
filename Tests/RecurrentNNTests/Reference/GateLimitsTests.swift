import RecurrentCore
import RecurrentNN
import RecurrentTestSupport
import Testing

/// A GRU whose gates are held open or shut by biases of ±800: σ is then 1 or 0 to the bit.
@Suite("Limits of a GRU's gates")
struct GateLimitsTests {
  private let size = 5

  /// A GRU with the gates given (`nil`: as drawn), and its parameters.
  private func gru(
    _ form: GRUForm, r: Double?, z: Double?
  ) throws -> (layer: RecurrentLayer<GRUCell<Double>>, store: ParameterStore<Double>) {
    var layout = ParameterLayout()
    let cell = GRUCell<Double>(inputSize: 3, hiddenSize: size, form: form, named: "gru", in: &layout)
    var store = ParameterStore<Double>(initializing: layout, seed: 31)
    var bias = store[try #require(cell.bias)]
    for j in 0..<size {
      if let r { bias[0, j] = r == 1 ? 800 : -800 }
      if let z { bias[0, size + j] = z == 1 ? 800 : -800 }
    }
    store[try #require(cell.bias)] = bias
    return (RecurrentLayer(cell), store)
  }

  private func input() -> SequenceBatch<Double> {
    var draws = Draws(seed: 32)
    return draws.batch(lengths: [6, 2, 4], features: 3)
  }

  private func state(_ seed: UInt64) -> LayerState<Double> {
    var draws = Draws(seed: seed)
    return .cell(names: ["hidden"], components: [draws.matrix(3, size)])
  }

  /// z = 1: the state is copied.
  @Test(arguments: GRUForm.allCases)
  func updateGateOfOneCopiesTheState(_ form: GRUForm) throws {
    let (layer, store) = try gru(form, r: nil, z: 1)
    let run = layer.forward(input(), from: state(33), parameters: PackedParameters(store))
    #expect(run.finalState == state(33))
  }

  /// r = 0 and z = 0: nothing of the past is left. In the reset-after form the candidate's second bias goes with it.
  @Test(arguments: GRUForm.allCases)
  func resetGateOfZeroForgetsThePast(_ form: GRUForm) throws {
    let (layer, store) = try gru(form, r: 0, z: 0)
    let parameters = PackedParameters(store)
    let one = layer.forward(input(), from: state(34), parameters: parameters)
    let other = layer.forward(input(), from: state(35), parameters: parameters)
    #expect(one.output == other.output)
    // And what is left is the candidate: tanh of its own input sum.
    let (weight, bias) = (store[layer.cell.weightInput], store[try #require(layer.cell.bias)])
    var layout = ParameterLayout()
    let alone = SimpleRNNCell<Double>(inputSize: 3, hiddenSize: size, named: "rnn", in: &layout)
    var plain = ParameterStore<Double>(zeros: layout)
    plain[alone.weightInput] = weight.gatheringRows(Array(2 * size..<3 * size))
    plain[try #require(alone.bias)] = bias.columns(2 * size..<3 * size)
    let expected = RecurrentLayer(alone).forward(input(), parameters: PackedParameters(plain))
    #expect(one.output == expected.output)
  }

  /// r = 1 and z = 0: the plain RNN.
  ///
  /// Reset before: the same chain of additions, so the same bits. Reset after: U h is summed apart and then added, so a
  /// pre-activation of 5 + 3 terms below 1 differs by some roundings of 10⁻¹⁶ a step, 6 steps long.
  @Test(arguments: GRUForm.allCases)
  func openResetAndShutUpdateAreThePlainRNN(_ form: GRUForm) throws {
    let (layer, store) = try gru(form, r: 1, z: 0)
    var layout = ParameterLayout()
    let rnn = SimpleRNNCell<Double>(inputSize: 3, hiddenSize: size, named: "rnn", in: &layout)
    var plain = ParameterStore<Double>(zeros: layout)
    let rows = Array(2 * size..<3 * size)
    plain[rnn.weightInput] = store[layer.cell.weightInput].gatheringRows(rows)
    plain[rnn.weightHidden] = store[layer.cell.weightHidden].gatheringRows(rows)
    var bias = store[try #require(layer.cell.bias)].columns(2 * size..<3 * size)
    if let second = layer.cell.biasHidden { bias += store[second] }
    plain[try #require(rnn.bias)] = bias
    let found = layer.forward(input(), from: state(36), parameters: PackedParameters(store))
    let expected = RecurrentLayer(rnn).forward(input(), from: state(36), parameters: PackedParameters(plain))
    switch form {
    case .resetBefore:
      #expect(found.output == expected.output)
      #expect(found.finalState == expected.finalState)
    case .resetAfter:
      #expect(scaledError(found.output.values, expected.output.values) <= 1e-14)
    }
  }
}
