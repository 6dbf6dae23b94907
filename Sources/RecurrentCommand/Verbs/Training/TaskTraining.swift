internal import Recurrent
internal import RecurrentCore
internal import RecurrentReports
internal import RecurrentTasks
internal import RecurrentTraining

/// What every training verb does from its folder on: take it, resume, train, finish, print.
struct TaskTraining {
  let arguments: ParsedArguments
  let console: Console
  let folder: RunFolder
  private let lock: DirectoryLock?

  /// Looks at the folder before anything is read.
  ///
  /// - Parameter inputs: files that are read, which no output may replace.
  init(_ arguments: ParsedArguments, inputs: [InputSource], _ console: Console) throws(CommandError) {
    self.arguments = arguments
    self.console = console
    folder = RunFolder(arguments[RunOutputOptions.output])
    lock = try OutputFolder.take(
      folder, resuming: arguments[RunOutputOptions.resume],
      overwriting: arguments[RunOutputOptions.overwrite],
      console)
    for input in inputs {
      try InputSafety.refuse(input, amongOutputs: folder.files, remedy: "choose another folder with -o")
    }
  }

  /// Trains a task to its end.
  ///
  /// - Parameters:
  ///   - source: what errors call the data.
  ///   - print: shows the figures.
  func run<Task: TrainingTask>(
    _ task: Task, about source: String, threads: Int,
    print: (Task.Evaluation) throws(CommandError) -> Void
  ) throws(CommandError) -> ExitCode {
    var task = task
    if arguments[RunOutputOptions.resume] {
      if folder.isFinished && !folder.hasCheckpoint {
        try print(try finished(task, source, threads: threads))
        return .success
      }
      try resume(&task, source)
    }
    var run = TrainingRun(
      training: task, directory: folder, RunOutputOptions.beginning(arguments), lock: lock, console: console,
      threads: threads)
    defer { withExtendedLifetime(run.lock) {} }
    try run.prepareFolder()
    if let stopped = try run.train() { return stopped }
    try print(try run.finish())
    console.note("model and report: \(folder.path), \(folder.reportPath)")
    return .success
  }

  /// The figures of a run that is over, to which `--resume` has nothing to add.
  ///
  /// - Throws: where settings or data are not those of the run.
  private func finished<Task: TrainingTask>(
    _ task: Task, _ source: String, threads: Int
  ) throws(CommandError) -> Task.Evaluation {
    let (saved, given) = try commandErrors {
      (try readFile(folder.configurationPath, limit: 1 << 28), try task.configurationBytes(folder))
    }
    guard saved == given else {
      let found = SettingsDifferences.inParentheses(
        String(decoding: saved, as: UTF8.self), String(decoding: given, as: UTF8.self))
      throw CommandError(
        "\(folder.configurationPath): is of a run with other settings or other data\(found), expected those of this command line and \(source); give the options that it was begun with (config.json has them), or begin anew with --overwrite",
        exitCode: .usage)
    }
    let evaluation = try commandErrors {
      var task = task
      try task.finish(with: try folder.parameters(task.trainer.model.layout))
      return try task.evaluate(threads: threads)
    }
    console.note("\(folder.path): the run is finished; nothing to resume")
    return evaluation
  }

  private func resume<Task: TrainingTask>(_ task: inout Task, _ source: String) throws(CommandError) {
    do {
      let checkpoint = try Checkpoint(path: folder.checkpointPath)
      guard checkpoint.configuration == task.fingerprint else {
        let (saved, given) = (checkpoint.configuration.settings, task.fingerprint.settings)
        throw CommandError(
          saved == given
            ? "\(source): other data than the run in \(folder.path) was begun with, expected the same file; restore it, or begin anew with --overwrite"
            : "\(folder.checkpointPath): is of a run with other settings\(SettingsDifferences.inParentheses(saved, given)), expected those of this command line; give the options that it was begun with (config.json has them), or begin anew with --overwrite",
          exitCode: saved == given ? .data : .usage)
      }
      try task.resume(checkpoint.state(layout: task.trainer.model.layout, of: Float.self))
    } catch {
      throw CommandError(error)
    }
  }
}

extension String {
  /// A fingerprint without the run's name, its last line: what the command line says, and nothing of the data.
  fileprivate var settings: String {
    guard let end = dropLast().lastIndex(of: "\n") else { return "" }
    return String(self[..<end])
  }
}
