internal import Recurrent
internal import RecurrentData
internal import RecurrentTasks

/// A model and a file that it is used on.
enum LaterTable {
  static let model = Argument("MODEL", .path("FOLDER"), help: "Folder that a training verb made.")
  static let fillRows = Option(
    "fill-rows", .knownGaps, absent: "as in training",
    help: "What fills rows that are missing in the file; refuse: they are an error.")

  /// Reads the model, then the file as the model's own was read.
  static func read(
    _ arguments: ParsedArguments, file: Argument<InputSource>, console: Console
  ) throws -> (model: ForecastModel, data: ForecastData) {
    let model = try ForecastDirectory(arguments[model]).read()
    var options = model.configuration.table
    if let policy = arguments[fillRows] { options.fillRows = policy }
    let input = try TableInput(arguments[file], limit: options.sizeLimit, console: console)
    let table = try input.table(options, as: model.preparation.reading)
    if table.time.columns.isEmpty {
      try arguments.refuse(fillRows, circumstance: TableReadingOptions.circumstance(rowsCountedIn: table))
    }
    return (model, try ForecastData(table, preparation: model.preparation))
  }
}
