internal import Recurrent
internal import RecurrentCore
internal import RecurrentReports

/// The members of a model's JSON object, each read once, by its name.
struct MarkovFileReader {
  private let name: String
  private let members: [String: JSONValue]
  private var used: Set<String> = []
  /// The first fault met inside work that can only throw others.
  private(set) var fault: MarkovFileError?

  init(_ bytes: [UInt8], _ name: String) throws(MarkovFileError) {
    self.name = name
    do throws(JSONError) {
      guard case .object(let members) = try JSONValue(parsing: bytes, name: name) else {
        throw JSONError(location: name, found: "no object", expected: "expected an object of a model")
      }
      self.members = members
    } catch {
      throw MarkovFileError(place: error.location, problem: "found \(error.found); \(error.expected)")
    }
  }

  func fault(_ member: String, _ problem: String) -> MarkovFileError {
    MarkovFileError(place: name, problem: "\"\(member)\": \(problem)")
  }

  func has(_ member: String) -> Bool { members[member] != nil && members[member] != .null }

  private mutating func value(_ member: String) throws(MarkovFileError) -> JSONValue {
    used.insert(member)
    guard let value = members[member] else {
      throw MarkovFileError(place: name, problem: "the member \"\(member)\" is missing")
    }
    return value
  }

  mutating func string(_ member: String) throws(MarkovFileError) -> String {
    guard let text = try value(member).string else { throw fault(member, "expected a text") }
    return text
  }

  mutating func choice<Choice: CaseIterable & RawRepresentable<String>>(
    _ member: String, of: Choice.Type
  ) throws(MarkovFileError) -> Choice {
    let text = try string(member)
    guard let choice = Choice(rawValue: text) else {
      let names = Choice.allCases.map(\.rawValue)
      let nearest = nearestName(to: text, among: names).map { "; did you mean \"\($0)\"?" } ?? ""
      throw fault(member, "found \(quoted(text)), expected one of \(names.joined(separator: ", "))\(nearest)")
    }
    return choice
  }

  mutating func strings(_ member: String) throws(MarkovFileError) -> [String] {
    let values = try value(member).array ?? []
    let texts = values.compactMap(\.string)
    guard texts.count == values.count, !texts.isEmpty else { throw fault(member, "expected a list of texts") }
    var seen: Set<String> = []
    if let twice = texts.first(where: { !seen.insert($0).inserted }) {
      throw fault(member, "\(quoted(twice)) stands there twice")
    }
    return texts
  }

  private func numbers(
    in value: JSONValue?, _ member: String, row: Int? = nil
  ) throws(MarkovFileError) -> [Double] {
    let place = row.map { "row \($0 + 1): " } ?? ""
    guard let values = value?.array, !values.isEmpty else {
      throw fault(member, place + "expected a list of numbers")
    }
    var numbers: [Double] = []
    for (index, value) in values.enumerated() {
      guard let number = value.double else {
        throw fault(member, place + "element \(index + 1) is no number")
      }
      numbers.append(number)
    }
    return numbers
  }

  mutating func numbers(_ member: String) throws(MarkovFileError) -> [Double] {
    try numbers(in: try value(member), member)
  }

  private func matrix(in value: JSONValue?, _ member: String) throws(MarkovFileError) -> Matrix<Double> {
    guard let rows = value?.array, !rows.isEmpty else { throw fault(member, "expected a list of rows") }
    var values: [[Double]] = []
    for (index, row) in rows.enumerated() {
      values.append(try numbers(in: row, member, row: index))
      if values[index].count != values[0].count {
        throw fault(
          member,
          "row \(index + 1) has \(values[index].count) numbers, expected \(values[0].count) as in row 1")
      }
    }
    return Matrix(values)
  }

  mutating func matrix(_ member: String) throws(MarkovFileError) -> Matrix<Double> {
    try matrix(in: try value(member), member)
  }

  /// Refuses members that no model has.
  func requireNoOther() throws(MarkovFileError) {
    for member in members.keys.sorted() where !used.contains(member) && members[member] != .null {
      throw MarkovFileError(
        place: name, problem: "the member \(quoted(member)) is not one of this emission's")
    }
  }

  // MARK: - Emissions

  /// Reads a part; its fault is kept, since a caller that makes a model can only throw what is wrong with models.
  private mutating func part<Part>(
    _ read: (inout MarkovFileReader) throws(MarkovFileError) -> Part
  ) throws(HMMError) -> Part {
    do throws(MarkovFileError) {
      return try read(&self)
    } catch {
      fault = error
      throw .size(what: "file", found: "", expected: "")
    }
  }

  mutating func hmmMatrix(_ member: String) throws(HMMError) -> Matrix<Double> {
    try part { reader throws(MarkovFileError) in try reader.matrix(member) }
  }

  mutating func categorical() throws(HMMError) -> (symbols: [String], Matrix<Double>) {
    try part { reader throws(MarkovFileError) in
      let symbols = try reader.strings("symbols")
      let probabilities = try reader.matrix("probabilities")
      if probabilities.columns != symbols.count {
        throw reader.fault(
          "probabilities", "rows of \(probabilities.columns) numbers, expected \(symbols.count), one a symbol"
        )
      }
      return (symbols, probabilities)
    }
  }

  mutating func gaussian() throws(HMMError) -> GaussianEmission {
    try part { reader throws(MarkovFileError) in
      let means = try reader.matrix("means")
      let kind = try reader.choice("covarianceKind", of: GaussianCovariance.Kind.self)
      return GaussianEmission(means: means, covariance: try reader.covariance(kind))
    }
  }

  mutating func mixture() throws(HMMError) -> GaussianMixtureEmission {
    try part { reader throws(MarkovFileError) in
      let (weights, means) = (try reader.matrix("weights"), try reader.matrix("means"))
      let kind = try reader.choice("covarianceKind", of: GaussianCovariance.Kind.self)
      if means.rows != weights.rows * weights.columns {
        throw reader.fault(
          "means",
          "\(means.rows) rows, expected \(weights.rows * weights.columns), one a component of each state")
      }
      if kind == .tied { try reader.requireTied(weights.columns) }
      return GaussianMixtureEmission(
        weights: weights, means: means, covariance: try reader.covariance(kind == .tied ? .full : kind),
        isTied: kind == .tied)
    }
  }

  /// Of a tied covariance the components of a state have equal matrices.
  private mutating func requireTied(_ components: Int) throws(MarkovFileError) {
    let matrices = try value("covariance").array ?? []
    for (index, matrix) in matrices.enumerated() where matrix != matrices[index - index % components] {
      throw fault(
        "covariance",
        "matrix \(index + 1) is another than matrix \(index - index % components + 1); tied components of a state have one"
      )
    }
  }

  private mutating func covariance(_ kind: GaussianCovariance.Kind) throws(MarkovFileError)
    -> GaussianCovariance
  {
    switch kind {
    case .diagonal: return .diagonal(try matrix("covariance"))
    case .spherical: return .spherical(try numbers("covariance"))
    case .tied: return .tied(try matrix("covariance"))
    case .full:
      var matrices: [Matrix<Double>] = []
      for value in try value("covariance").array ?? [] {
        matrices.append(try matrix(in: value, "covariance"))
      }
      return .full(matrices)
    }
  }
}
