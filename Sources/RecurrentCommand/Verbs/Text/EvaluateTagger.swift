internal import Recurrent
internal import RecurrentData
internal import RecurrentTasks

/// What `evaluate` does for a tagger.
enum EvaluateTagger {
  static func run(_ arguments: ParsedArguments, _ console: Console) throws(CommandError) -> ExitCode {
    let (evaluation, isKnown) = try commandErrors {
      let folder = TaggerFolder(arguments[LaterTable.model])
      let tagger = try folder.read()
      let input = try TableInput(arguments[EvaluateVerb.file], console: console)
      let file = try ColumnFile(input.bytes, source: input.name)
      try ColumnOptions.requireColumns(of: file, tagger, arguments)
      let configuration = ColumnOptions.configuration(tagger, arguments)
      let evaluation = try tagger.evaluate(
        file, as: configuration, threads: ThreadCount.read(EvaluateVerb.threads, arguments, console))
      return (evaluation, try folder.isMade(from: file, as: configuration))
    }
    if isKnown { console.warnOfTrainingData(arguments[EvaluateVerb.file], "these are the sentences") }
    try TrainTagVerb.print(evaluation, verb: "evaluate", arguments, console)
    return .success
  }
}
