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
      let a = zip(fromInput, fromHidden).map(+)
      switch kind {
      case .simple(let activation): return (a.map { NaiveGates.value(activation, $0) }, c)
      case .gru(.resetAfter):
        let q = zip(fromHidden.suffix(size), matrix("biasHidden").elements).map(+)
        return (NaiveGates.gru(Array(a[..<(2 * size)] + fromInput.suffix(size)), q: q, hidden: h).hidden, c)
      case .gru(.resetBefore):
        let fromReset = products("weightHidden", NaiveGates.resetHidden(a, hidden: read))
        let n = zip(fromInput, fromReset).map(+).suffix(size)
        return (NaiveGates.gru(Array(a[..<(2 * size)] + n), q: nil, hidden: h).hidden, c)
      case .lstm:
        let made = NaiveGates.lstm(a, cell: c)
        return (made.hidden, made.cell)
      case .layerNormLSTM:
        let x = NaiveGates.normalised(products("weightInput", x)).values
        let h = NaiveGates.normalised(fromHidden).values
        let made = NaiveGates.layerNormLSTM(
          (0..<4 * size).map {
            matrix("gainInput").elements[$0] * x[$0] + matrix("gainHidden").elements[$0] * h[$0] + bias[$0]
          }, cell: c, gain: matrix("gainCell").elements, shift: matrix("biasCell").elements)
        return (made.hidden, made.cell)
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
