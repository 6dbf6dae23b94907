import Foundation
import Recurrent
import RecurrentCore
import RecurrentTasks
import Testing

/// hmmlearn's arrays, both ways.
@Suite struct MarkovArraysTests {
  private static func fixture(_ name: String) throws -> SafeTensors {
    let file = TestFiles.packageRoot.appendingPathComponent("Tests/Fixtures/hmmlearn/\(name).safetensors")
    return try SafeTensors(bytes: [UInt8](Data(contentsOf: file)))
  }

  private struct Score: MarkovOperation {
    typealias Outcome = [Double]

    func run<E: Emission>(
      _ model: HiddenMarkovModel<E>, _ sequences: [E.Observations]
    ) throws(HMMError) -> [Double] { try model.logLikelihoods(sequences) }
  }

  /// The fixture's observations as a file that the command would read.
  private static func data(_ tensors: SafeTensors, _ file: MarkovModelFile) throws -> MarkovData {
    let lengths = try tensors.int64s(named: "lengths").map { Int($0) }
    let owners = lengths.enumerated().flatMap { [Int](repeating: $0, count: $1) }
    if file.model.kind == .categorical {
      let symbols = try tensors.int64s(named: "obs").map(String.init)
      let lines = lengths.indices.map { own in
        zip(owners, symbols).filter { $0.0 == own }.map(\.1).joined(separator: " ")
      }
      return MarkovData(
        try TokenSequences(lines: Array(lines.joined(separator: "\n").utf8), source: "o.txt", unit: .words))
    }
    let width = file.model.dimensions ?? 0
    let names = (0..<width).map { "x\($0)" }
    let values = try tensors.doubles(named: "obs")
    var text = CSVWriter.row(["own"] + names)
    for (row, own) in owners.enumerated() {
      text += CSVWriter.row(["\(own)"] + values[row * width..<(row + 1) * width].map { "\($0)" })
    }
    let table = try Table(bytes: Array(text.utf8), source: "o.csv", options: TableOptions(time: .none))
    return try MarkovData(table, columns: names, sequence: "own", asSymbols: false)
  }

  static let names = [
    "categorical", "categorical-structural-zeros", "gaussian-diag", "gaussian-full", "gaussian-spherical",
    "gaussian-tied", "gmm-diag", "gmm-full", "gmm-spherical", "gmm-tied", "poisson",
  ]

  /// Read, the model scores as hmmlearn did; written, the arrays are hmmlearn's to the bit.
  @Test(arguments: names) func bothWays(_ name: String) throws {
    let tensors = try Self.fixture(name)
    let file = try MarkovArrays.model(of: tensors, name: name)
    let found = try file.model.perform(Score(), on: try Self.data(tensors, file))
    for (own, expected) in zip(found, try tensors.doubles(named: "log_likelihood")) {
      // As in HmmlearnTests: hmmlearn agrees with plain loops to 1.1e-13 relative.
      #expect(abs(own - expected) <= 1e-12 * max(1, abs(expected)))
    }
    #expect(found.count == (try tensors.int64s(named: "lengths")).count)

    let written = try MarkovArrays.tensors(of: file)
    for entry in written.entries {
      let original = try tensors.entry(named: String(entry.name.dropLast()))
      #expect(entry.name.hasSuffix("_") && entry.shape == original.shape && entry.bytes == original.bytes)
    }
    let type = tensors.metadata["covariance_type"]
    #expect(written.metadata["covariance_type"] == (type == "none" ? nil : type))
    let again = try MarkovArrays.model(of: SafeTensors(bytes: written.serialized()), name: name)
    #expect(again == file)
    // And through the JSON file, which a converted model becomes.
    #expect(try MarkovModelFile(bytes: Array(file.text.utf8), name: "m.json") == file)
  }

  @Test func finalIsRefused() throws {
    let model = try HiddenMarkovModel(
      initial: [1], transition: Matrix([[0.5]]), final: [0.5],
      emission: CategoricalEmission(Matrix([[1]])))
    let error = #expect(throws: MarkovError.self) {
      try MarkovArrays.tensors(of: MarkovModelFile(model: .categorical(model)))
    }
    #expect(error?.description.contains("\"final\"") == true)
  }

  private static func arrays(_ more: [(String, [Int], [Double])], type: String? = nil) -> SafeTensors {
    var tensors = SafeTensors()
    let chain: [(String, [Int], [Double])] = [
      ("startprob_", [2], [0.5, 0.5]), ("transmat_", [2, 2], [0.9, 0.1, 0.1, 0.9]),
    ]
    for (name, shape, values) in chain.filter({ own in !more.contains { $0.0 == own.0 } }) + more {
      tensors.add(name, shape: shape, values)
    }
    if let type { tensors.metadata["covariance_type"] = type }
    return tensors
  }

  private static let weights = ("weights_", [2, 2], [0.5, 0.5, 0.5, 0.5])
  private static let cube = ("means_", [2, 2, 2], [0.0, 1, 2, 3, 4, 5, 6, 7])

  /// The shape says which where no other has it, and the metadata where one does.
  @Test func tiedMixtures() throws {
    let matrices = [1, 0.5, 0.5, 1, 2, 0.5, 0.5, 2]
    func mixture(_ tensors: SafeTensors) throws -> GaussianMixtureEmission {
      guard case .mixture(let model) = try MarkovArrays.model(of: tensors, name: "m").model else {
        throw MarkovError("another model")
      }
      return model.emission
    }
    let told = [Self.weights, Self.cube, ("covars_", [2, 2, 2], matrices)]
    #expect(try mixture(Self.arrays(told, type: "tied")).isTied)
    #expect(try mixture(Self.arrays(told, type: "diag")).components.covariance.kind == .diagonal)
    let three = [Double](repeating: 1.0 / 3, count: 6)
    let shaped = Self.arrays([
      ("weights_", [2, 3], three), ("means_", [2, 3, 2], (0..<12).map(Double.init)),
      ("covars_", [2, 2, 2], matrices),
    ])
    #expect(try mixture(shaped).isTied)
  }

  /// A unit that is none would else be taken for words.
  @Test func unknownUnit() throws {
    var tensors = Self.arrays([("emissionprob_", [2, 1], [1, 1])])
    tensors.metadata["unit"] = "letters"
    let error = #expect(throws: MarkovError.self) { try MarkovArrays.model(of: tensors, name: "m") }
    #expect(error?.description == "m: metadata unit: found \"letters\", expected \"words\" or \"characters\"")
    tensors.metadata["unit"] = "characters"
    #expect(try MarkovArrays.model(of: tensors, name: "m").unit == .characters)
  }

  private static let means = ("means_", [2, 2], [0.0, 1, 2, 3])

  /// After learning hmmlearn has a spherical variance once for each column.
  @Test func sphericalAfterLearning() throws {
    let repeated = Self.arrays([Self.means, ("covars_", [2, 2], [0.5, 0.5, 3, 3])], type: "spherical")
    let single = Self.arrays([Self.means, ("covars_", [2], [0.5, 3])], type: "spherical")
    #expect(
      try MarkovArrays.model(of: repeated, name: "m") == MarkovArrays.model(of: single, name: "m"))
  }

  /// The property covars_ of a GaussianHMM: matrices of every kind.
  @Test func writtenOutCovariances() throws {
    let shape = [2, 2, 2]
    let cases: [(String, [Double], [Int], [Double])] = [
      ("diag", [1, 0, 0, 2, 3, 0, 0, 4], [2, 2], [1, 2, 3, 4]),
      ("spherical", [1, 0, 0, 1, 3, 0, 0, 3], [2], [1, 3]),
      ("tied", [2, 1, 1, 3, 2, 1, 1, 3], [2, 2], [2, 1, 1, 3]),
    ]
    for (type, matrices, own, values) in cases {
      #expect(
        try MarkovArrays.model(
          of: Self.arrays([Self.means, ("covars_", shape, matrices)], type: type), name: "m")
          == MarkovArrays.model(
            of: Self.arrays([Self.means, ("covars_", own, values)], type: type), name: "m"))
      let other = Self.arrays([Self.means, ("covars_", shape, [2, 1, 1, 3, 4, 1, 1, 3])], type: type)
      let error = #expect(throws: MarkovError.self) { try MarkovArrays.model(of: other, name: "m") }
      #expect(
        error?.description.contains("expected \(own) of covariance type \(type)") == true
          && error?.description.contains("save model._covars_") == true, "\(error?.description ?? "")")
    }
  }

  /// Thirds in single precision sum to 1 + 3e-8: they are meant to be thirds.
  @Test func singlePrecision() throws {
    func tensors(_ last: Float) -> SafeTensors {
      var tensors = SafeTensors()
      tensors.add("startprob_", shape: [3], [1, 1, last].map { $0 / 3 } as [Float])
      tensors.add("transmat_", shape: [3, 3], [Float](repeating: 1 / 3, count: 9))
      tensors.add("lambdas_", shape: [3, 1], [1, 2, 3] as [Float])
      return tensors
    }
    let model = try MarkovArrays.model(of: tensors(1), name: "m").model.chain
    for row in [model.initial] + (0..<3).map({ model.transition.row($0) }) {
      // Three quotients, each rounded once.
      #expect(abs(row.reduce(0, +) - 1) <= 3e-16 && row[0] == row[2])
    }
    #expect(throws: MarkovError.self) { try MarkovArrays.model(of: tensors(1.0001), name: "m") }
  }

  @Test func badArrays() throws {
    let square = ("covars_", [2, 2], [1.0, 0.5, 0.5, 1])
    let cases: [(SafeTensors, String)] = [
      (Self.arrays([]), "there is no tensor means_"),
      // As many states as dimensions: the shape does not say which.
      (
        Self.arrays([Self.means, square]),
        "may be diag or tied; say which in the metadata \"covariance_type\""
      ),
      (
        Self.arrays([Self.means, square], type: "spherical"),
        "different variances in a row, expected one a state"
      ),
      // As many components as columns: one matrix for each state has the shape of diagonals.
      (
        Self.arrays([Self.weights, Self.cube, ("covars_", [2, 2, 2], [1, 0.5, 0.5, 1, 2, 0.5, 0.5, 2])]),
        "[2, 2, 2] may be diag or tied; say which in the metadata \"covariance_type\""
      ),
      (
        Self.arrays([Self.weights, Self.cube, ("covars_", [2, 2], [1, 1, 1, 1])], type: "tied"),
        "covars_ has the shape [2, 2], expected [2, 2, 2]"
      ),
      (
        Self.arrays([("emissionprob_", [2, 1], [1, 1]), Self.means, square]),
        "emissionprob_ and means_ are of different emissions"
      ),
      (
        Self.arrays([("lambdas_", [2, 1], [1, 1]), ("weights_", [2, 1], [1, 1])]),
        "lambdas_ and weights_ are of different emissions"
      ),
      (Self.arrays([Self.means, square], type: "full"), "covars_ has the shape [2, 2]"),
      (Self.arrays([("means_", [2, 0], []), ("covars_", [2, 0, 0], [])]), "no axis of length 0"),
      (
        Self.arrays([("weights_", [2, 1], [1, 1]), ("means_", [2, 1, 0], []), ("covars_", [2, 0, 0], [])]),
        "no axis of length 0"
      ),
      (Self.arrays([("lambdas_", [2], [1, 1])]), "lambdas_ has the shape [2], expected two axes"),
      (Self.arrays([("lambdas_", [1, 1], [1])]), "states of the emission: found 1, expected 2"),
      (
        Self.arrays([("startprob_", [1, 2], [0.5, 0.5]), ("lambdas_", [2, 1], [1, 1])]), "expected one axis"
      ),
      (
        Self.arrays([("transmat_", [2, 2], [0.9, 0.2, 0, 1]), ("lambdas_", [2, 1], [1, 1])]),
        "transition, row 1: the probabilities sum to"
      ),
      (
        Self.arrays([("startprob_", [2], [.nan, 0.5]), ("lambdas_", [2, 1], [1, 1])]),
        "initial, column 1: found nan, expected a probability from 0 to 1"
      ),
      (
        Self.arrays([("weights_", [2, 1], [1, 1]), Self.means, square]),
        "means_ has the shape [2, 2], expected [2, 1, D]"
      ),
    ]
    for (tensors, says) in cases {
      let error = #expect(throws: MarkovError.self) { try MarkovArrays.model(of: tensors, name: "m") }
      let line = error?.description ?? ""
      #expect(line.hasPrefix("m: ") && line.contains(says), "\(line)")
    }
    #expect(
      try MarkovArrays.model(of: Self.arrays([Self.means, square], type: "tied"), name: "m").columns == [])
  }
}
