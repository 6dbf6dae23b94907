internal import RecurrentReports
internal import RecurrentTasks

extension UnknownTokens {
  /// For a program.
  var json: JSONValue {
    ["tokens": .integer(count), "unknown": .integer(unknown), "share": .number(share)]
  }

  /// Tells the user, where there is one.
  ///
  /// - Parameters:
  ///   - source: of the text.
  ///   - what: are unknown.
  ///   - consequence: what the model does with them.
  func note(
    _ source: String, what: String = "tokens",
    consequence: String = "are unknown to the model, which reads its unknown token in their place",
    _ console: Console
  ) {
    if unknown == 0 { return }
    let percent = NumberFormat.significant(3).text(100 * share)
    console.note("\(source): \(unknown) of \(count) \(what) (\(percent) %) \(consequence)")
  }
}
