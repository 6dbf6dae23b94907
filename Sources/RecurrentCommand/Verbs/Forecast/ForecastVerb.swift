internal import Recurrent
internal import RecurrentCore
internal import RecurrentData
internal import RecurrentReports
internal import RecurrentTasks

/// `recurrent forecast`: what comes after the last row of a file.
struct ForecastVerb: Verb {
  static let file = Argument(
    "FILE", .input, help: "CSV that ends where the forecast begins; - is standard input.")
  static let output = Option(
    "output", short: "o", .output, default: .standardOutput,
    help: "Where the CSV, or the JSON document, goes; - is standard output.")
  static let overwrite = Flag("overwrite", help: "Replace the file where it exists.")

  var definition: VerbDefinition {
    VerbDefinition(
      name: "forecast", summary: "forecast the steps after the last row of a file",
      discussion: """
        Prints a CSV with a row for each horizon that the model was trained for. The last row whose target is known is \
        where it starts; rows after it may give the columns that are known ahead.
        """,
      arguments: [LaterTable.model, Self.file],
      options: [
        OptionGroup("Rows", LaterTable.fillRows),
        OptionGroup("Output", Self.output, Self.overwrite, StandardOptions.json, StandardOptions.quiet),
      ],
      examples: [
        .init("recurrent forecast weather.model today.csv", "To the terminal, or into a pipe."),
        .init("recurrent forecast weather.model today.csv -o next.csv", "Into a file."),
        .init("head -n 2000 weather.csv | recurrent forecast weather.model -", "From a pipe."),
      ],
      exitCodes: [.data, .noInput, .cannotCreate, .inputOutput])
  }

  func run(_ arguments: ParsedArguments, console: Console) throws(CommandError) -> ExitCode {
    if arguments[Self.output] == .standardOutput {
      try arguments.refuse(Self.overwrite, circumstance: "on standard output")
    }
    if case .file(let path) = arguments[Self.output] {
      try InputSafety.refuse(
        arguments[Self.file], amongOutputs: [path], remedy: "choose another path with -o")
    }
    let (forecast, notices) = try laterFileErrors(arguments, about: TableInput.name(of: arguments[Self.file]))
    {
      let (model, data) = try LaterTable.read(arguments, file: Self.file, console: console)
      return (try model.forecastFuture(data), data.notices)
    }
    for notice in notices { console.note(notice) }
    let after = forecast.rowsAfter > 0 ? "; the \(forecast.rowsAfter) rows after it have none" : ""
    console.note(
      "forecast from \(forecast.origin), the last row with a value of '\(forecast.target)'\(after)")
    let text = arguments[StandardOptions.json] ? try document(forecast).text() : forecast.csv
    switch arguments[Self.output] {
    case .standardOutput: try console.write(Array(text.utf8))
    case .file(let path):
      try commandErrors {
        try AtomicFile.write(text, to: path, overwrites: arguments[Self.overwrite])
      }
    }
    return .success
  }

  private func document(_ forecast: FutureForecast) -> JSONDocument {
    JSONDocument(
      verb: "forecast",
      [
        "target": .string(forecast.target), "origin": .string(forecast.origin),
        "steps": .array(
          forecast.steps.map {
            ["horizon": .integer($0.horizon), "time": .string($0.time), "value": .number($0.value)]
          }),
      ])
  }
}
