public import Recurrent
internal import RecurrentCore
internal import RecurrentReports

/// A hidden Markov model as a JSON file that a person can read and write:
///
///     { "format": "recurrent.hmm/1", "emission": "categorical",
///       "states": ["fair", "loaded"], "symbols": ["1", "2", …],
///       "initial": [0.5, 0.5], "transition": [[0.95, 0.05], [0.1, 0.9]],
///       "probabilities": [[…], […]] }
///
/// `final` is there where the model says where sequences end, `columns` where observations are columns of a table, and `sequence`
/// where another column parted its sequences.
public struct MarkovModelFile: Sendable, Hashable {
  /// What the file holds.
  public var model: MarkovModel
  /// Names of a vector's numbers; empty for symbols.
  public var columns: [String]
  /// How a text was cut into symbols; `nil` for vectors.
  public var unit: TokenSequences.Unit?
  /// The column of the table whose value changes where another sequence begins; `nil`: there was none.
  public var sequence: String?

  /// A model, with what is needed to read more of its data.
  public init(
    model: MarkovModel, columns: [String] = [], unit: TokenSequences.Unit? = nil, sequence: String? = nil
  ) {
    self.model = model
    self.columns = columns
    self.unit = unit
    self.sequence = sequence
  }

  static let format = "recurrent.hmm/1"

  // MARK: - Writing

  /// As it stands in a file, a row of numbers a line.
  public var text: String {
    let (initial, transition, final) = model.chain
    var members: [(String, String)] = [
      ("format", Self.quoted(Self.format)), ("emission", Self.quoted(model.kind.rawValue)),
      ("states", Self.list(model.states)),
    ]
    if let unit { members.append(("unit", Self.quoted(unit.rawValue))) }
    if !columns.isEmpty { members.append(("columns", Self.list(columns))) }
    if let sequence { members.append(("sequence", Self.quoted(sequence))) }
    members.append(("initial", Self.row(initial)))
    members.append(("transition", Self.rows(transition)))
    if let final { members.append(("final", Self.row(final))) }
    switch model {
    case .categorical(let model):
      members.append(("symbols", Self.list(model.emission.symbols)))
      members.append(("probabilities", Self.rows(model.emission.probabilities)))
    case .gaussian(let model):
      members += Self.members(of: model.emission, kind: model.emission.covariance.kind.rawValue)
    case .mixture(let model):
      members.append(("weights", Self.rows(model.emission.weights)))
      members += Self.members(
        of: model.emission.components,
        kind: model.emission.isTied ? "tied" : model.emission.components.covariance.kind.rawValue)
    case .poisson(let model):
      members.append(("rates", Self.rows(model.emission.rates)))
    }
    return "{\n" + members.map { "  \(Self.quoted($0.0)): \($0.1)" }.joined(separator: ",\n") + "\n}\n"
  }

  private static func members(of emission: GaussianEmission, kind: String) -> [(String, String)] {
    let covariance =
      switch emission.covariance {
      case .diagonal(let variances): rows(variances)
      case .spherical(let variances): row(variances)
      case .tied(let matrix): rows(matrix)
      case .full(let matrices): "[\n    " + matrices.map(rows).joined(separator: ",\n    ") + "\n  ]"
      }
    return [
      ("means", rows(emission.means)), ("covarianceKind", quoted(kind)), ("covariance", covariance),
    ]
  }

  private static func quoted(_ text: String) -> String {
    do throws(JSONError) {
      return try JSONValue.string(text).text()
    } catch {
      preconditionFailure("a text is always a value of JSON: \(error)")
    }
  }

  static func list(_ texts: [String]) -> String {
    "[" + texts.map(quoted).joined(separator: ", ") + "]"
  }

  /// Each number as the shortest decimal that reads back as its bits.
  private static func row(_ numbers: some Sequence<Double>) -> String {
    "["
      + numbers.map { number in
        // Of a whole number the digits alone, but for −0, which would lose its sign.
        let isWhole =
          number == number.rounded() && abs(number) < 1e15 && (number != 0 || number.sign == .plus)
        return isWhole ? String(Int(number)) : "\(number)"
      }.joined(separator: ", ") + "]"
  }

  private static func rows(_ matrix: Matrix<Double>) -> String {
    "[\n    " + (0..<matrix.rows).map { row(matrix.row($0)) }.joined(separator: ",\n    ") + "\n  ]"
  }

  // MARK: - Reading

  /// - Throws: ``MarkovFileError`` with what is wrong and where.
  public init(bytes: [UInt8], name: String) throws(MarkovFileError) {
    var reader = try MarkovFileReader(bytes, name)
    let format = try reader.string("format")
    guard format == Self.format else {
      let use = format == MarkovTaggerFile.format ? "; a tagger is for hmm decode and hmm score" : ""
      throw reader.fault("format", "found \(RecurrentCore.quoted(format)), expected \"\(Self.format)\"\(use)")
    }
    let parts = try MarkovModelParts(&reader)
    (unit, columns, sequence) = (parts.unit, parts.columns, parts.sequence)
    do throws(HMMError) {
      model = try parts.model()
    } catch {
      throw MarkovFileError(place: name, problem: error.description)
    }
    let width = model.dimensions ?? 1
    if !columns.isEmpty && columns.count != width {
      throw reader.fault(
        "columns", "\(counted(columns.count, "name")), expected \(width), one a number of an observation")
    }
  }
}
