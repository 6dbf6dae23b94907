internal import Recurrent
internal import RecurrentData
internal import RecurrentReports
internal import RecurrentTasks

/// What `evaluate` does for a model that fills gaps.
enum EvaluateFill {
  static func run(_ arguments: ParsedArguments, _ console: Console) throws(CommandError) -> ExitCode {
    let (evaluation, unknown, isKnown) = try commandErrors {
      let folder = FillFolder(arguments[LaterTable.model])
      let model = try folder.read()
      let cut = model.configuration.cut
      let text = try SentenceInput.read(arguments[EvaluateVerb.file], cut, console)
      let baselines = try arguments[EvaluateLanguageModel.baselines].map {
        try FillBaselines(try SentenceInput.read($0, cut, console), of: model)
      }
      let evaluation = try model.evaluate(
        text, baselines: baselines,
        threads: ThreadCount.read(EvaluateVerb.threads, arguments, console))
      return (evaluation, model.unknownTokens(of: text), try folder.isMade(from: text))
    }
    if isKnown { console.warnOfTrainingData(arguments[EvaluateVerb.file], "this is the text") }
    if arguments[EvaluateLanguageModel.baselines] == nil {
      console.note("baselines that are fitted need --baselines-from, such as the training text")
    }
    unknown.note(TableInput.name(of: arguments[EvaluateVerb.file]), console)
    try TrainFillVerb.print(
      evaluation, verb: "evaluate", arguments, console, ["unknown_tokens": unknown.json])
    return .success
  }
}
