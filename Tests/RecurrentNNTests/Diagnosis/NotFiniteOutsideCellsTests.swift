import RecurrentCore
import RecurrentNN
import Testing

/// What is not finite in the data, a head, a merge, the loss or the gradients.
@Suite("Origin of what is not finite, outside cells")
struct NotFiniteOutsideCellsTests {
  private let mode = RunMode.training(seed: 1, update: 0)

  /// y = w x at every step of one sequence, in place of a body.
  private func line<Scalar: TensorScalar>(
    _ layer: LayerConfiguration = .linear(outputs: 1, bias: false), weight: Scalar, input: [Scalar],
    targets: [Scalar], head: Bool = false
  ) throws -> NotFiniteOrigin? {
    var layout = ParameterLayout()
    let body: any SequenceLayer<Scalar> = try layer.makeLayer(inputSize: 1, named: "line", in: &layout)
    var top: (any SequenceLayer<Scalar>)?
    if head {
      top = try LayerConfiguration.linear(outputs: 1, bias: false).makeLayer(
        inputSize: 1, named: "head", in: &layout)
    }
    var store = ParameterStore<Scalar>(zeros: layout)
    store.values = store.values.map { _ in weight }
    let model = SequenceModel(
      body: body, positions: .all, head: top, loss: .halfSquaredError, layout: layout)
    let batch = SequenceModel<Scalar>.Batch(
      input: SequenceBatch(steps: input.count, batchSize: 1, features: 1, values: input),
      targets: .values(Matrix(rows: targets.count, columns: 1, elements: targets)))
    return model.firstNotFinite(on: batch, parameters: PackedParameters(store), mode: mode)
  }

  /// tanh makes 1 of an infinity, so the loss is finite and only the gradient, 0 · ∞, is not.
  @Test(arguments: [Float.nan, .infinity, -.infinity]) func theInput(_ value: Float) throws {
    let rnn = LayerConfiguration.recurrent(CellConfiguration(.simple(.tanh), size: 1))
    #expect(
      try line(rnn, weight: 0.5, input: [0, 1, value, 1], targets: [0, 0, 0, 0])
        == .input(step: 2, feature: 0))
  }

  @Test func theTargets() throws {
    #expect(
      try line(weight: 1.0, input: [1, 1, 1], targets: [0, .nan, .infinity]) == .target(step: 1))
  }

  @Test func theInitialState() throws {
    var layout = ParameterLayout()
    let body: any SequenceLayer<Double> = try LayerConfiguration.stack([
      .recurrent(CellConfiguration(.lstm, size: 1))
    ]).makeLayer(inputSize: 1, named: "rnn", in: &layout)
    let model = SequenceModel(body: body, positions: .last, loss: .halfSquaredError, layout: layout)
    let state = body.zeroState(batchSize: 1).mapComponents { path, value in
      path == "0.cell" ? Matrix([[.infinity]]) : value
    }
    let batch = SequenceModel<Double>.Batch(
      input: SequenceBatch(zeros: 2, 1, 1), targets: .values(Matrix(zeros: 1, 1)), initialState: state)
    let parameters = PackedParameters(ParameterStore<Double>(initializing: layout, seed: 1))
    #expect(
      model.firstNotFinite(on: batch, parameters: parameters, mode: mode)
        == .initialState(component: "0.cell"))
  }

  @Test func aLinearLayerAHeadAndAMerge() throws {
    let (zeros, step) = ([0.0, 0, 0, 0], 2)
    let input = [1.0, 1, 1e200, 1]
    #expect(
      try line(weight: 1e200, input: input, targets: zeros)
        == .activation(layer: "body", component: "output", step: step))
    #expect(
      try line(weight: 1e100, input: input, targets: zeros, head: true)
        == .activation(layer: "head", component: "output", step: step))
    let one = LayerConfiguration.linear(outputs: 1, bias: false)
    #expect(
      try line(.parallel([one, one], merge: .product), weight: 1, input: input, targets: zeros)
        == .activation(layer: "body", component: "output", step: step))
    #expect(
      try line(
        .parallel([one, .stack([one, one])], merge: .sum), weight: 1e60, input: input, targets: zeros)
        == .activation(layer: "body.1.1", component: "output", step: step))
  }

  /// 1e200² is beyond `Double`.
  @Test func theLoss() throws {
    #expect(
      try line(weight: 1.0, input: [0, 1, 1, 1e200], targets: [0, 0, 0, 0]) == .loss(step: 3))
  }

  /// At w = 0 the loss ½ y² is 5e199, but its gradient −y x is beyond the largest number.
  @Test(arguments: 0..<7) func theGradientOfOneStep(_ step: Int) throws {
    var (input, targets) = ([Double](repeating: 1, count: 7), [Double](repeating: 1, count: 7))
    (input[step], targets[step]) = (1e300, 1e100)
    #expect(try line(weight: 0.0, input: input, targets: targets) == .gradient(lossStep: step))
  }

  /// Two terms of 2e38 have a sum beyond `Float`, and neither is.
  @Test func theGradientOfTwoStepsTogether() throws {
    #expect(
      try line(weight: Float(0), input: [1, 2e19, 1, 2e19], targets: [1, 1e19, 1, 1e19])
        == .gradient(lossStep: nil))
  }

  @Test func nothing() throws {
    #expect(try line(weight: 1.0, input: [1, 2, 3], targets: [3, 2, 1]) == nil)
    #expect(try line(weight: 1.0, input: [], targets: []) == nil)
  }

  @Test func oneLineEach() {
    let origins: [NotFiniteOrigin] = [
      .input(step: 3, feature: 1), .input(step: nil, feature: 1), .initialState(component: "0.cell"),
      .activation(layer: "body.1.reverse", component: "hidden", step: 3),
      .activation(layer: "head", component: "output", step: nil), .target(step: 3), .loss(step: 3),
      .gradient(lossStep: 3), .gradient(lossStep: nil),
    ]
    let texts = origins.map(\.description)
    #expect(Set(texts).count == texts.count && texts.allSatisfy { !$0.contains("\n") })
    #expect(texts[3] == "hidden of layer 'body.1.reverse' at step 3")
  }
}
