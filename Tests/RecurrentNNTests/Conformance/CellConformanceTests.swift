import RecurrentCore
import RecurrentNN
import RecurrentTestSupport
import Testing

@Suite("Contract of the cells")
struct CellConformanceTests {
  @Test(arguments: Activation.allCases, [true, false])
  func simpleRNN(_ activation: Activation, _ bias: Bool) {
    #expect(
      checkCell { layout in
        SimpleRNNCell<Double>(
          inputSize: 3, hiddenSize: 5, activation: activation, bias: bias, named: "rnn", in: &layout)
      } == [])
    #expect(
      checkCell { layout in
        SimpleRNNCell<Float>(
          inputSize: 3, hiddenSize: 5, activation: activation, bias: bias, named: "rnn", in: &layout)
      } == [])
  }

  @Test(arguments: GRUForm.allCases, [true, false])
  func gru(_ form: GRUForm, _ bias: Bool) {
    #expect(
      checkCell { layout in
        GRUCell<Double>(inputSize: 3, hiddenSize: 5, form: form, bias: bias, named: "gru", in: &layout)
      } == [])
    #expect(
      checkCell { layout in
        GRUCell<Float>(inputSize: 3, hiddenSize: 5, form: form, bias: bias, named: "gru", in: &layout)
      } == [])
  }

  @Test(arguments: [true, false])
  func lstm(_ bias: Bool) {
    #expect(
      checkCell { layout in
        LSTMCell<Double>(inputSize: 3, hiddenSize: 5, bias: bias, named: "lstm", in: &layout)
      } == [])
    #expect(
      checkCell { layout in
        LSTMCell<Float>(inputSize: 3, hiddenSize: 5, bias: bias, named: "lstm", in: &layout)
      } == [])
  }

  @Test(arguments: [true, false])
  func layerNormLSTM(_ bias: Bool) {
    #expect(
      checkCell { layout in
        LayerNormLSTMCell<Double>(inputSize: 3, hiddenSize: 5, bias: bias, named: "lstm", in: &layout)
      } == [])
    #expect(
      checkCell { layout in
        LayerNormLSTMCell<Float>(inputSize: 3, hiddenSize: 5, bias: bias, named: "lstm", in: &layout)
      } == [])
    #expect(
      checkCell { layout in
        LayerNormLSTMCell<Float>(
          inputSize: 17, hiddenSize: 33, bias: bias, forgetBias: 1, named: "lstm", in: &layout)
      } == [])
  }

  /// Panels and vectors of the kernels have tails at these sizes, and whole ones beside them.
  @Test(arguments: [(7, 17), (17, 33), (1, 3), (33, 8)])
  func otherSizes(_ inputs: Int, _ hidden: Int) {
    #expect(
      checkCell { layout in
        GRUCell<Float>(
          inputSize: inputs, hiddenSize: hidden, form: .resetAfter, named: "gru", in: &layout)
      } == [])
    #expect(
      checkCell { layout in
        GRUCell<Float>(
          inputSize: inputs, hiddenSize: hidden, form: .resetBefore, named: "gru", in: &layout)
      } == [])
    #expect(
      checkCell { layout in
        LSTMCell<Float>(inputSize: inputs, hiddenSize: hidden, named: "lstm", in: &layout)
      } == [])
    #expect(
      checkCell { layout in
        SimpleRNNCell<Float>(inputSize: inputs, hiddenSize: hidden, named: "rnn", in: &layout)
      } == [])
  }

  @Test func aCellOfAUsersOwn() {
    #expect(
      checkCell { layout in
        MinimalGatedCell<Double>(inputSize: 3, hiddenSize: 5, named: "mgu", in: &layout)
      } == [])
    #expect(
      checkCell { layout in
        MinimalGatedCell<Float>(inputSize: 3, hiddenSize: 5, named: "mgu", in: &layout)
      } == [])
  }

  @Test func equalSizesAreRefused() {
    let failures = checkCell { layout in
      SimpleRNNCell<Double>(inputSize: 4, hiddenSize: 4, named: "rnn", in: &layout)
    }
    #expect(failures.count == 1 && failures[0].contains("must differ"))
  }
}
