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

  /// With sorted members, numbers that read back as the same bits, `null` for what is not finite, and a line break at
  /// the end.
  func text() throws(CommandError) -> String {
    do {
      let text = try value.text(indented: true, nonFinite: .null)
      return text.hasSuffix("\n") ? text : text + "\n"
    } catch {
      throw CommandError(error)
    }
  }
}

extension Console {
  /// Prints a document.
  public func print(_ document: JSONDocument) throws(CommandError) { try print(try document.text()) }
}
