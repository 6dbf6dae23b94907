//! Proves the gradients of a network of one's own by central differences, and shows that the proof can fail.

import Recurrent

// A bidirectional layer of two kinds and sizes, below a simple one; outputs at the first and the last step.
var layout = ParameterLayout()
let body = try LayerConfiguration.stack([
  .bidirectional(
    forward: CellConfiguration(.lstm, size: 3),
    reverse: CellConfiguration(.gru(.resetBefore), size: 2)),
  .recurrent(CellConfiguration(.simple(.tanh), size: 4)),
]).makeLayer(inputSize: 5, named: "body", in: &layout, of: Double.self)
let head = Linear<Double>(inputSize: 4, outputSize: 2, named: "head", in: &layout)
let model = SequenceModel(
  body: body, positions: .firstAndLast, head: head, loss: .meanSquaredError, layout: layout)

/// Sequences of different lengths with a zero among them, from a state that is not zero: an easier batch proves less.
func makeBatch() -> SequenceModel<Double>.Batch {
  var numbers = CounterGenerator(seed: 2, purpose: .check)
  func draw() -> Double { Double.random(in: -1...1, using: &numbers) }
  let lengths = [3, 0, 5, 1]
  let input = SequenceBatch(
    steps: 5, batchSize: 4, features: 5, values: (0..<100).map { _ in draw() }, lengths: lengths)
  let state = model.body.zeroState(batchSize: 4).mapComponents { _, component in
    component.map { _ in draw() }
  }
  let outputs = model.positions.rows(lengths: lengths, steps: 5).count
  let targets = Matrix(rows: outputs, columns: 2, elements: (0..<2 * outputs).map { _ in draw() })
  return .init(input: input, targets: .values(targets), initialState: state)
}

let report = GradientCheck().report(
  model, on: makeBatch(), parameters: ParameterStore(initializing: layout, seed: 1))
for entry in report.entries { print("\(entry.name): \(entry.count) derivatives, error \(entry.error)") }
print(report.passes() ? "every gradient is right to 1e-7" : "wrong: \(report.failing().map(\.name))")

// The same check of a small network with a known mistake in its back-propagation.
let fault = GradientFault.reverseLastOutputGradientOmitted
print("planted: \(fault.summary)")
print("wrong: \(fault.report().failing().map(\.name))")
