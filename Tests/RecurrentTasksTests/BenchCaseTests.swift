import Recurrent
import RecurrentCore
import RecurrentTasks
import Testing

/// The table of named cases against sizes and counts that were written by hand, and by the program in Python.
@Suite struct BenchCaseTests {
  /// `flops` and `tokens` of `Benchmarks/peers/cases.py`. T4's lengths are drawn, there and here otherwise, so its
  /// operations are counted for as many tokens as there.
  static let published: [(name: String, operations: Int, tokens: Int)] = [
    ("T1", 14_446_100_480, 1120), ("T2", 185_088, 1536), ("T3", 816_119_808, 2432),
    ("T4", 3_318_028_800, 1136), ("T5", 55_692_000_000, 700), ("T6", 201_330_524_160, 3200),
    ("T7", 1_753_088_000, 16_000), ("I1", 655_360, 1), ("I2", 471_859_200, 100), ("I3", 943_718_400, 100),
    ("I4", 11_744_051_200, 1600), ("I5", 156_736, 24),
  ]

  @Test func theTableIsThatOfThePeers() throws {
    #expect(BenchCase.all.map(\.name) == Self.published.map(\.name))
    for (name, operations, tokens) in Self.published {
      let network = BenchNetwork(try #require(BenchCase(named: name)))
      #expect(network.operations(tokens: tokens) == operations, "\(name)")
      let isStream = network.benchCase.work == .stream
      if network.benchCase.shortest == nil && !isStream {
        #expect(network.benchCase.batch * network.benchCase.steps == tokens, "\(name)")
      }
    }
    #expect(BenchCase(named: "t1") == nil && BenchCase(named: "") == nil)
  }

  private static func operations(
    _ layers: [LayerConfiguration], _ input: BenchCase.Input, outputs: Int? = nil,
    positions: SequencePositions = .all, training: Bool = false, tokens: Int
  ) -> Int {
    BenchNetwork(
      BenchCase(
        name: "own", what: "", work: training ? .training : .sequences, input: input, layers: layers,
        outputs: outputs, positions: positions,
        training: training ? .init(loss: .meanSquaredError, optimizer: .sgd(), rate: 0.1) : nil, batch: 3,
        steps: 9)
    ).operations(tokens: tokens)
  }

  /// All sizes differ: 7 inputs, 5 and 4 units, 2 outputs, 11 tokens.
  @Test func operationsAreThoseOfTheFormulas() {
    let lstm = LayerConfiguration.recurrent(CellConfiguration(.lstm, size: 5))
    let gru = LayerConfiguration.recurrent(CellConfiguration(.gru(.resetAfter), size: 5))
    let before = LayerConfiguration.recurrent(CellConfiguration(.gru(.resetBefore), size: 5))
    let rnn = LayerConfiguration.recurrent(CellConfiguration(.simple(.tanh), size: 5, bias: false))
    let one = LayerConfiguration.recurrent(CellConfiguration(.simple(.relu), size: 1))
    let both = LayerConfiguration.bidirectional(
      forward: CellConfiguration(.lstm, size: 5), reverse: CellConfiguration(.gru(.resetAfter), size: 4))
    let vectors = BenchCase.Input.vectors(features: 7)
    func count(_ layers: [LayerConfiguration]) -> Int { Self.operations(layers, vectors, tokens: 11) }
    // Gates × units × (inputs + units), two a multiply-add; no bias counts.
    #expect(count([lstm]) == 11 * 2 * 4 * 5 * (7 + 5))
    #expect(count([gru]) == 11 * 2 * 3 * 5 * (7 + 5) && count([before]) == count([gru]))
    #expect(count([rnn]) == 11 * 2 * 5 * (7 + 5))
    // A weight of one row is no bias.
    #expect(count([one]) == 11 * 2 * (7 + 1))
    // Two directions, and what stands upon them reads both.
    #expect(count([both]) == 11 * 2 * (4 * 5 * (7 + 5) + 3 * 4 * (7 + 4)))
    #expect(count([both, rnn]) == count([both]) + 11 * 2 * 5 * (9 + 5))
    // One-hot vectors count as the dense product, embeddings as nothing.
    #expect(Self.operations([lstm], .symbols(vocabulary: 7), tokens: 11) == count([lstm]))
    let embedded = BenchCase.Input.embedded(vocabulary: 100, features: 7)
    #expect(Self.operations([lstm], embedded, tokens: 11) == count([lstm]))
  }

  @Test func trainingIsThriceTheForwardPassButForTheGradientOfData() {
    let lstm = LayerConfiguration.recurrent(CellConfiguration(.lstm, size: 5))
    func count(_ input: BenchCase.Input, _ positions: SequencePositions) -> Int {
      Self.operations([lstm], input, outputs: 2, positions: positions, training: true, tokens: 11)
    }
    let (reads, state) = (11 * 2 * 4 * 5 * 7, 11 * 2 * 4 * 5 * 5)
    // A head at every step, and at the last of 3 sequences.
    let (everywhere, last) = (2 * 2 * 5 * 11, 2 * 2 * 5 * 3)
    let vectors = BenchCase.Input.vectors(features: 7)
    #expect(count(vectors, .all) == 2 * reads + 3 * state + 3 * everywhere)
    #expect(count(vectors, .last) == 2 * reads + 3 * state + 3 * last)
    // The embedding's gradient needs that of what the layer reads.
    #expect(
      count(.embedded(vocabulary: 100, features: 7), .all) == 3 * reads + 3 * state + 3 * everywhere)
  }

  @Test func parametersHaveTheSizesOfTheTable() throws {
    func count(_ name: String) throws -> Int {
      BenchNetwork(try #require(BenchCase(named: name))).layout.count
    }
    #expect(try count("T2") == 12 + 4 + 4 + 4 + 2)
    #expect(try count("T3") == 3 * 128 * (26 + 128 + 1) + 128 + 18 * 129)
    #expect(try count("T4") == 20_000 * 100 + 2 * 4 * 200 * (100 + 200 + 1) + 17 * 401)
    #expect(try count("I1") == 4 * 256 * (64 + 256 + 1))
  }
}

/// Made-up data, programs and figures.
@Suite struct BenchRunTests {
  @Test func lengthsFollowTheirLaw() throws {
    let tagger = try #require(BenchCase(named: "T4"))
    let data = BenchData(madeUpFor: tagger)
    #expect(data.lengths.count == 32 && data.lengths[0] == 60 && data.lengths.allSatisfy { $0 >= 5 })
    #expect(data.lengths == data.lengths.sorted(by: >) && Set(data.lengths).count > 5)
    guard case .symbols(let symbols) = data.input, case .classes(let classes)? = data.targets else {
      Issue.record("expected symbols and classes")
      return
    }
    #expect(classes.count == data.tokens(of: tagger) && classes.allSatisfy { $0 >= 0 && $0 < 17 })
    for b in 0..<32 {
      for t in 0..<60 {
        let symbol = symbols.symbols[t * 32 + b]
        #expect(t < data.lengths[b] ? symbol > 0 : symbol == 0)
      }
    }
  }

  /// What has to be read for one sequence, and what is left to be multiplied.
  @Test(arguments: [
    ("I1", 1, 0.0, 1_310_720.0, 1_310_720), ("I1", 2, 0, 1_310_720, 655_360),
    ("I2", 1, 262_144_000, 419_430_400, 1_048_576), ("I2", 2, 262_144_000, 419_430_400, 1_048_576),
    ("I3", 2, 314_572_800, 1_258_291_200, 6_291_456), ("T1", 2, 14_450_000_000, 0, 0),
  ])
  func limits(name: String, threads: Int, operations: Double, bytes: Double, perThread: Int) throws {
    let benchCase = try #require(BenchCase(named: name))
    let tokens = BenchData(madeUpFor: benchCase).tokens(of: benchCase)
    let limit = try #require(BenchNetwork(benchCase).limit(tokens: tokens, threads: threads))
    // T1's operations are given to three digits.
    #expect(abs(limit.operations - operations) <= 1e-3 * operations && limit.bytes == bytes)
    #expect(limit.bytesPerThread == perThread)
    #expect(limit.seconds(peak: 100, readRate: 10) == limit.operations / 100 + bytes / 10)
  }

  @Test func dataAreTheSameForEverybody() throws {
    let small = try #require(BenchCase(named: "I5"))
    guard case .values(let first) = BenchData(madeUpFor: small).input,
      case .values(let again) = BenchData(madeUpFor: small).input
    else { throw ShapeError() }
    #expect(first == again && first.steps == 24 && first.features == 6 && first.batchSize == 1)
    #expect(BenchData(madeUpFor: small).targets == nil)
  }

  private struct ShapeError: Error {}

  @Test(arguments: ["T2", "I5"]) func figuresAgree(name: String) throws {
    let run = BenchRun(try #require(BenchCase(named: name)))
    for threads in [1, 2] {
      let result = try run.measure(threads: threads, seconds: 0.02)
      #expect(result.threads == threads && result.timing.seconds.allSatisfy { $0 > 0 })
      // Divided and multiplied again: roundings of 1e-16 each.
      #expect(abs(result.tokensPerSecond * result.timing.median / Double(result.tokens) - 1) < 1e-14)
      #expect(result.operations == run.network.operations(tokens: result.tokens) && result.peak > 0)
      #expect((result.shareOfLimit != nil) == (name == "T2") && result.steps.seconds.isEmpty)
    }
  }

  /// A stream, and a state that is carried, on networks that take no time.
  @Test func streamsAndCarriedStates() throws {
    let layer = LayerConfiguration.recurrent(CellConfiguration(.lstm, size: 3))
    let stream = BenchCase(
      name: "own", what: "", work: .stream, input: .vectors(features: 2), layers: [layer], batch: 1, steps: 7)
    let result = try BenchRun(stream).measure(threads: 1, seconds: 0.01)
    #expect(result.tokens == 1 && result.steps.seconds.count == 7)

    let carrying = BenchCase(
      name: "own", what: "", work: .training, input: .symbols(vocabulary: 4), layers: [layer], outputs: 4,
      training: .init(loss: .softmaxCrossEntropy(), optimizer: .sgd(), rate: 1, carriesState: true),
      batch: 2, steps: 5)
    let network = BenchNetwork(carrying)
    let data = BenchData(madeUpFor: carrying)
    let parameters = ParameterStore<Float>(initializing: network.layout, seed: 1)
    func losses(_ network: BenchNetwork) throws -> [Double] {
      let program = try network.program(data, parameters: parameters, threads: 1)
      return try #require(program as? BenchTraining).firstLosses(2)
    }
    var forgetful = carrying
    forgetful.training?.carriesState = false
    let (carried, forgotten) = (try losses(network), try losses(BenchNetwork(forgetful)))
    // The first step of both starts from zeros.
    #expect(carried[0] == forgotten[0] && carried[1] != forgotten[1])
  }

  @Test func quantilesLieBetweenSamples() {
    let timing = BenchTiming([4, 1, 3, 2])
    #expect(timing.median == 2.5 && timing.quantile(0) == 1 && timing.quantile(1) == 4)
    #expect(BenchTiming([7]).quantile(0.9) == 7 && BenchTiming([]).median.isNaN)
  }

  @Test func aForecasterIsTimed() throws {
    let training = try ForecastTraining(.small(), table: Series.noisy(rows: 200).table())
    let bench = ForecastBench(training.model, threads: 1, seconds: 0.02)
    #expect(!bench.one.seconds.isEmpty && !bench.many.seconds.isEmpty)
    #expect(bench.forecastsPerSecond == 1 / bench.one.median && bench.forecastsPerSecond.isFinite)
    #expect(bench.forecastsPerSecondTogether == 64 / bench.many.median)
  }
}
