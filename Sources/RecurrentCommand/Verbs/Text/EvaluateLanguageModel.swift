internal import Recurrent
internal import RecurrentData
internal import RecurrentTasks

/// What `evaluate` does for a language model.
enum EvaluateLanguageModel {
  static let firstTokens = Option<Int?>(
    "first-tokens", .integer(in: 2...), absent: "all",
    help: "Of a text, only so many tokens, the first ones.")
  static let baselines = Option<InputSource?>(
    "baselines-from", .input, absent: "the simplest baseline alone",
    help: "What to fit the other baselines on, such as the training text; of a classifier, labelled examples."
  )
  static let maskFuture = Flag(
    "mask-future",
    help: "Of a language model that sees what comes later: print its figure without that too; slow.")

  static func run(_ arguments: ParsedArguments, _ console: Console) throws(CommandError) -> ExitCode {
    let (evaluation, unknown, isKnown) = try commandErrors {
      let folder = LanguageModelFolder(arguments[LaterTable.model])
      let model = try folder.read()
      if !model.seesItsTarget {
        try arguments.refuse(
          maskFuture, circumstance: "for a model of forward layers, which never sees the future",
          remedy: "leave it out")
      }
      func corpus(_ source: InputSource) throws -> TokenCorpus {
        try TokenCorpus.read(source, model.configuration, vocabulary: model.vocabulary, console)
      }
      var text = try corpus(arguments[EvaluateVerb.file])
      let isKnown = try folder.isMade(from: text)
      if let limit = arguments[firstTokens], limit < text.count { text = text.part(0..<limit) }
      if text.documents.allSatisfy({ $0.count < 2 }) {
        throw CommandError(
          "\(text.source): found \(counted(text.count, "token")), expected two at least, since the first one is only read; give more text",
          exitCode: .data)
      }
      let baselines = try arguments[Self.baselines].map { LanguageModelBaselines(try corpus($0)) }
      let evaluation = model.evaluate(
        text, baselines: baselines, masksFuture: arguments[maskFuture],
        threads: ThreadCount.read(EvaluateVerb.threads, arguments, console))
      return (evaluation, UnknownTokens(in: text), isKnown)
    }
    if isKnown { console.warnOfTrainingData(arguments[EvaluateVerb.file], "this is the text") }
    if arguments[Self.baselines] == nil {
      console.note("baselines that are fitted need --baselines-from, such as the training text")
    }
    unknown.note(TableInput.name(of: arguments[EvaluateVerb.file]), console)
    try TrainLanguageModelVerb.print(
      evaluation, verb: "evaluate", arguments, console, ["unknown_tokens": unknown.json])
    return .success
  }
}
