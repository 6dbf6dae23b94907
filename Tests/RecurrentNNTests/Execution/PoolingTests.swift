import RecurrentCore
import RecurrentNN
import RecurrentTestSupport
import Testing

/// Layers that look at other steps without a state: what they give, their contract, and at work the bits of their values.
@Suite("Pooling and surroundings")
struct PoolingTests {
  enum Layer: CaseIterable {
    case mean, maximum, ends, surroundings

    func make<Scalar: TensorScalar>(_ size: Int, _: Scalar.Type = Scalar.self) -> any SequenceLayer<Scalar> {
      switch self {
      case .mean: Pooling<Scalar>(.mean, size: size)
      case .maximum: Pooling<Scalar>(.maximum, size: size)
      case .ends: Pooling<Scalar>(.ends(forward: size - 2), size: size)
      case .surroundings: Surroundings<Scalar>(forward: size - 2, size: size)
      }
    }
  }

  /// Two sequences, of three steps and of one, of two forward features and a reverse one.
  private static let input = SequenceBatch<Double>(
    sequences: [[[1, -5, 3], [4, -6, 1], [2, -4, 2]], [[7, 8, 9]]], features: 3)

  private func output(_ layer: any SequenceLayer<Double>) -> [[[Double]]] {
    let store = ParameterStore<Double>(zeros: ParameterLayout())
    let run = layer.forward(Self.input, parameters: PackedParameters(store))
    return (0..<2).map { b in
      (0..<Self.input.lengths[b]).compactMap { t in run.output.output(step: t, sequence: b, at: .all) }
    }
  }

  @Test func whatTheyGive() {
    let zeros = [0.0, 0, 0]
    #expect(
      output(Pooling(.mean, size: 3)) == [[zeros, zeros, [7.0 / 3, -5, 2]], [[7, 8, 9]]])
    #expect(output(Pooling(.maximum, size: 3)) == [[zeros, zeros, [4, -4, 3]], [[7, 8, 9]]])
    #expect(output(Pooling(.ends(forward: 2), size: 3)) == [[zeros, zeros, [2, -4, 3]], [[7, 8, 9]]])
    #expect(
      output(Surroundings(forward: 2, size: 3)) == [[[0, 0, 1], [1, -5, 2], [4, -6, 0]], [zeros]])
  }

  @Test(arguments: Layer.allCases) func theyKeepTheContract(_ layer: Layer) {
    #expect(checkLayer { _ in layer.make(5, Double.self) } == [])
    #expect(checkLayer { _ in layer.make(5, Float.self) } == [])
  }

  /// In a network, on every pool: the gradients of the layers' values.
  @Test(arguments: Layer.allCases) func atWorkTheyGiveTheSameBits(_ layer: Layer) {
    func failures<Scalar: TensorScalar>(_: Scalar.Type) -> [String] {
      var layout = ParameterLayout()
      let rnn = Bidirectional(
        forward: LSTMCell<Scalar>(inputSize: 4, hiddenSize: 3, named: "rnn.forward", in: &layout),
        reverse: GRUCell<Scalar>(
          inputSize: 4, hiddenSize: 2, form: .resetBefore, named: "rnn.reverse", in: &layout),
        merge: .concatenate)
      let model = SequenceModel<Scalar>(
        body: Stack([rnn, layer.make(5)]), positions: layer == .surroundings ? .all : .last,
        head: Linear<Scalar>(inputSize: 5, outputSize: 3, named: "head", in: &layout),
        loss: .meanSquaredError, layout: layout)
      let sample = ExecutionCase(
        name: "", features: 4, body: .dropout(rate: 0), positions: .of(layer == .surroundings ? .all : .last))
      let batches = ExecutionCase.lengths.enumerated().map { sample.batch(model, lengths: $1, update: $0) }
      let expected = TrainingTrace(model, valuesOf: batches)
      return Pools.every.flatMap {
        TrainingTrace(model, batches, on: $0).difference(from: expected, model.layout)
      }
    }
    #expect(failures(Float.self) == [])
    #expect(failures(Double.self) == [])
  }

  /// A network of surroundings never sees the step that it is asked about.
  @Test func surroundingsHideTheStepItself() {
    var layout = ParameterLayout()
    let forward = RecurrentLayer(LSTMCell<Double>(inputSize: 3, hiddenSize: 4, named: "f", in: &layout))
    let reverse = RecurrentLayer(
      LSTMCell<Double>(inputSize: 3, hiddenSize: 2, named: "r", in: &layout), direction: .reverse)
    let layer = Stack<Double>([
      Parallel([forward, reverse], merge: .concatenate), Surroundings(forward: 4, size: 6),
    ])
    let parameters = PackedParameters(ParameterStore<Double>(initializing: layout, seed: 3))
    func outputs(_ changed: Int) -> [[Double]?] {
      let steps = (0..<5).map { t in (0..<3).map { Double($0 + t) / 7 + (t == changed ? 1 : 0) } }
      let run = layer.forward(SequenceBatch(sequences: [steps], features: 3), parameters: parameters)
      return (0..<5).map { run.output.output(step: $0, sequence: 0, at: .all) }
    }
    let plain = outputs(-1)
    for changed in 0..<5 {
      let other = outputs(changed)
      for t in 0..<5 { #expect((other[t] == plain[t]) == (t == changed), "\(changed) \(t)") }
    }
  }
}
