public import RecurrentReports

/// What a verb prints under `--json`: one object whose `schema` names the verb and the version of its form.
///
/// Members may be added within a version; one that is renamed, removed or changes its meaning raises it.
public struct JSONDocument: Sendable, Hashable {
  /// "recurrent.doctor/1".
  public let schema: String
  public var members: [String: JSONValue]

  /// - Parameters:
  ///   - verb: its name; spaces become dots: "recurrent.train.forecast/1".
  ///   - members: everything but `schema`.
  public init(verb: String, version: Int = 1, _ members: [String: JSONValue] = [:]) {
    precondition(members["schema"] == nil, "the member 'schema' is the document's own")
    schema = "recurrent.\(verb.replacing(" ", with: "."))/\(version)"
    self.members = members
  }

  public var value: JSONValue {
    .object(members.merging(["schema": .string(schema)]) { member, _ in member })
  }
}

extension Console {
  /// Prints a document, with sorted members and numbers that read back as the same bits. What is not finite is `null`.
  public func print(_ document: JSONDocument) throws(CommandError) {
    let text: String
    do {
      text = try document.value.text(indented: true, nonFinite: .null)
    } catch {
      throw CommandError(error)
    }
    try print(text)
  }
}
