import Foundation
import RecurrentCore
import RecurrentNN
import RecurrentTestSupport
import Testing

/// Layers with noise against the equations, number by number and sequence by sequence, with masks drawn here as the
/// documentation says.
@Suite("Noise by its equations")
struct NoiseReferenceTests {
  private static let seed: UInt64 = 11
  private static let update: UInt64 = 4
  private static let size = 5

  /// The stream of a layer that begins a model, of one sequence.
  private static func stream(
    _ purpose: CounterGenerator.Purpose, component: UInt64, identifier: UInt64
  ) -> CounterGenerator {
    let update = CounterGenerator(seed: seed, purpose: purpose, step: update)
    let layer = CounterGenerator(seed: update.word(at: 0), purpose: purpose, step: component)
    return CounterGenerator(seed: layer.word(at: identifier), purpose: purpose)
  }

  private static func sigmoid(_ z: Double) -> Double { 1 / (1 + exp(-z)) }

  /// One sequence through one cell with noise.
  private struct Reference {
    let kind: CellConfiguration.Kind
    let store: ParameterStore<Double>
    let layer: NoisyLayer
    let isTraining: Bool
    let identifier: UInt64

    private func matrix(_ name: String) -> Matrix<Double> {
      store.layout.slots.first { $0.name.hasSuffix("." + name) }.map { store[$0] }
        ?? Matrix(zeros: 0, 0)
    }

    private func products(_ weight: String, _ vector: [Double]) -> [Double] {
      let weight = matrix(weight)
      return (0..<weight.rows).map { row in
        vector.indices.reduce(0.0) { $0 + weight[row, $1] * vector[$1] }
      }
    }

    /// What one step makes of x, of the state, and of what its recurrent products read.
    func step(_ x: [Double], h: [Double], c: [Double], read: [Double]) -> (h: [Double], c: [Double]) {
      let size = NoiseReferenceTests.size
      let bias = matrix("bias").elements
      let fromInput = zip(products("weightInput", x), bias).map(+)
      let fromHidden = products("weightHidden", read)
      func both(_ place: Int) -> Double { fromInput[place] + fromHidden[place] }
      switch kind {
      case .simple(let activation):
        return (
          (0..<size).map { unit in
            switch activation {
            case .tanh: tanh(both(unit))
            case .relu: max(both(unit), 0)
            case .sigmoid: NoiseReferenceTests.sigmoid(both(unit))
            case .identity: both(unit)
            }
          }, c
        )
      case .gru(let form):
        let r = (0..<size).map { NoiseReferenceTests.sigmoid(both($0)) }
        let z = (0..<size).map { NoiseReferenceTests.sigmoid(both(size + $0)) }
        let n: [Double]
        switch form {
        case .resetAfter:
          let hiddenBias = matrix("biasHidden").elements
          n = (0..<size).map {
            tanh(fromInput[2 * size + $0] + r[$0] * (fromHidden[2 * size + $0] + hiddenBias[$0]))
          }
        case .resetBefore:
          let fromReset = products("weightHidden", (0..<size).map { r[$0] * read[$0] })
          n = (0..<size).map { tanh(fromInput[2 * size + $0] + fromReset[2 * size + $0]) }
        }
        return ((0..<size).map { z[$0] * h[$0] + (1 - z[$0]) * n[$0] }, c)
      case .lstm:
        func gate(_ place: Int) -> Double { NoiseReferenceTests.sigmoid(both(place)) }
        let memory = (0..<size).map {
          gate(size + $0) * c[$0] + gate($0) * tanh(both(2 * size + $0))
        }
        return ((0..<size).map { gate(3 * size + $0) * tanh(memory[$0]) }, memory)
      case .layerNormLSTM:
        func normalised(_ row: [Double]) -> [Double] {
          let mean = row.reduce(0, +) / Double(row.count)
          let variance = row.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(row.count)
          return row.map { ($0 - mean) / (variance + 1e-5).squareRoot() }
        }
        let (x, h) = (normalised(products("weightInput", x)), normalised(fromHidden))
        let a = (0..<4 * size).map {
          matrix("gainInput").elements[$0] * x[$0] + matrix("gainHidden").elements[$0] * h[$0] + bias[$0]
        }
        let memory = (0..<size).map {
          NoiseReferenceTests.sigmoid(a[size + $0]) * c[$0]
            + NoiseReferenceTests.sigmoid(a[$0]) * tanh(a[2 * size + $0])
        }
        let shown = normalised(memory)
        return (
          (0..<size).map {
            NoiseReferenceTests.sigmoid(a[3 * size + $0])
              * tanh(matrix("gainCell").elements[$0] * shown[$0] + matrix("biasCell").elements[$0])
          }, memory
        )
      }
    }

    /// The outputs at their steps, and the final state.
    func run(_ xs: [[Double]], h: [Double], c: [Double]) -> (outputs: [[Double]], h: [Double], c: [Double]) {
      let size = NoiseReferenceTests.size
      var (h, c) = (h, c)
      var outputs = [[Double]](repeating: [], count: xs.count)
      func stream(_ purpose: CounterGenerator.Purpose, _ component: UInt64 = 0) -> CounterGenerator {
        NoiseReferenceTests.stream(purpose, component: component, identifier: identifier)
      }
      let mask = (0..<size).map { unit -> Double in
        guard isTraining else { return 1 }
        let isKept = stream(.recurrentDropout).uniform(at: UInt64(unit)) >= layer.dropout
        return isKept ? 1 / (1 - layer.dropout) : 0
      }
      func kept(_ component: UInt64, _ t: Int, _ unit: Int) -> Double {
        let rate = component == 0 ? layer.zoneout : layer.zoneoutMemory
        guard isTraining else { return rate }
        let draw = stream(.zoneout, component).uniform(at: UInt64(t) << 32 | UInt64(unit))
        return draw < rate ? 1 : 0
      }
      let times = layer.direction == .forward ? Array(xs.indices) : xs.indices.reversed()
      for t in times {
        let made = step(xs[t], h: h, c: c, read: (0..<size).map { mask[$0] * h[$0] })
        h = (0..<size).map { kept(0, t, $0) * h[$0] + (1 - kept(0, t, $0)) * made.h[$0] }
        if kind.hasMemory {
          c = (0..<size).map { kept(1, t, $0) * c[$0] + (1 - kept(1, t, $0)) * made.c[$0] }
        }
        outputs[t] = h
      }
      return (outputs, h, c)
    }
  }

  @Test(arguments: NoisyLayer.all) func equalsNestedLoops(_ noisy: NoisyLayer) throws {
    var layout = ParameterLayout()
    let layer: any SequenceLayer<Double> = noisy.make(size: Self.size, in: &layout)
    var store = ParameterStore<Double>(initializing: layout, seed: 8)
    var draws = Draws(seed: 21)
    // Gains and shifts of layer normalisation that are neither 1 nor 0.
    for slot in layout.slots where slot.isVector { store[slot] = draws.matrix(1, slot.columns) }
    let lengths = [4, 0, 6, 1]
    let identifiers: [UInt64] = [7, 2, 900, 41]
    let drawn: SequenceBatch<Double> = draws.batch(lengths: lengths, features: 3)
    let input = SequenceBatch(
      steps: drawn.steps, batchSize: lengths.count, features: 3, values: drawn.values, lengths: lengths,
      identifiers: identifiers)
    let initial = draws.state(like: layer.zeroState(batchSize: lengths.count))
    for mode in [RunMode.training(seed: Self.seed, update: Self.update), .inference] {
      let run = layer.forward(input, from: initial, parameters: PackedParameters(store), mode: mode)
      for (b, length) in lengths.enumerated() {
        let reference = Reference(
          kind: noisy.kind, store: store, layer: noisy, isTraining: mode != .inference,
          identifier: identifiers[b])
        let expected = reference.run(
          (0..<length).map { t in (0..<3).map { input[t, b, $0] } },
          h: try #require(initial.hidden).row(b), c: initial.cell?.row(b) ?? [])
        // Some tens of operations a step, each off by 1.1e-16 on numbers of size 1, over six steps: some 1e-14. Layer normalisation
        // divides them by the deviation of five units, which may be some hundredths.
        for t in 0..<length {
          for unit in 0..<Self.size {
            #expect(abs(run.output[t, b, unit] - expected.outputs[t][unit]) < 1e-12)
          }
        }
        let final = try #require(run.finalState.hidden).row(b)
        for unit in 0..<Self.size { #expect(abs(final[unit] - expected.h[unit]) < 1e-12) }
        for (found, sought) in zip(run.finalState.cell?.row(b) ?? [], expected.c) {
          #expect(abs(found - sought) < 1e-12)
        }
      }
    }
  }
}
