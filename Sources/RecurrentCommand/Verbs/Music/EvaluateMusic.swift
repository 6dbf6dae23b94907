internal import Recurrent
internal import RecurrentTasks

/// What `evaluate` does for a model of music.
enum EvaluateMusic {
  enum Part: String, CaseIterable, Sendable {
    case train, valid, test
  }

  static let part = Option(
    "part", .choice(of: Part.self), default: .test,
    help: "Of a file of music: which pieces; baselines are fitted on those of train.")

  static func run(_ arguments: ParsedArguments, _ console: Console) throws(CommandError) -> ExitCode {
    let evaluation = try commandErrors {
      let model = try MusicFolder(arguments[LaterTable.model]).read()
      let file = try PianoRollFile.read(arguments[EvaluateVerb.file], model.configuration.form, console)
      let pieces =
        switch arguments[part] {
        case .train: file.training
        case .valid: file.validation
        case .test: file.test
        }
      return model.evaluate(
        pieces, baselines: MusicBaselines(file.training), isKnown: arguments[part] != .test,
        threads: ThreadCount.read(EvaluateVerb.threads, arguments, console))
    }
    try TrainMusicVerb.print(evaluation, verb: "evaluate", arguments, console)
    return .success
  }
}
