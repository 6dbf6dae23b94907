internal import RecurrentTasks

/// Where a training verb writes, and what it does with what is there.
enum RunOutputOptions {
  static let output = Option.required(
    "output", short: "o", .path("FOLDER"), help: "Folder for the model, its report and its log.")
  static let overwrite = Flag("overwrite", help: "Replace what an earlier run left in the folder.")
  static let resume = Flag(
    "resume", help: "Go on with the interrupted run in the folder; a finished one stays.")

  static let group = OptionGroup(
    "Output", output, overwrite, resume, StandardOptions.json, StandardOptions.quiet, StandardOptions.progress
  )

  static func beginning(_ arguments: ParsedArguments) -> RunBeginning {
    if arguments[resume] { return .resuming }
    return arguments[overwrite] ? .overwriting : .new
  }
}
