import Foundation
import Recurrent
import RecurrentCore
import RecurrentTasks
import Testing

/// Model files: what is written is read to the bit, and what a person may get wrong has one clear line.
@Suite struct MarkovFileTests {
  private static func matrix(_ rows: [[Double]]) -> Matrix<Double> { Matrix(rows) }

  private static func file<E: Emission>(
    _ emission: E, final: Bool = false, columns: [String] = [], unit: TokenSequences.Unit? = nil,
    _ wrap: (HiddenMarkovModel<E>) -> MarkovModel
  ) throws -> MarkovModelFile {
    let third = 1.0 / 3
    let rows = final ? [[0.5, 0.25], [0.125, 0.75]] : [[third, 1 - third], [0.1, 0.9]]
    let model = try HiddenMarkovModel(
      initial: [0, 1], transition: Matrix(rows), final: final ? [0.25, 0.125] : nil, emission: emission,
      states: ["a \"b\"", "银行"])
    return MarkovModelFile(model: wrap(model), columns: columns, unit: unit)
  }

  /// Two states, two dimensions, one file for every emission and covariance.
  static func files() throws -> [MarkovModelFile] {
    let means = matrix([[0.1 + 0.2, -0.0], [1e-300, 12_345_678_901_234_568]])
    let full = [matrix([[2, 0.1], [0.1, 1]]), matrix([[1, -0.3], [-0.3, 5]])]
    let covariances: [GaussianCovariance] = [
      .diagonal(matrix([[1, 0.1], [1e-9, 2]])), .spherical([0.1, 1.0 / 7]), .tied(full[0]), .full(full),
    ]
    var files = [
      try file(
        CategoricalEmission(matrix([[0.1, 0.2, 0.7], [1, 0, 0]]), symbols: ["\t", "x", "é"]),
        unit: .characters, MarkovModel.categorical),
      try file(
        CategoricalEmission(matrix([[0.5, 0.5], [1, 0]]), symbols: ["x", "y"]), final: true, unit: .words,
        MarkovModel.categorical),
      try file(
        PoissonEmission(rates: matrix([[0, 0.1], [1e9, 3]])), columns: ["n", "m"], MarkovModel.poisson),
    ]
    for covariance in covariances {
      files.append(
        try file(
          GaussianEmission(means: means, covariance: covariance), columns: ["x, \"y\"", "y"],
          MarkovModel.gaussian))
    }
    let weights = matrix([[0.5, 0.5], [1.0 / 3, 2.0 / 3]])
    let four = matrix([[0, 1], [2, 3], [4, 5], [6, 7]])
    let mixtures: [(GaussianCovariance, Bool)] = [
      (.diagonal(matrix([[1, 2], [3, 4], [5, 6], [7, 0.1]])), false), (.spherical([1, 2, 3, 0.1]), false),
      (.full(full + full), false), (.full([full[0], full[0], full[1], full[1]]), true),
    ]
    for (covariance, isTied) in mixtures {
      files.append(
        try file(
          GaussianMixtureEmission(weights: weights, means: four, covariance: covariance, isTied: isTied),
          MarkovModel.mixture))
    }
    return files
  }

  @Test func roundTrip() throws {
    for file in try Self.files() {
      let again = try MarkovModelFile(bytes: Array(file.text.utf8), name: "m.json")
      #expect(again == file && !file.text.contains("\"sequence\""))
      // Equality does not tell −0 from 0; the text does.
      #expect(again.text == file.text)
    }
    #expect(try Self.files()[4].text.contains("[0.30000000000000004, -0.0]"))
  }

  /// The column that parts sequences, in both forms of file.
  @Test func sequenceColumn() throws {
    for var file in try Self.files() where file.model.chain.final == nil {
      file.sequence = "the \"day\""
      #expect(try MarkovModelFile(bytes: Array(file.text.utf8), name: "m.json") == file)
      let arrays = try MarkovArrays.tensors(of: file)
      #expect(try MarkovArrays.model(of: arrays, name: "m.safetensors") == file)
    }
    // Of symbols from a table, also its column.
    var file = try Self.files()[0]
    (file.unit, file.columns) = (nil, ["weather"])
    #expect(try MarkovArrays.model(of: MarkovArrays.tensors(of: file), name: "m.safetensors") == file)
  }

  // MARK: - Bad files

  struct Bad: CustomTestStringConvertible, Sendable {
    let member: String
    /// In place of what stands there; `nil`: the member is left out.
    let value: String?
    /// What the line must say.
    let says: String
    var base = "dice"

    var testDescription: String { "\(base) \(member): \(value ?? "left out")" }
  }

  private static let bases: [String: [(String, String)]] = [
    "dice": [
      ("format", #""recurrent.hmm/1""#), ("emission", #""categorical""#), ("states", #"["a", "b"]"#),
      ("initial", "[0.5, 0.5]"), ("transition", "[[0.9, 0.1], [0.2, 0.8]]"), ("symbols", #"["x", "y"]"#),
      ("probabilities", "[[0.5, 0.5], [0.1, 0.9]]"),
    ],
    "gaussian": [
      ("format", #""recurrent.hmm/1""#), ("emission", #""gaussian""#), ("states", #"["a", "b"]"#),
      ("columns", #"["x", "y"]"#), ("initial", "[0.5, 0.5]"), ("transition", "[[0.9, 0.1], [0.2, 0.8]]"),
      ("means", "[[0, 0], [1, 1]]"), ("covarianceKind", #""full""#),
      ("covariance", "[[[1, 0], [0, 1]], [[1, 0], [0, 1]]]"),
    ],
    "mixture": [
      ("format", #""recurrent.hmm/1""#), ("emission", #""mixture""#), ("states", #"["a", "b"]"#),
      ("initial", "[0.5, 0.5]"), ("transition", "[[0.9, 0.1], [0.2, 0.8]]"),
      ("weights", "[[0.5, 0.5], [0.1, 0.9]]"), ("means", "[[0], [1], [2], [3]]"),
      ("covarianceKind", #""tied""#), ("covariance", "[[[1]], [[1]], [[2]], [[2]]]"),
    ],
    "poisson": [
      ("format", #""recurrent.hmm/1""#), ("emission", #""poisson""#), ("states", #"["a", "b"]"#),
      ("initial", "[0.5, 0.5]"), ("transition", "[[0.9, 0.1], [0.2, 0.8]]"), ("rates", "[[1], [2]]"),
    ],
  ]

  private static func text(_ base: String, _ member: String? = nil, _ value: String? = nil) -> String {
    var members = bases[base] ?? []
    if let member {
      members.removeAll { $0.0 == member }
      if let value { members.append((member, value)) }
    }
    return "{" + members.map { "\"\($0)\": \($1)" }.joined(separator: ", ") + "}"
  }

  @Test(arguments: ["dice", "gaussian", "mixture", "poisson"]) func goodBases(_ base: String) throws {
    _ = try MarkovModelFile(bytes: Array(Self.text(base).utf8), name: "m.json")
  }

  static let bad: [Bad] = [
    Bad(member: "format", value: #""recurrent.hmm/2""#, says: "expected \"recurrent.hmm/1\""),
    Bad(member: "format", value: #""recurrent.hmm-tagger/1""#, says: "a tagger is for hmm decode"),
    Bad(member: "format", value: "1", says: "\"format\": expected a text"),
    Bad(member: "sequence", value: "1", says: "\"sequence\": expected a text"),
    Bad(member: "format", value: nil, says: "the member \"format\" is missing"),
    Bad(member: "emission", value: #""poison""#, says: "did you mean \"poisson\"?"),
    Bad(member: "emission", value: #""gaussian""#, says: "the member \"means\" is missing"),
    Bad(member: "states", value: #"["a"]"#, says: "state names: found 1, expected 2"),
    Bad(member: "states", value: #"["a", "a"]"#, says: "\"a\" stands there twice"),
    Bad(member: "states", value: "[]", says: "\"states\": expected a list of texts"),
    Bad(member: "symbols", value: #"["x", "x"]"#, says: "\"symbols\": \"x\" stands there twice"),
    Bad(member: "symbols", value: #"["x", "y", "z"]"#, says: "rows of 2 numbers, expected 3"),
    Bad(member: "initial", value: "[0.5]", says: "state names: found 2, expected 1"),
    Bad(member: "initial", value: "[0.5, \"x\"]", says: "\"initial\": element 2 is no number"),
    Bad(member: "initial", value: "[1.5, -0.5]", says: "initial, column 1: found 1.5"),
    Bad(member: "initial", value: "[NaN, 0.5]", says: "found 'N'; expected a JSON value"),
    Bad(member: "initial", value: "[1e999, 0.5]", says: "beyond the range of a double"),
    Bad(
      member: "transition", value: "[[0.9, 0.1], [0.2, 0.7]]",
      says: "transition, row 2: the probabilities sum to 0.8999999999999999, expected 1"),
    Bad(
      member: "transition", value: "[[-0.1, 1.1], [0.2, 0.8]]",
      says: "transition, row 1, column 1: found -0.1, expected a probability from 0 to 1"),
    Bad(member: "transition", value: "[[1, 0], [1]]", says: "row 2 has 1 number, expected 2 as in row 1"),
    Bad(member: "transition", value: "[[1], [1]]", says: "columns of the transitions: found 1, expected 2"),
    Bad(member: "transition", value: "[[1, 0]]", says: "rows of the transitions: found 1, expected 2"),
    Bad(member: "final", value: "[0.1, 0.1]", says: "transition, row 1: the probabilities sum to 1.1"),
    Bad(member: "final", value: "[0]", says: "final probabilities: found 1, expected 2"),
    Bad(member: "probabilities", value: "[[0.5, 0.5]]", says: "states of the emission: found 1, expected 2"),
    Bad(
      member: "probabilities", value: "[[0.5, 0.4], [0, 1]]", says: "emission, row 1: the probabilities sum"),
    Bad(member: "probabilities", value: "[]", says: "\"probabilities\": expected a list of rows"),
    Bad(member: "unit", value: #""lines""#, says: "expected one of words, characters"),
    Bad(member: "columns", value: #"["x", "y"]"#, says: "\"columns\": 2 names, expected 1"),
    Bad(member: "speed", value: "1", says: "the member \"speed\" is not one of this emission's"),
    Bad(member: "columns", value: #"["x"]"#, says: "\"columns\": 1 name, expected 2", base: "gaussian"),
    Bad(member: "columns", value: #"["x", "y", "z"]"#, says: "3 names, expected 2", base: "gaussian"),
    Bad(member: "means", value: "[[0, 0]]", says: "states of the emission: found 1", base: "gaussian"),
    Bad(member: "means", value: "[[0], [1]]", says: "found [2, 2], expected [1, 1]", base: "gaussian"),
    Bad(member: "covariance", value: "[]", says: "found 0 matrices, expected 2", base: "gaussian"),
    Bad(member: "covariance", value: "7", says: "found 0 matrices, expected 2", base: "gaussian"),
    Bad(
      member: "covariance", value: "[[[1, 0], [0, 1]], [[1, 1], [1, 1]]]",
      says: "state 2: the covariance is singular", base: "gaussian"),
    Bad(
      member: "covariance", value: "[[[1, 0], [0, 1]], [[1, 0.9], [0, 1]]]",
      says: "covariance 2, row 2, column 1: found 0.0, expected 0.9, as across the diagonal", base: "gaussian"
    ),
    Bad(
      member: "covarianceKind", value: #""diag""#, says: "expected one of diagonal, full", base: "gaussian"),
    Bad(
      member: "covariance", value: "[[[1]], [[1.5]], [[2]], [[2]]]",
      says: "matrix 2 is another than matrix 1",
      base: "mixture"),
    Bad(member: "covariance", value: "[[[1]], [[1]]]", says: "found 2 matrices, expected 4", base: "mixture"),
    Bad(
      member: "weights", value: "[[0.5, 0.4], [0, 1]]", says: "mixture weights, row 1: the probabilities sum",
      base: "mixture"),
    Bad(member: "weights", value: "[[1], [1]]", says: "\"means\": 4 rows, expected 2", base: "mixture"),
    Bad(member: "rates", value: "[[1], [-2]]", says: "rates, row 2, column 1: found -2.0", base: "poisson"),
    Bad(member: "rates", value: "[[1], [1e300]]", says: "expected a rate from 0 to 2^53", base: "poisson"),
  ]

  @Test(arguments: bad) func refusal(_ bad: Bad) {
    let text = Self.text(bad.base, bad.member, bad.value)
    let error = #expect(throws: MarkovFileError.self) {
      try MarkovModelFile(bytes: Array(text.utf8), name: "m.json")
    }
    let line = error?.description ?? ""
    #expect(line.hasPrefix("m.json") && line.contains(bad.says) && !line.contains("\n"), "\(line)")
  }

  /// A variance whose inverse is infinite made densities of NaN.
  @Test func tinyVariance() {
    let text = Self.text("gaussian", "covariance", "[[[1, 0], [0, 1e-320]], [[1, 0], [0, 1]]]")
    #expect(throws: MarkovFileError.self) { try MarkovModelFile(bytes: Array(text.utf8), name: "m.json") }
  }

  /// However much of a file is there, less than all of it is refused with its place.
  @Test(arguments: ["dice", "mixture"]) func truncated(_ base: String) {
    let bytes = Array(Self.text(base).utf8)
    for count in bytes.indices {
      let error = #expect(throws: MarkovFileError.self) {
        try MarkovModelFile(bytes: Array(bytes[..<count]), name: "m.json")
      }
      #expect(error?.place.hasPrefix("m.json:1:") == true)
    }
    #expect(throws: MarkovFileError.self) { try MarkovModelFile(bytes: [0, 255, 1], name: "m.json") }
    #expect(throws: MarkovFileError.self) { try MarkovModelFile(bytes: Array("[1]".utf8), name: "m.json") }
  }
}
