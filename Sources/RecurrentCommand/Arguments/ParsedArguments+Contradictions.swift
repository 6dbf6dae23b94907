// What a command line says twice, or in vain, is refused: an option without effect would be believed to have one.
extension ParsedArguments {
  /// Refuses the first of these options that is given.
  ///
  /// - Parameters:
  ///   - circumstance: why it would do nothing, after "has no meaning": "with --no-linear-path".
  ///   - remedy: what to do about it.
  func refuse(
    _ options: any DefinedOption..., circumstance: String, remedy: String = "leave it out"
  ) throws(CommandError) {
    guard let extra = options.first(where: isGiven) else { return }
    throw .usage("'--\(extra.definition.name)' has no meaning \(circumstance); \(remedy)")
  }

  /// An option with its value, as a message names what it says: `--epochs 3`, or `the default --epochs 8` where the
  /// command line has no such words.
  func spelled<Value: Sendable>(_ option: Option<Value>) -> String {
    (isGiven(option) ? "" : "the default ")
      + "--\(option.definition.name) \(option.describe(self[option]))"
  }

  /// Refuses two options that ask for different things.
  func refuseBoth(
    _ first: any DefinedOption, _ second: any DefinedOption, reason: String
  ) throws(CommandError) {
    guard isGiven(first), isGiven(second) else { return }
    throw .usage(
      "'--\(first.definition.name)' and '--\(second.definition.name)' exclude each other: \(reason); give one of them"
    )
  }
}
