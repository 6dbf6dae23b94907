internal import Recurrent
internal import RecurrentCore
internal import RecurrentReports

/// The members of the JSON object of a model or a tagger, each read once, by its name.
struct MarkovFileReader {
  private let name: String
  private let members: [String: JSONValue]
  private var used: Set<String> = []

  init(_ bytes: [UInt8], _ name: String) throws(MarkovFileError) {
    self.name = name
    switch MarkovFileForm(of: bytes) {
    case .safetensors:
      throw MarkovFileError(
        place: name,
        problem:
          "found arrays of safetensors, expected a model's JSON file; recurrent hmm convert makes one of them"
      )
    case .numpy, .pickle:
      throw MarkovFileError(
        place: name,
        problem:
          "found Python's own form of arrays or objects, expected a model's JSON file; recurrent hmm convert says how to come by one"
      )
    case .other: break
    }
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

  /// `nil` where it is no whole number.
  mutating func integer(_ member: String) throws(MarkovFileError) -> Int? { try value(member).integer }

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
          "row \(index + 1) has \(counted(values[index].count, "number")), expected \(values[0].count) as in row 1"
        )
      }
    }
    return Matrix(values)
  }

  mutating func matrix(_ member: String) throws(MarkovFileError) -> Matrix<Double> {
    try matrix(in: try value(member), member)
  }

  /// A list of matrices, none where there is no list: how many there must be is the model's to say.
  mutating func matrices(_ member: String) throws(MarkovFileError) -> [Matrix<Double>] {
    var matrices: [Matrix<Double>] = []
    for value in try value(member).array ?? [] { matrices.append(try matrix(in: value, member)) }
    return matrices
  }

  mutating func object(_ member: String) throws(MarkovFileError) -> [String: JSONValue] {
    guard case .object(let object) = try value(member) else { throw fault(member, "expected an object") }
    return object
  }

  /// Refuses members that were not read.
  ///
  /// - Parameter owner: whose members those that were read are.
  func requireNoOther(than owner: String) throws(MarkovFileError) {
    for member in members.keys.sorted() where !used.contains(member) && members[member] != .null {
      throw MarkovFileError(
        place: name, problem: "the member \(quoted(member)) is not one of this \(owner)'s")
    }
  }
}
