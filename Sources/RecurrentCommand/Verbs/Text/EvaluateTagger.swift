internal import Recurrent
internal import RecurrentData
internal import RecurrentTasks

/// What `evaluate` does for a tagger.
enum EvaluateTagger {
  static func run(_ arguments: ParsedArguments, _ console: Console) throws(CommandError) -> ExitCode {
    let evaluation = try commandErrors {
      let tagger = try TaggerFolder(arguments[LaterTable.model]).read()
      let input = try TableInput(arguments[EvaluateVerb.file], console: console)
      let file = try ColumnFile(input.bytes, source: input.name)
      try ColumnOptions.requireColumns(of: file, tagger, arguments)
      return try tagger.evaluate(
        file, as: ColumnOptions.configuration(tagger, arguments),
        threads: ThreadCount.read(EvaluateVerb.threads, arguments, console))
    }
    try TrainTagVerb.print(evaluation, verb: "evaluate", arguments, console)
    return .success
  }
}
