internal import Recurrent

/// A named case of hidden Markov models: one operation on a model and its data. `peers/chains.py` has the same.
struct ChainCase {
  enum Operation: String, CaseIterable { case score, posterior, path, em }

  static let names = ["H1", "H2"].flatMap { model in Operation.allCases.map { "\(model).\($0)" } }

  /// "H1.score".
  let name: String
  let operation: Operation
  private let numbers: Numbers

  /// A categorical model and a Gaussian one, with what they are asked about.
  enum Numbers {
    case categorical(HiddenMarkovModel<CategoricalEmission>, [SymbolSequence])
    case gaussian(HiddenMarkovModel<GaussianEmission>, [VectorSequence])
  }

  /// - Parameter numbers: of ``madeUp(_:)`` or ``read(_:)``.
  private init(_ name: String, _ numbers: Numbers) {
    self.name = name
    operation = name.split(separator: ".").last.flatMap { Operation(rawValue: String($0)) } ?? .score
    self.numbers = numbers
  }

  /// One call after another on so many threads, and what it computes.
  func program(threads: Int) throws -> ChainProgram {
    switch numbers {
    case .categorical(let model, let sequences):
      try ChainProgram(operation, model, sequences, threads: threads) { $0.probabilities.elements }
    case .gaussian(let model, let sequences):
      try ChainProgram(operation, model, sequences, threads: threads) { $0.means.elements }
    }
  }

  /// Steps of all sequences.
  var steps: Int {
    switch numbers {
    case .categorical(_, let sequences): sequences.reduce(0) { $0 + $1.count }
    case .gaussian(_, let sequences): sequences.reduce(0) { $0 + $1.count }
    }
  }
}

// MARK: - Numbers

extension ChainCase {
  /// As `peers/export.py` wrote it to `folder`, with the weights of its checksums.
  static func read(_ name: String, folder: String) throws -> (case: ChainCase, weights: [Double]) {
    let path = "\(folder)/\(name).safetensors"
    let file = try SafeTensors(bytes: readFile(path, limit: 1 << 30))
    guard names.contains(name), file.metadata["id"] == name else {
      throw CaseError("\(path): no case \(name) in its metadata; write it with peers/export.py")
    }
    func matrix(_ tensor: String) throws -> Matrix<Double> {
      let shape = try file.entry(named: tensor).shape
      return Matrix(rows: shape[0], columns: shape[1], elements: try file.doubles(named: tensor))
    }
    let (initial, transition) = (try file.doubles(named: "initial"), try matrix("transition"))
    let shape = try file.entry(named: "x").shape
    let (count, steps) = (shape[0], shape[1])
    let numbers: Numbers
    if shape.count == 2 {
      let x = try file.int64s(named: "x").map { Int($0) }
      numbers = .categorical(
        try HiddenMarkovModel(
          initial: initial, transition: transition, emission: CategoricalEmission(matrix("emission"))),
        (0..<count).map { SymbolSequence(Array(x[$0 * steps..<($0 + 1) * steps])) })
    } else {
      let (x, size) = (try file.doubles(named: "x"), steps * shape[2])
      let emission = GaussianEmission(
        means: try matrix("means"), covariance: .diagonal(try matrix("variances")))
      numbers = .gaussian(
        try HiddenMarkovModel(initial: initial, transition: transition, emission: emission),
        (0..<count).map { number in
          VectorSequence(
            Matrix(rows: steps, columns: shape[2], elements: Array(x[number * size..<(number + 1) * size])))
        })
    }
    return (ChainCase(name, numbers), try file.doubles(named: "checksum.weights"))
  }

  /// Models of the same sizes and what they draw themselves, one after another.
  static func madeUp() throws -> [ChainCase] {
    let symbols = try HiddenMarkovModel(
      initial: shares(1, 10)[0], transition: Matrix(shares(10, 10, stays: 0.5)),
      emission: CategoricalEmission(Matrix(shares(10, 50))))
    let numbers = CounterGenerator(seed: 5, purpose: .check)
    let means = (0..<40).map { 4 * numbers.normal(at: 2 * UInt64($0)) }
    let vectors = try HiddenMarkovModel(
      initial: shares(1, 5)[0], transition: Matrix(shares(5, 5, stays: 0.5)),
      emission: GaussianEmission(
        means: Matrix(rows: 5, columns: 8, elements: means), covariance: .diagonal(Matrix(shares(5, 8)))))
    var draws = CounterGenerator(seed: 6, purpose: .sampling)
    let first = Numbers.categorical(
      symbols, (0..<100).map { _ in symbols.sampled(1_000, using: &draws).observations })
    let second = Numbers.gaussian(vectors, [vectors.sampled(100_000, using: &draws).observations])
    return names.map { ChainCase($0, $0.hasPrefix("H1") ? first : second) }
  }

  /// Rows that sum to 1, of which a part stays in place.
  private static func shares(_ rows: Int, _ columns: Int, stays: Double = 0) -> [[Double]] {
    let draws = CounterGenerator(seed: UInt64(rows * 100 + columns), purpose: .check)
    return (0..<rows).map { row in
      let numbers = (0..<columns).map { 0.1 + draws.uniform(at: UInt64(row * columns + $0)) }
      let sum = numbers.reduce(0, +)
      return numbers.enumerated().map { ($1 / sum) * (1 - stays) + ($0 == row ? stays : 0) }
    }
  }
}
