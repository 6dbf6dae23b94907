import RecurrentCore
import RecurrentNN
import RecurrentTestSupport
import Testing

@Suite("Contract of the layers")
struct LayerConformanceTests {
  private static let rnn = CellConfiguration(.simple(.tanh), size: 5)
  private static let gru = CellConfiguration(.gru(.resetAfter), size: 5)
  private static let lstm = CellConfiguration(.lstm, size: 2)

  private func check(
    _ layer: LayerConfiguration, splitting: Splitting = .impossible, mode: RunMode = .inference
  ) -> [String] {
    checkLayer(splitting: splitting, mode: mode) { make(layer, in: &$0, as: Double.self) }
      + checkLayer(splitting: splitting, mode: mode) { make(layer, in: &$0, as: Float.self) }
  }

  private func make<Scalar: TensorScalar>(
    _ layer: LayerConfiguration, in layout: inout ParameterLayout, as scalar: Scalar.Type
  ) -> any SequenceLayer<Scalar> {
    do {
      return try layer.makeLayer(inputSize: 3, named: "layer", in: &layout)
    } catch {
      preconditionFailure("\(error)")
    }
  }

  @Test(arguments: Merge.allCases)
  func bidirectionalOfEqualSizes(_ merge: Merge) {
    #expect(check(.bidirectional(forward: Self.rnn, reverse: Self.gru, merge: merge)) == [])
  }

  @Test(arguments: [Merge.concatenate, .none])
  func bidirectionalOfUnequalSizes(_ merge: Merge) {
    #expect(check(.bidirectional(forward: Self.gru, reverse: Self.lstm, merge: merge)) == [])
  }

  @Test func stackOfThreeForwardLayers() {
    let layers: [LayerConfiguration] = [.recurrent(Self.gru), .recurrent(Self.lstm), .recurrent(Self.rnn)]
    #expect(check(.stack(layers), splitting: .forward) == [])
  }

  @Test func stackOfThreeReverseLayers() {
    let layers = [Self.gru, Self.lstm, Self.rnn].map {
      LayerConfiguration.recurrent($0, direction: .reverse)
    }
    #expect(check(.stack(layers), splitting: .reverse) == [])
  }

  @Test func stackOfDirectionsMixed() {
    #expect(
      check(
        .stack([
          .bidirectional(forward: Self.gru, reverse: Self.lstm), .recurrent(Self.rnn, direction: .reverse),
          .recurrent(Self.lstm),
        ])) == [])
  }

  @Test(arguments: Merge.allCases)
  func parallel(_ merge: Merge) {
    let branch = LayerConfiguration.stack([.recurrent(Self.lstm), .linear(outputs: 5)])
    #expect(
      check(
        .parallel([branch, .recurrent(Self.gru), .recurrent(Self.rnn)], merge: merge), splitting: .forward)
        == [])
    #expect(check(.parallel([branch, .recurrent(Self.gru, direction: .reverse)], merge: merge)) == [])
  }

  @Test(arguments: [true, false])
  func linear(_ bias: Bool) {
    #expect(check(.linear(outputs: 5, bias: bias), splitting: .forward) == [])
  }

  @Test func dropout() {
    let layer = LayerConfiguration.stack([
      .dropout(rate: 0.3), .recurrent(Self.gru), .dropout(rate: 0.5),
      .recurrent(Self.rnn, direction: .reverse),
    ])
    #expect(check(layer, mode: .training(seed: 3, update: 5)) == [])
    #expect(check(.stack([.dropout(rate: 0.3), .recurrent(Self.gru)]), splitting: .forward) == [])
  }

  /// A step's features are kept or left out together; the mask follows the sequence, whatever its company.
  @Test func dropoutOfWholeSteps() throws {
    let mode = RunMode.training(seed: 3, update: 5)
    func stack<Scalar: TensorScalar>(_ layout: inout ParameterLayout) -> Stack<Scalar> {
      Stack([
        Dropout(size: 3, rate: 0.4, stream: 9, unit: .step),
        make(.recurrent(Self.gru), in: &layout, as: Scalar.self),
      ])
    }
    #expect(checkLayer(splitting: .impossible, mode: mode) { stack(&$0) as Stack<Double> } == [])
    #expect(checkLayer(splitting: .impossible, mode: mode) { stack(&$0) as Stack<Float> } == [])
    let layer = Dropout<Double>(size: 3, rate: 0.4, stream: 9, unit: .step)
    let input = SequenceBatch<Double>(
      steps: 40, batchSize: 5, features: 3, values: [Double](repeating: 1, count: 600))
    let parameters = PackedParameters(ParameterStore<Double>(zeros: ParameterLayout()))
    let output = layer.forward(input, parameters: parameters, mode: mode).output
    var kept = 0
    for t in 0..<40 {
      for b in 0..<5 {
        let row = (0..<3).map { output[t, b, $0] }
        #expect(Set(row).count == 1 && [0, 1 / 0.6].contains(row[0]))
        if row[0] > 0 { kept += 1 }
      }
    }
    #expect((90...150).contains(kept))
  }

  /// Variational dropout: one mask for all steps of a sequence, which follows it whatever its company and its length.
  @Test func dropoutOfWholeFeatures() throws {
    let mode = RunMode.training(seed: 3, update: 5)
    func stack<Scalar: TensorScalar>(_ layout: inout ParameterLayout) -> Stack<Scalar> {
      Stack([
        Dropout(size: 3, rate: 0.4, stream: 9, unit: .feature),
        make(.recurrent(Self.gru), in: &layout, as: Scalar.self),
      ])
    }
    #expect(checkLayer(splitting: .impossible, mode: mode) { stack(&$0) as Stack<Double> } == [])
    #expect(checkLayer(splitting: .impossible, mode: mode) { stack(&$0) as Stack<Float> } == [])
    let layer = Dropout<Double>(size: 40, rate: 0.4, stream: 9, unit: .feature)
    let input = SequenceBatch<Double>(
      steps: 3, batchSize: 5, features: 40, values: [Double](repeating: 1, count: 600))
    let parameters = PackedParameters(ParameterStore<Double>(zeros: ParameterLayout()))
    let output = layer.forward(input, parameters: parameters, mode: mode).output
    var kept = 0
    for b in 0..<5 {
      for f in 0..<40 {
        let column = (0..<3).map { output[$0, b, f] }
        #expect(Set(column).count == 1 && [0, 1 / 0.6].contains(column[0]))
        if column[0] > 0 { kept += 1 }
      }
    }
    #expect((90...150).contains(kept))
    #expect(Set((0..<5).map { b in (0..<40).map { output[0, b, $0] } }).count == 5)
  }
}
