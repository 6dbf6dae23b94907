import RecurrentCore
import RecurrentNN
import RecurrentTestSupport
import Testing

/// What the masks are: how often, at which steps, and for whom.
@Suite("Masks of noise")
struct NoiseStatisticsTests {
  /// h′ = U h + b with U = `u` · 1, of many units: what noise does to it can be said by hand.
  private static func layer(
    u: Double, bias: Double, _ noise: RecurrentNoise, units: Int = 2000
  ) -> (layer: RecurrentLayer<SimpleRNNCell<Double>>, parameters: PackedParameters<Double>) {
    var layout = ParameterLayout()
    let cell = SimpleRNNCell<Double>(
      inputSize: 1, hiddenSize: units, activation: .identity, named: "cell", in: &layout)
    var store = ParameterStore<Double>(zeros: layout)
    for unit in 0..<units { store[cell.weightHidden][unit, unit] = u }
    if let slot = cell.bias {
      store[slot] = Matrix(rows: 1, columns: units, elements: [Double](repeating: bias, count: units))
    }
    return (RecurrentLayer(cell, noise: noise), PackedParameters(store))
  }

  private static func steps(_ count: Int, sequences: Int = 1) -> SequenceBatch<Double> {
    SequenceBatch(zeros: count, sequences, 1)
  }

  private static func state(_ value: Double, units: Int = 2000, sequences: Int = 1) -> LayerState<Double> {
    .cell(
      names: ["hidden"],
      components: [
        Matrix(
          rows: sequences, columns: units, elements: [Double](repeating: value, count: sequences * units))
      ])
  }

  /// One mask for the whole sequence: after t steps h is mᵗ, so 0 or (1 / (1 − p))ᵗ.
  @Test func recurrentDropoutKeepsItsMask() {
    let made = Self.layer(u: 1, bias: 0, RecurrentNoise(dropout: 0.25, stream: 0))
    let output = made.layer.forward(
      Self.steps(6), from: Self.state(1), parameters: made.parameters, mode: NoisyLayer.mode
    ).output
    var power = 1.0
    for t in 0..<6 {
      power *= 1 / 0.75
      for unit in 0..<2000 {
        let value = output[t, 0, unit]
        #expect(value == 0 || abs(value - power) < 1e-12 * power)
        #expect((value == 0) == (output[0, 0, unit] == 0))
      }
    }
    // 500 zeros expected, standard deviation 19.4.
    #expect((403...597).contains((0..<2000).count { output[0, 0, $0] == 0 }))
  }

  /// h stays at its first value until the first step that is not kept, whose chance is z each time.
  @Test func zoneoutDrawsAtEveryStep() {
    let made = Self.layer(u: 0, bias: 1, RecurrentNoise(zoneout: 0.6, stream: 0))
    let output = made.layer.forward(
      Self.steps(3), parameters: made.parameters, mode: NoisyLayer.mode
    ).output
    var share = 1.0
    for t in 0..<3 {
      share *= 0.6
      let zeros = (0..<2000).count { output[t, 0, $0] == 0 }
      let deviation = (2000 * share * (1 - share)).squareRoot()
      #expect(abs(Double(zeros) - 2000 * share) < 5 * deviation, "step \(t): \(zeros) zeros")
    }
  }

  /// In use zoneout is its expectation, which of a cell that is linear is the mean over all masks.
  @Test func zoneoutInUseIsTheMean() {
    let (units, sequences) = (40, 500)
    let made = Self.layer(u: 0.5, bias: 1, RecurrentNoise(zoneout: 0.3, stream: 0), units: units)
    let start = Self.state(2, units: units, sequences: sequences)
    let input = Self.steps(4, sequences: sequences)
    func output(_ mode: RunMode) -> SequenceBatch<Double> {
      made.layer.forward(input, from: start, parameters: made.parameters, mode: mode).output
    }
    let (drawn, used) = (output(NoisyLayer.mode), output(.inference))
    for t in 0..<4 {
      let values = (0..<sequences).flatMap { b in (0..<units).map { drawn[t, b, $0] } }
      let mean = values.reduce(0, +) / Double(values.count)
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
      let bound = 5 * (variance / Double(values.count)).squareRoot() + 1e-9
      #expect(abs(mean - used[t, 0, 0]) < bound, "step \(t): \(mean) and \(used[t, 0, 0])")
    }
    // h₁ = 0.3 · 2 + 0.7 · (0.5 · 2 + 1) = 2, as all that follow.
    #expect(abs(used[0, 0, 0] - 2) < 1e-12)
  }

  /// Sequences, updates, seeds and layers have masks of their own; a sequence keeps its own wherever it stands.
  @Test func masksBelongToSequencesUpdatesAndLayers() {
    func zeros(_ identifier: UInt64, seed: UInt64 = 1, update: UInt64 = 1, stream: Int = 0) -> [Bool] {
      let made = Self.layer(u: 1, bias: 0, RecurrentNoise(dropout: 0.5, stream: stream), units: 64)
      var input = Self.steps(1, sequences: 3)
      input.identifiers = [5, identifier, 6]
      let output = made.layer.forward(
        input, from: Self.state(1, units: 64, sequences: 3), parameters: made.parameters,
        mode: .training(seed: seed, update: update)
      ).output
      return (0..<64).map { output[0, 1, $0] == 0 }
    }
    let first = zeros(3)
    #expect(first == zeros(3))
    #expect(Set([first, zeros(4), zeros(3, seed: 2), zeros(3, update: 2), zeros(3, stream: 1)]).count == 5)
  }

  /// A configuration gives every direction of every layer a stream of its own, also where layers are built one by one.
  @Test func streamsAreDistinct() throws {
    var layout = ParameterLayout()
    let cell = CellConfiguration(.lstm, size: 3, recurrentDropout: 0.5)
    var streams: [Int?] = []
    for index in 0..<3 {
      let layer = try LayerConfiguration.bidirectional(forward: cell, reverse: cell).makeLayer(
        inputSize: 6, named: "layer.\(index)", in: &layout, of: Double.self)
      let both = try #require(layer as? Bidirectional<LSTMCell<Double>, LSTMCell<Double>>)
      streams += [both.forwardLayer.noise?.stream, both.reverseLayer.noise?.stream]
    }
    #expect(Set(streams).count == 6 && !streams.contains(nil))
  }

  /// Rates of 0, and recurrent dropout in use, leave the plain layer, to the bit.
  @Test(arguments: NoisyLayer.kinds, Direction.allCases)
  func noNoiseIsThePlainLayer(_ kind: CellConfiguration.Kind, _ direction: Direction) throws {
    func output(_ cell: CellConfiguration, _ mode: RunMode) throws -> (
      SequenceBatch<Float>, LayerState<Float>
    ) {
      var layout = ParameterLayout()
      let layer = try LayerConfiguration.recurrent(cell, direction: direction).makeLayer(
        inputSize: 3, named: "layer", in: &layout, of: Float.self)
      let parameters = PackedParameters(ParameterStore<Float>(initializing: layout, seed: 2))
      var draws = Draws(seed: 4)
      let run = layer.forward(
        draws.batch(lengths: [4, 0, 6], features: 3), parameters: parameters, mode: mode)
      return (run.output, run.finalState)
    }
    let plain = try output(CellConfiguration(kind, size: 7), .inference)
    #expect(try output(CellConfiguration(kind, size: 7), NoisyLayer.mode) == plain)
    #expect(try output(CellConfiguration(kind, size: 7, recurrentDropout: 0.5), .inference) == plain)
    #expect(try output(CellConfiguration(kind, size: 7, recurrentDropout: 0.5), NoisyLayer.mode) != plain)
    var layout = ParameterLayout()
    let cell = LSTMCell<Float>(inputSize: 3, hiddenSize: 4, named: "cell", in: &layout)
    let parameters = PackedParameters(ParameterStore<Float>(initializing: layout, seed: 2))
    var draws = Draws(seed: 4)
    let input: SequenceBatch<Float> = draws.batch(lengths: [4, 0, 6], features: 3)
    let zero = RecurrentLayer(cell, direction: direction, noise: RecurrentNoise(stream: 3))
    let none = RecurrentLayer(cell, direction: direction)
    #expect(
      zero.forward(input, parameters: parameters, mode: NoisyLayer.mode).output
        == none.forward(input, parameters: parameters, mode: NoisyLayer.mode).output)
  }
}
