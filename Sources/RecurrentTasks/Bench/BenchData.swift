public import Recurrent

/// One batch of a case, which every call works on.
public struct BenchData: Sendable {
  /// Vectors or symbols, `[T, B]`.
  public let input: SequenceInput<Float>
  /// A row for each output; `nil` where nothing is trained.
  public let targets: LossTargets<Float>?
  /// Of the sequences, the longest first.
  public let lengths: [Int]

  /// Data from elsewhere.
  public init(input: SequenceInput<Float>, targets: LossTargets<Float>?) {
    self.input = input
    self.targets = targets
    switch input {
    case .values(let batch): lengths = batch.lengths
    case .symbols(let batch): lengths = batch.lengths
    }
  }

  /// Steps of input that exist in one call; of a stream, 1.
  public func tokens(of benchCase: BenchCase) -> Int {
    benchCase.work == .stream ? 1 : lengths.reduce(0, +)
  }
}

// MARK: - Made-up data

extension BenchData {
  /// Made-up data, the same for everybody: standard normal vectors, symbols and classes that are equally likely, and
  /// lengths equally likely from the shortest to all steps, of which one has all. Symbol 0 pads where lengths differ.
  public init(madeUpFor benchCase: BenchCase) {
    let draws = Draws(seed: UInt64(1 + (BenchCase.all.firstIndex(of: benchCase) ?? 0)))
    let (steps, batch) = (benchCase.steps, benchCase.batch)
    let lengths = Self.lengths(of: benchCase, draws)
    let input: SequenceInput<Float>
    switch benchCase.input {
    case .vectors(let features):
      input = .values(
        SequenceBatch(
          steps: steps, batchSize: batch, features: features,
          values: draws.normals(steps * batch * features, .input), lengths: lengths))
    case .symbols(let vocabulary), .embedded(let vocabulary, _):
      let first = benchCase.shortest == nil ? 0 : 1
      let symbols = draws.wholes(steps * batch, in: first..<vocabulary, .input)
      input = .symbols(
        SymbolBatch(
          steps: steps, batchSize: batch, vocabulary: vocabulary, symbols: symbols.map { Int32($0) },
          lengths: lengths))
    }
    let rows = benchCase.positions == .last ? batch : lengths.reduce(0, +)
    self.init(input: input, targets: Self.targets(of: benchCase, rows: rows, draws))
  }

  private static func lengths(of benchCase: BenchCase, _ draws: Draws) -> [Int] {
    guard let shortest = benchCase.shortest else {
      return [Int](repeating: benchCase.steps, count: benchCase.batch)
    }
    var lengths = draws.wholes(benchCase.batch, in: shortest..<benchCase.steps + 1, .lengths)
    lengths[0] = benchCase.steps
    return lengths.sorted(by: >)
  }

  private static func targets(of benchCase: BenchCase, rows: Int, _ draws: Draws) -> LossTargets<Float>? {
    guard let training = benchCase.training, let outputs = benchCase.outputs else { return nil }
    if case .softmaxCrossEntropy = training.loss {
      return .classes(draws.wholes(rows, in: 0..<outputs, .targets))
    }
    return .values(
      Matrix(rows: rows, columns: outputs, elements: draws.normals(rows * outputs, .targets)))
  }

  /// Numbers of a case, each kind from a stream of its own.
  private struct Draws {
    enum Kind: UInt64 { case input, lengths, targets }
    let seed: UInt64

    private func stream(_ kind: Kind) -> CounterGenerator {
      CounterGenerator(seed: seed, purpose: .sampling, step: kind.rawValue)
    }

    func normals(_ count: Int, _ kind: Kind) -> [Float] {
      let stream = stream(kind)
      return (0..<count).map { Float(stream.normal(at: UInt64($0))) }
    }

    func wholes(_ count: Int, in range: Range<Int>, _ kind: Kind) -> [Int] {
      var stream = stream(kind)
      return (0..<count).map { _ in Int.random(in: range, using: &stream) }
    }
  }
}
