internal import Recurrent
internal import RecurrentData
internal import RecurrentTasks

/// What `evaluate` does for a classifier.
enum EvaluateClassifier {
  static func run(_ arguments: ParsedArguments, _ console: Console) throws(CommandError) -> ExitCode {
    let source = arguments[EvaluateVerb.file]
    try ClassifierReadingOptions.refuse(arguments, for: source)
    let (evaluation, isKnown, unknown) = try commandErrors {
      let model = try ClassifierFolder(arguments[LaterTable.model]).read()
      let reading = try ClassifierReadingOptions.reading(arguments, of: model)
      let data = try ClassifierData.read(source, reading, console)
      let baselines = try arguments[EvaluateLanguageModel.baselines].map {
        ClassifierBaselines(fitting: try ClassifierData.read($0, reading, console))
      }
      let evaluation = try model.evaluate(
        data, baselines: baselines,
        threads: ThreadCount.read(EvaluateVerb.threads, arguments, console))
      return (evaluation, model.isMade(from: data), model.unknownTokens(of: data))
    }
    if isKnown {
      console.warnOfTrainingData(source, "these are the examples")
    }
    unknown.note(TableInput.name(of: source), console)
    try TrainClassifierVerb.print(
      evaluation, verb: "evaluate", arguments, console,
      unknown.count > 0 ? ["unknown_tokens": unknown.json] : [:])
    return .success
  }
}
