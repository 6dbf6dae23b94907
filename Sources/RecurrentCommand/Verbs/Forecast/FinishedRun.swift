internal import Recurrent
internal import RecurrentCore
internal import RecurrentReports
internal import RecurrentTasks

/// A run that is over, to which `--resume` has nothing to add: its figures again, where the command line is its own.
struct FinishedRun {
  let directory: ForecastDirectory

  init(_ directory: ForecastDirectory) { self.directory = directory }

  /// Prints the table that the run ended with.
  ///
  /// - Throws: where settings or data are not those of the run; a table of other rows would be taken for the run's.
  func report(
    _ configuration: ForecastConfiguration, _ table: Table, asJSON: Bool, _ console: Console
  ) throws(CommandError) -> ExitCode {
    let evaluation = try commandErrors(about: table.source) {
      let model = try directory.read()
      guard model.configuration == configuration else {
        throw TrainForecastVerb.otherSettings(
          directory.folder.configurationPath, saved: model.configuration, configuration)
      }
      guard try ForecastTraining.preparation(configuration, of: table) == model.preparation else {
        throw TrainForecastVerb.otherData(table.source, directory.folder)
      }
      let data = try ForecastData(table, preparation: model.preparation)
      let evaluation = try model.evaluate(data, try model.heldOutWindows(of: data)).evaluation
      guard let logged = try loggedEvaluation() else {
        throw CommandError(
          "\(directory.folder.logPath): no figures of a finished run, expected them in its last line; restore the file, or use 'recurrent evaluate \(directory.folder.path) \(table.source)'",
          exitCode: .data)
      }
      // The baselines' figures follow from the held-out rows alone, at every kernel level.
      guard logged["baselines"] == evaluation.json["baselines"] else {
        throw CommandError(
          "\(table.source): other held-out rows than the run in \(directory.folder.path) was scored on, expected the same file; restore it, or use 'recurrent evaluate \(directory.folder.path) \(table.source)'",
          exitCode: .data)
      }
      return evaluation
    }
    console.note("\(directory.folder.path): the run is finished; nothing to resume")
    try TrainForecastVerb.print(evaluation, directory, asJSON: asJSON, console)
    return .success
  }

  private func loggedEvaluation() throws -> JSONValue? {
    let bytes = try readFile(directory.folder.logPath, limit: 1 << 26)
    guard let last = bytes.split(separator: UInt8(ascii: "\n")).last else { return nil }
    return try JSONValue(parsing: Array(last), name: directory.folder.logPath)["evaluation"]
  }
}
