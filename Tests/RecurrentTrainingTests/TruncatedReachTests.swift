import Foundation
import RecurrentCore
import RecurrentNN
import RecurrentTraining
import Testing

/// Truncated back-propagation with k₁ steps between updates and gradients through k₂, against loops that know the definition alone.
@Suite("Truncated back-propagation with k₁ and k₂")
struct TruncatedReachTests {
  /// Streams of numbers side by side, cut into windows of so many new steps of each; a document begins where `restarts` say so.
  private struct Streams: BatchSource {
    /// `[window][row]`.
    let lengths: [[Int]]
    var restarts: [[Bool]?]

    let features = 2
    var rows: Int { lengths[0].count }
    var count: Int { lengths.count * rows }

    static func x(_ row: Int, _ step: Int, _ feature: Int) -> Double {
      sin(Double(row * 31 + step * 7 + feature * 13) * 0.7)
    }
    static func y(_ row: Int, _ step: Int) -> Double { cos(Double(row * 5 + step * 3) * 0.9) }

    func first(_ window: Int, _ row: Int) -> Int { lengths[..<window].reduce(0) { $0 + $1[row] } }

    func batch(_ indices: [Int]) -> SequenceModel<Double>.Batch {
      let window = indices[0] / rows
      let own = indices.map { lengths[window][$0 % rows] }
      var input = SequenceBatch<Double>(
        zeros: own.max() ?? 0, indices.count, features, lengths: own, identifiers: indices.map(UInt64.init))
      var targets: [Double] = []
      for t in 0..<input.steps {
        for (b, index) in indices.enumerated() where t < own[b] {
          let (row, step) = (index % rows, first(window, index % rows) + t)
          for f in 0..<features { input[t, b, f] = Self.x(row, step, f) }
          targets.append(Self.y(row, step))
        }
      }
      var batch = SequenceModel<Double>.Batch(
        input: input, targets: .values(Matrix(rows: targets.count, columns: 1, elements: targets)))
      batch.restarts = restarts[window]
      return batch
    }
  }

  /// tanh units over two numbers, one output.
  private static let model: SequenceModel<Double> = {
    var layout = ParameterLayout()
    let body = RecurrentLayer(
      SimpleRNNCell<Double>(inputSize: 2, hiddenSize: 3, named: "rnn", in: &layout))
    let head = Linear<Double>(inputSize: 3, outputSize: 1, named: "head", in: &layout)
    return SequenceModel(
      body: body, positions: .all, head: head, loss: .halfSquaredError, layout: layout)
  }()

  /// The definition, step by step: no batches, no layers.
  private struct Reference {
    let streams: Streams
    let reach: Int
    let rate: Double
    var w: [[Double]], u: [[Double]], b: [Double], v: [Double], c: Double
    var losses: [Double] = []

    init(_ streams: Streams, reach: Int, rate: Double, _ parameters: ParameterStore<Double>) {
      (self.streams, self.reach, self.rate) = (streams, reach, rate)
      func table(_ name: String) -> [[Double]] {
        let matrix = parameters[parameters.layout[name]!]
        return (0..<matrix.rows).map { matrix.row($0) }
      }
      w = table("rnn.weightInput")
      u = table("rnn.weightHidden")
      b = table("rnn.bias")[0]
      v = table("head.weight")[0]
      c = table("head.bias")[0][0]
    }

    private func next(_ h: [Double], _ x: [Double]) -> [Double] {
      (0..<3).map { i in
        var a = b[i]
        for f in 0..<2 { a += w[i][f] * x[f] }
        for j in 0..<3 { a += u[i][j] * h[j] }
        return tanh(a)
      }
    }

    mutating func epoch() {
      let rows = streams.rows
      // The state before every step, as it was made last.
      var states = [[Int: [Double]]](repeating: [:], count: rows)
      var documents = [Int](repeating: 0, count: rows)
      for window in streams.lengths.indices {
        var (dw, du) = (w.map { $0.map { _ in 0.0 } }, u.map { $0.map { _ in 0.0 } })
        var (db, dv, dc) = ([0.0, 0, 0], [0.0, 0, 0], 0.0)
        var (loss, count) = (0.0, 0)
        for row in 0..<rows {
          let first = streams.first(window, row)
          let end = first + streams.lengths[window][row]
          if streams.restarts[window]?[row] == true { documents[row] = first }
          func x(_ t: Int) -> [Double] { (0..<2).map { Streams.x(row, t, $0) } }
          let begin = max(documents[row], end - reach)
          // Steps that are out of reach though they are new, and then those of the window.
          for t in min(first, begin)..<end {
            let h = t == documents[row] ? [0, 0, 0] : states[row][t] ?? [.nan, .nan, .nan]
            states[row][t] = h
            states[row][t + 1] = next(h, x(t))
          }
          var dh = [0.0, 0, 0]
          for t in stride(from: end - 1, through: begin, by: -1) {
            let h = states[row][t + 1]!
            if t >= max(first, end - reach) {
              var out = c
              for j in 0..<3 { out += v[j] * h[j] }
              let e = out - Streams.y(row, t)
              loss += e * e / 2
              count += 1
              dc += e
              for j in 0..<3 {
                dv[j] += e * h[j]
                dh[j] += e * v[j]
              }
            }
            let da = (0..<3).map { dh[$0] * (1 - h[$0] * h[$0]) }
            let before = states[row][t]!
            for i in 0..<3 {
              db[i] += da[i]
              for f in 0..<2 { dw[i][f] += da[i] * x(t)[f] }
              for j in 0..<3 { du[i][j] += da[i] * before[j] }
            }
            dh = (0..<3).map { j in (0..<3).reduce(0) { $0 + da[$1] * u[$1][j] } }
          }
        }
        guard count > 0 else { continue }
        losses.append(loss / Double(count))
        let scale = rate / Double(count)
        for i in 0..<3 {
          b[i] -= scale * db[i]
          v[i] -= scale * dv[i]
          for f in 0..<2 { w[i][f] -= scale * dw[i][f] }
          for j in 0..<3 { u[i][j] -= scale * du[i][j] }
        }
        c -= scale * dc
      }
    }

    func difference(_ parameters: ParameterStore<Double>) -> Double {
      func table(_ name: String) -> [Double] { parameters[parameters.layout[name]!].elements }
      let pairs = [
        (table("rnn.weightInput"), w.flatMap { $0 }), (table("rnn.weightHidden"), u.flatMap { $0 }),
        (table("rnn.bias"), b), (table("head.weight"), v), (table("head.bias"), [c]),
      ]
      return pairs.flatMap { zip($0, $1).map { abs($0 - $1) } }.reduce(0) {
        $1.isNaN ? .infinity : max($0, $1)
      }
    }
  }

  private func options(_ reach: Int?, epochs: Int = 2) -> TrainerOptions {
    TrainerOptions(
      epochs: epochs, batchSize: 3, optimizer: .sgd(), learningRate: 0.3, shuffles: false,
      carriesState: true, reach: reach)
  }

  /// How far the trainer and the definition are apart, after two epochs; and how much was learned.
  private func compare(_ streams: Streams, reach: Int) throws -> (difference: Double, moved: Double) {
    let first = ParameterStore<Double>(initializing: Self.model.layout, seed: 7)
    var reference = Reference(streams, reach: reach, rate: 0.3, first)
    for _ in 0..<2 { reference.epoch() }
    var trainer = try Trainer(
      model: Self.model, source: streams, options: options(reach), parameters: first)
    var losses: [Double] = []
    while let event = try trainer.next() { if case .step(let step) = event { losses.append(step.loss) } }
    #expect(losses.count == reference.losses.count)
    let apart = zip(losses, reference.losses).map { abs($0 - $1) }.max() ?? .infinity
    return (max(apart, reference.difference(trainer.state.parameters)), reference.difference(first))
  }

  /// All k₁ and k₂ up to 6, with documents that begin in two rows at different windows.
  @Test(arguments: 1...6, 1...6) func asTheDefinition(k1: Int, k2: Int) throws {
    let windows = 8
    var restarts = [[Bool]?](repeating: nil, count: windows)
    restarts[2] = [false, true, false]
    restarts[5] = [true, true, false]
    let streams = Streams(
      lengths: [[Int]](repeating: [k1, k1, k1], count: windows), restarts: restarts)
    let found = try compare(streams, reach: k2)
    // Sixteen or eighteen updates, of sums of some tens of products of size 1, each off by 1.1e-16: some 5e-14 in another order.
    #expect(found.difference < 1e-13)
    // Far above the bound: a parameter that does not move would agree with anything.
    #expect(found.moved > 1e-3)
  }

  /// Windows of other lengths in every row, some of them empty.
  @Test(arguments: 1...8) func ofRaggedWindows(reach: Int) throws {
    let lengths = (0..<9).map { window in (0..<3).map { (window * 5 + $0 * 3) % 5 } }
    var restarts = [[Bool]?](repeating: nil, count: lengths.count)
    restarts[3] = [true, false, false]
    restarts[4] = [false, false, true]
    restarts[7] = [true, true, true]
    let found = try compare(Streams(lengths: lengths, restarts: restarts), reach: reach)
    // As above.
    #expect(found.difference < 1e-13)
    #expect(found.moved > 1e-3)
  }

  private static func noisyModel(_ kind: CellConfiguration.Kind) throws -> SequenceModel<Double> {
    var layout = ParameterLayout()
    let cell = CellConfiguration(
      kind, size: 4, recurrentDropout: 0.2, zoneout: 0.5, zoneoutMemory: kind.hasMemory ? 0.4 : 0)
    let body: any SequenceLayer<Double> = try LayerConfiguration.recurrent(cell)
      .makeLayer(inputSize: 2, named: "rnn", in: &layout)
    let head = Linear<Double>(inputSize: 4, outputSize: 1, named: "head", in: &layout)
    return SequenceModel(
      body: body, positions: .all, head: head, loss: .halfSquaredError, layout: layout)
  }

  /// New steps that no gradient reaches are run apart, with the masks that they have in the window as a whole: where the window
  /// ends is the same, to the bit, however far gradients reach. Of cells with a sweep and without.
  @Test(arguments: [CellConfiguration.Kind.lstm, .gru(.resetAfter), .layerNormLSTM], 1...7)
  func masksAreTheWholeWindows(_ kind: CellConfiguration.Kind, reach: Int) throws {
    let streams = Streams(lengths: [[8, 8, 8], [8, 8, 8]], restarts: [nil, nil])
    let model = try Self.noisyModel(kind)
    func carried(_ reach: Int?) throws -> CarriedState<Double>? {
      var trainer = try Trainer(model: model, source: streams, options: options(reach))
      while let event = try trainer.next() { if case .step = event { return trainer.state.carried } }
      return nil
    }
    let whole = try #require(try carried(nil))
    #expect(try carried(reach) == whole)
  }

  /// k₂ = k₁ is what it is without a word about it, to the bit.
  @Test func sameReachSameBits() throws {
    let streams = Streams(
      lengths: [[Int]](repeating: [4, 4, 4], count: 5), restarts: [nil, nil, [true, false, false], nil, nil])
    var trainers = try [nil, 4].map {
      try Trainer(model: Self.model, source: streams, options: options($0))
    }
    for place in trainers.indices { while try trainers[place].next() != nil {} }
    #expect(trainers[0].state.parameters == trainers[1].state.parameters)
    #expect(trainers[0].state.progress.curve == trainers[1].state.progress.curve)
  }

  /// Segments change no bit of a run, whatever k₂ is.
  @Test(arguments: [nil, 2, 4, 7]) func segmentsChangeNothing(reach: Int?) throws {
    let streams = Streams(
      lengths: [[Int]](repeating: [4, 4, 4], count: 5), restarts: [nil, nil, [true, false, false], nil, nil])
    func parameters(_ segments: SequenceSegments?, threads: Int) throws -> TrainingState<Double> {
      var options = options(reach)
      options.segments = segments
      var trainer = try Trainer(
        model: Self.model, source: streams, validation: streams, options: options, threads: threads)
      while try trainer.next() != nil {}
      return trainer.state
    }
    let whole = try parameters(nil, threads: 1)
    for length in 1...8 {
      let found = try parameters(.steps(length), threads: 1 + length % 2)
      #expect(found.parameters == whole.parameters && found.progress.curve == whole.progress.curve)
    }
    #expect(try parameters(.bytes(1 << 30), threads: 1).parameters == whole.parameters)
    #expect(throws: TrainingError.self) { _ = try parameters(.bytes(1000), threads: 1) }
  }

  /// What the options keep beside an update's own, and twice all that a checkpoint has.
  @Test func copiesOfParametersFollowTheOptions() {
    #expect(TrainerOptions(optimizer: .sgd(), keepsBest: false).copiesOfParameters == 6 + 0 + 2 * 1)
    #expect(TrainerOptions().copiesOfParameters == 6 + 3 + 2 * 4)
    #expect(
      TrainerOptions(averaging: ParameterAveraging(decay: 0.9)).copiesOfParameters == 6 + 4 + 2 * 5)
  }

  @Test func whatCannotReachIsRefused() throws {
    let streams = Streams(lengths: [[4, 4, 4], [4, 4, 4]], restarts: [nil, nil])
    func message(_ options: TrainerOptions, _ model: SequenceModel<Double> = Self.model) -> String? {
      #expect(throws: TrainingError.self) {
        _ = try Trainer(model: model, source: streams, options: options)
      }?.description
    }
    var apart = options(4)
    apart.carriesState = false
    #expect(message(apart)?.contains("reach: found 4, expected none") == true)
    #expect(message(options(0))?.contains("reach: found 0, expected a whole number above 0") == true)
    var short = options(nil)
    short.segments = .steps(0)
    #expect(message(short)?.contains("steps of a segment: found 0") == true)
    var layout = ParameterLayout()
    let body = Bidirectional(
      forward: LSTMCell<Double>(inputSize: 2, hiddenSize: 2, named: "forward", in: &layout),
      reverse: LSTMCell<Double>(inputSize: 2, hiddenSize: 2, named: "reverse", in: &layout))
    let head = Linear<Double>(inputSize: 4, outputSize: 1, named: "head", in: &layout)
    let both = SequenceModel<Double>(
      body: body, positions: .all, head: head, loss: .halfSquaredError, layout: layout)
    short = TrainerOptions(batchSize: 3, segments: .steps(2))
    #expect(message(short, both)?.contains("reads ahead") == true)
  }
}
