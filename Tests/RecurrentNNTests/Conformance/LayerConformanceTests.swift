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
}
