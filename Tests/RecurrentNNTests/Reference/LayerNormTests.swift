import RecurrentCore
import RecurrentNN
import RecurrentTestSupport
import Testing

/// What is the layer-normalised LSTM's own; its equations and their adjoint are held against nested loops in
/// ``ReferenceRecurrenceTests``.
@Suite("Layer normalisation")
struct LayerNormTests {
  /// A sequence that is read a thousand times as loud is read the same, but for ε.
  @Test func loudnessDoesNotMatter() {
    var layout = ParameterLayout()
    let cell = LayerNormLSTMCell<Double>(inputSize: 2, hiddenSize: 4, named: "cell", in: &layout)
    let parameters = PackedParameters(ParameterStore<Double>(initializing: layout, seed: 1))
    func output(_ factor: Double) -> [Double] {
      let values = [0.5, -0.2, 1.5, 0.9, -0.7, 0.4].map { factor * $0 }
      let input = SequenceBatch(steps: 3, batchSize: 1, features: 2, values: values)
      return RecurrentLayer(cell).forward(input, parameters: parameters).output.values
    }
    // Beside a variance v, ε = 1e-5 takes ε / 2v of a normalised number: 5e-10 at v = 1e4, which products of inputs of hundreds have.
    for (loud, louder) in zip(output(1e3), output(1e6)) { #expect(abs(loud - louder) < 1e-9) }
  }

  /// The adjoint holds for one and two hidden units as well, where N(c′) is 0 and a sign. Differences show it in every draw
  /// only with steps that are short beside √ε: there the function bends, and h⁴ |L⁽⁵⁾| of the usual steps is no longer small.
  @Test(arguments: [1, 2, 3, 5]) func theAdjointOfFewUnits(_ size: Int) {
    var layout = ParameterLayout()
    let cell = LayerNormLSTMCell<Double>(inputSize: 4, hiddenSize: size, named: "cell", in: &layout)
    let model = SequenceModel(
      body: RecurrentLayer(cell), positions: .all, loss: .halfSquaredError, layout: layout)
    var check = GradientCheck()
    check.epsilon = 2e-6
    var unseen = 0
    for seed in 0..<20 {
      var draws = Draws(seed: UInt64(seed))
      let lengths = [4, 0, 2, 5]
      let batch = SequenceModel<Double>.Batch(
        input: draws.batch(lengths: lengths, features: 4),
        targets: .values(draws.matrix(lengths.reduce(0, +), size)),
        initialState: draws.state(like: model.body.zeroState(batchSize: lengths.count)))
      let report = check.report(
        model, on: batch, parameters: ParameterStore(initializing: layout, seed: UInt64(seed)))
      #expect(report.failing().map(\.name) == [], "\(size) units, seed \(seed): \(report.failing())")
      let usual = GradientCheck().report(
        model, on: batch, parameters: ParameterStore(initializing: layout, seed: UInt64(seed)))
      if !usual.failing().isEmpty { unseen += 1 }
    }
    if size == 1 { #expect(unseen > 0) }
  }
}
