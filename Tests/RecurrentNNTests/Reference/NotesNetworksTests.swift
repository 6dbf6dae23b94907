import Foundation
import RecurrentCore
import RecurrentNN
import RecurrentTestSupport
import Testing

/// The three networks of the source notes, whole: their equations by loops against the package.
@Suite("Networks of the source notes")
struct NotesNetworksTests {
  private static let tolerance = ReferenceRecurrenceTests.tolerance([])

  /// Two chains with an output matrix each, z = s1 V1 + s2 V2, softmax at the first and the last step only; gradients of
  /// the six matrices by the chapter's equations 7 to 19.
  @Test func bidirectionalNetworkWithOutputsAtBothEnds() throws {
    func chain(_ size: Int, _ direction: Direction) -> LayerConfiguration {
      .stack([
        .recurrent(CellConfiguration(.simple(.tanh), size: size, bias: false), direction: direction),
        .linear(outputs: 3, bias: false),
      ])
    }
    let network = try Network(
      .parallel([chain(5, .forward), chain(2, .reverse)], merge: .sum), positions: .firstAndLast,
      loss: .softmaxCrossEntropy(), inputs: 4)
    let classes = [0, 2, 1, 1, 0, 2]
    let input = network.input(lengths: [6, 6, 6], features: 4)
    let made = network.gradients(input, .classes(classes))

    let first = network.reference("body.0.0.forward")
    let second = network.reference("body.1.0.reverse")
    let v = (network.rows("body.0.1.weight"), network.rows("body.1.1.weight"))
    var (d1, d2) = (first.zeroGradients, second.zeroGradients)
    var dv = (zeros(3, 5), zeros(3, 2))
    var loss = 0.0
    for b in 0..<3 {
      let xs = steps(input, b)
      let s1 = first.run(xs, from: zero(5), direction: .forward)
      let s2 = second.run(xs, from: zero(2), direction: .reverse)
      var (ds1, ds2) = (zeros(6, 5), zeros(6, 2))
      for (t, row) in [(0, b), (5, 3 + b)] {
        let z = (0..<3).map { dot(v.0[$0], s1.outputs[t]) + dot(v.1[$0], s2.outputs[t]) }
        let total = z.reduce(0) { $0 + exp($1) }
        loss += log(total) - z[classes[row]]
        for k in 0..<3 {
          let dz = exp(z[k]) / total - (k == classes[row] ? 1 : 0)
          add(dz, s1.outputs[t], to: &dv.0[k])
          add(dz, s2.outputs[t], to: &dv.1[k])
          add(dz, v.0[k], to: &ds1[t])
          add(dz, v.1[k], to: &ds2[t])
        }
      }
      _ = first.backpropagate(ds1, final: zero(5), through: s1, into: &d1)
      _ = second.backpropagate(ds2, final: zero(2), through: s2, into: &d2)
    }
    #expect(scaledError([made.loss.sum], [loss]) <= Self.tolerance)
    #expect(made.loss.count == 6)
    network.expect(
      made.gradients,
      [
        "body.0.0.forward.weightInput": d1.w, "body.0.0.forward.weightHidden": d1.u,
        "body.0.1.weight": dv.0, "body.1.0.reverse.weightInput": d2.w,
        "body.1.0.reverse.weightHidden": d2.u, "body.1.1.weight": dv.1,
      ])
  }

  /// h1 = x U + s1 W1, h2 = s1 Q + s2 W2, z = s2 V at the last step, ½ (z − y)²; no bias anywhere.
  @Test func deepNetworkWithOneOutputAtTheEnd() throws {
    let cell = CellConfiguration(.simple(.tanh), size: 2, bias: false)
    let network = try Network(
      .stack([.recurrent(cell), .recurrent(cell), .linear(outputs: 1, bias: false)]), positions: .last,
      loss: .halfSquaredError, inputs: 6)
    #expect(network.layout.count == 26)
    let targets = [0.3, -0.8, 0.5]
    let input = network.input(lengths: [24, 24, 24], features: 6)
    let made = network.gradients(input, .values(Matrix(rows: 3, columns: 1, elements: targets)))

    let (lower, upper) = (network.reference("body.0.forward"), network.reference("body.1.forward"))
    let v = network.rows("body.2.weight")
    var (d1, d2) = (lower.zeroGradients, upper.zeroGradients)
    var dv = zeros(1, 2)
    var loss = 0.0
    for b in 0..<3 {
      let s1 = lower.run(steps(input, b), from: zero(2), direction: .forward)
      let s2 = upper.run(s1.outputs, from: zero(2), direction: .forward)
      let dz = dot(v[0], s2.outputs[23]) - targets[b]
      loss += dz * dz / 2
      add(dz, s2.outputs[23], to: &dv[0])
      var ds2 = zeros(24, 2)
      add(dz, v[0], to: &ds2[23])
      let below = upper.backpropagate(ds2, final: zero(2), through: s2, into: &d2)
      _ = lower.backpropagate(below.dxs, final: zero(2), through: s1, into: &d1)
    }
    #expect(scaledError([made.loss.sum], [loss]) <= Self.tolerance)
    network.expect(
      made.gradients,
      [
        "body.0.forward.weightInput": d1.w, "body.0.forward.weightHidden": d1.u,
        "body.1.forward.weightInput": d2.w, "body.1.forward.weightHidden": d2.u, "body.2.weight": dv,
      ])
  }

  /// a = tanh(Waa a + Wax x + ba), ŷ = σ(Wya a + by) at every step, L = Σ −[y log ŷ + (1−y) log(1−ŷ)].
  @Test func manyToManyNetworkOfOneHotWords() throws {
    let network = try Network(
      .stack([.recurrent(CellConfiguration(.simple(.tanh), size: 3)), .linear(outputs: 1)]), positions: .all,
      loss: .binaryCrossEntropy, inputs: 4)
    var input = SequenceBatch<Double>(zeros: 4, 1, 4)
    for t in 0..<4 { input[t, 0, t] = 1 }
    let labels = [1.0, 0, 0, 1]
    let made = network.gradients(input, .values(Matrix(rows: 4, columns: 1, elements: labels)))

    let hidden = network.reference("body.0.forward")
    let wya = network.rows("body.1.weight")
    let by = network.rows("body.1.bias")[0][0]
    var gradients = hidden.zeroGradients
    var (dwya, dby, loss) = (zeros(1, 3), 0.0, 0.0)
    let a = hidden.run(steps(input, 0), from: zero(3), direction: .forward)
    var da = zeros(4, 3)
    for t in 0..<4 {
      let predicted = 1 / (1 + exp(-(dot(wya[0], a.outputs[t]) + by)))
      loss -= labels[t] * log(predicted) + (1 - labels[t]) * log(1 - predicted)
      add(predicted - labels[t], a.outputs[t], to: &dwya[0])
      dby += predicted - labels[t]
      add(predicted - labels[t], wya[0], to: &da[t])
    }
    _ = hidden.backpropagate(da, final: zero(3), through: a, into: &gradients)
    #expect(scaledError([made.loss.sum], [loss]) <= Self.tolerance)
    network.expect(
      made.gradients,
      [
        "body.0.forward.weightInput": gradients.w, "body.0.forward.weightHidden": gradients.u,
        "body.0.forward.bias": [gradients.b], "body.1.weight": dwya, "body.1.bias": [[dby]],
      ])
  }

  private struct Network {
    let layout: ParameterLayout
    let model: SequenceModel<Double>
    let store: ParameterStore<Double>

    init(
      _ body: LayerConfiguration, positions: SequencePositions, loss: Loss, inputs: Int
    ) throws {
      var layout = ParameterLayout()
      let layer: any SequenceLayer<Double> = try body.makeLayer(
        inputSize: inputs, named: "body", in: &layout)
      self.layout = layout
      model = SequenceModel(body: layer, positions: positions, loss: loss, layout: layout)
      store = ParameterStore(initializing: layout, seed: 5)
    }

    func input(lengths: [Int], features: Int) -> SequenceBatch<Double> {
      var draws = Draws(seed: 6)
      return draws.batch(lengths: lengths, features: features)
    }

    func gradients(
      _ input: SequenceBatch<Double>, _ targets: LossTargets<Double>
    ) -> (loss: LossSum, gradients: ParameterStore<Double>) {
      var gradients = ParameterStore<Double>(zeros: layout)
      let loss = model.accumulateGradients(
        on: .init(input: input, targets: targets), parameters: PackedParameters(store), mode: .inference,
        into: &gradients)
      return (loss, gradients)
    }

    func reference(_ prefix: String) -> NaiveSimpleRNN {
      NaiveSimpleRNN(.tanh, named: prefix, in: store)
    }

    func rows(_ name: String) -> [[Double]] {
      guard let slot = layout[name] else { return [] }
      return (0..<slot.rows).map(store[slot].row)
    }

    /// Every parameter, and no other.
    func expect(_ found: ParameterStore<Double>, _ expected: [String: [[Double]]]) {
      #expect(Set(expected.keys) == Set(layout.slots.map(\.name)))
      for slot in layout.slots {
        let error = scaledError(found[slot].elements, expected[slot.name]?.flatMap { $0 } ?? [])
        #expect(error <= NotesNetworksTests.tolerance, "\(slot.name)")
      }
    }
  }

  private func zero(_ size: Int) -> NaiveState { .init(h: zeros(1, size)[0], c: []) }

  private func zeros(_ rows: Int, _ columns: Int) -> [[Double]] {
    [[Double]](repeating: [Double](repeating: 0, count: columns), count: rows)
  }

  private func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }

  private func add(_ factor: Double, _ vector: [Double], to sum: inout [Double]) {
    for k in vector.indices { sum[k] += factor * vector[k] }
  }

  private func steps(_ batch: SequenceBatch<Double>, _ b: Int) -> [[Double]] {
    (0..<batch.lengths[b]).map { t in (0..<batch.features).map { batch[t, b, $0] } }
  }
}
