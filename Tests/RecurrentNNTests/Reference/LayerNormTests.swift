import Foundation
import RecurrentCore
import RecurrentNN
import RecurrentTestSupport
import Testing

/// The layer-normalised LSTM against its equations, written number by number.
@Suite("Layer normalisation")
struct LayerNormTests {
  private static func normalised(_ row: [Double]) -> [Double] {
    let mean = row.reduce(0, +) / Double(row.count)
    let variance = row.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(row.count)
    return row.map { ($0 - mean) / (variance + 1e-5).squareRoot() }
  }

  private static func sigmoid(_ z: Double) -> Double { 1 / (1 + exp(-z)) }

  @Test func aStepIsItsEquations() {
    var layout = ParameterLayout()
    let cell = LayerNormLSTMCell<Double>(inputSize: 3, hiddenSize: 2, named: "cell", in: &layout)
    var store = ParameterStore<Double>(initializing: layout, seed: 4)
    // Gains and shifts that are neither 1 nor 0.
    for slot in [cell.gainInput, cell.gainHidden, cell.gainCell]
      + [cell.bias, cell.biasCell].compactMap({ $0 })
    {
      store[slot] = Matrix(
        rows: 1, columns: slot.columns, elements: (0..<slot.columns).map { 0.5 + 0.3 * Double($0 % 5) })
    }
    let (x, h, c) = ([0.4, -1.2, 0.7], [0.3, -0.6], [0.8, -0.1])
    func product(_ slot: ParameterSlot, _ vector: [Double]) -> [Double] {
      (0..<slot.rows).map { row in
        vector.indices.reduce(0) { $0 + store[slot][row, $1] * vector[$1] }
      }
    }
    func vector(_ slot: ParameterSlot?) -> [Double] { slot.map { store[$0].elements } ?? [] }
    let fromInput = Self.normalised(product(cell.weightInput, x))
    let fromHidden = Self.normalised(product(cell.weightHidden, h))
    let a = (0..<8).map {
      vector(cell.gainInput)[$0] * fromInput[$0] + vector(cell.gainHidden)[$0] * fromHidden[$0]
        + vector(cell.bias)[$0]
    }
    let memory = (0..<2).map { Self.sigmoid(a[2 + $0]) * c[$0] + Self.sigmoid(a[$0]) * tanh(a[4 + $0]) }
    let shown = Self.normalised(memory)
    let output = (0..<2).map {
      Self.sigmoid(a[6 + $0]) * tanh(vector(cell.gainCell)[$0] * shown[$0] + vector(cell.biasCell)[$0])
    }
    var state = LSTMState(
      hidden: Matrix(rows: 1, columns: 2, elements: h), cell: Matrix(rows: 1, columns: 2, elements: c))
    let step = cell.step(
      Matrix(rows: 1, columns: 3, elements: x), state: &state, parameters: PackedParameters(store))
    for unit in 0..<2 {
      // Some tens of operations on numbers of size 1.
      #expect(abs(step.output.elements[unit] - output[unit]) < 1e-14)
      #expect(abs(state.cell.elements[unit] - memory[unit]) < 1e-14)
      #expect(state.hidden.elements[unit] == step.output.elements[unit])
    }
  }

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
