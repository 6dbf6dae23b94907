/// One thing that the command does.
public protocol Verb: Sendable {
  /// What the command line may say, and the help that is made from it.
  var definition: VerbDefinition { get }

  /// Does it. Results go to `console.print`, everything else to `console.note` and progress.
  ///
  /// - Returns: ``ExitCode/success``; ``ExitCode/failure`` for a negative answer that was printed; 130 or 143 after a
  ///   clean stop.
  /// - Throws: what kept it from being done; the tool prints its one line.
  func run(_ arguments: ParsedArguments, console: Console) throws(CommandError) -> ExitCode
}

extension Verb {
  public var name: String { definition.name }
  public var summary: String { definition.summary }
}
