internal import Recurrent
internal import RecurrentData
internal import RecurrentReports
package import RecurrentTasks
internal import RecurrentTraining

/// `recurrent train forecast`: a file of measurements becomes a forecaster, with its figures beside the baselines.
package struct TrainForecastVerb: Verb {
  static let file = Argument(
    "FILE", .input, help: "CSV of measurements in order of time; .gz too; - is standard input.")
  static let target = Option.required("target", .text("NAME"), help: "The column to forecast.")
  static let features = Option(
    "features", .list(of: .text("NAME"), distinct: true), absent: "all that can be",
    help: "Input columns besides the target.")
  static let exclude = Option(
    "exclude", .list(of: .text("NAME"), distinct: true), absent: "no column",
    help: "Columns that are no inputs, in place of --features: all others are that can be.")
  static let knownAhead = Option(
    "known-ahead", .list(of: .text("NAME"), distinct: true), default: [],
    help: "Inputs whose future values are known when a forecast is made; all others are not.")
  static let angles = Option(
    "angles", .list(of: .text("NAME"), distinct: true), default: [],
    help: "Inputs that are directions in degrees: each becomes sine and cosine.")
  static let noCalendar = Flag("no-calendar", help: "Without hour of day, day of week and day of year.")
  static let gaps = Option(
    "gaps", .knownGaps, default: ForecastDefaults.configuration.gaps,
    help: "What fills missing inputs; rows with a missing target are never asked for.")
  static let window = Option(
    "window", .integer(in: WindowPlan.sizes), default: ForecastDefaults.configuration.window,
    help: "Rows that the network sees.")
  static let horizon = Option(
    "horizon", .horizons, default: ForecastDefaults.configuration.horizons,
    help: "Rows from the last one seen to each one forecast; 1-24 is all from 1 to 24.")
  static let stride = Option(
    "stride", .integer(in: WindowPlan.sizes), default: ForecastDefaults.configuration.stride,
    help: "Rows from one window to the next.")
  static let validationShare = Option(
    "validation-share", .number(in: 0.01...0.5), default: ForecastDefaults.configuration.validationShare,
    help: "Share of the rows before the held-out ones that chooses the epoch.")
  static let validationRows = Option(
    "validation-rows", .choice(of: ValidationRows.self),
    default: ForecastDefaults.configuration.validationRows,
    help: "Whether those lie in blocks over all the rows, or are the last.")
  static let testShare = Option(
    "test-share", .number(in: 0.01...0.9), default: ForecastDefaults.configuration.testShare,
    help: "Share of the rows, the last ones, held out for the figures.")
  static let normalisation = Option(
    "normalisation", .choice(of: Normalisation.self), default: ForecastDefaults.configuration.normalisation,
    help: "Of inputs and outputs, fitted on training rows.")
  static let noLinearPath = Flag("no-linear-path", help: "The recurrent network alone.")
  static let ridge = Option(
    "ridge", .number(in: 0...), default: ForecastDefaults.configuration.ridge ?? 0,
    help: "Strength of the ridge regression that the linear path starts from.")
  static let predict = Option(
    "predict", .choice(of: ["change", "value"]),
    default: ForecastDefaults.configuration.predictsChange ? "change" : "value",
    help: "Whether outputs are changes from the last value, or values.")
  package init() {}

  package var definition: VerbDefinition {
    VerbDefinition(
      name: "train forecast", summary: "learn to forecast a column of a CSV file",
      discussion: """
        Trains a recurrent network beside a linear path, keeps the epoch that is best on validation rows, and prints \
        R², MAE and RMSE on held-out rows beside forecasts that need no network: repeat the last value, the same hour \
        yesterday, and linear least squares on the same window. The split is by time; nothing is fitted on held-out \
        rows.

        The folder receives config.json (all settings), model.safetensors, report.html, log.jsonl and TensorBoard \
        events. While the run \
        lasts, it also holds a checkpoint: after an interruption or a kill, --resume goes on to the same bits.
        """,
      arguments: [Self.file],
      options: [
        OptionGroup(
          "Data", Self.target, Self.features, Self.exclude, Self.knownAhead, Self.angles, Self.noCalendar,
          Self.gaps,
          Self.normalisation),
        OptionGroup(
          "Windows and split", Self.window, Self.horizon, Self.stride, Self.validationShare,
          Self.validationRows,
          Self.testShare),
        TableReadingOptions.group, ForecastDefaults.network.group,
        OptionGroup("Linear path", Self.noLinearPath, Self.ridge, Self.predict),
        ForecastDefaults.training.group,
        RunOutputOptions.group,
      ],
      examples: [
        .init(
          "recurrent train forecast weather.csv --target temperature -o weather.model",
          "All defaults: 24 rows in, 1, 2, 4 and 8 rows ahead."),
        .init(
          "recurrent train forecast load.csv --target load --known-ahead holiday --cell lstm --hidden 32+32,16 -o load.model",
          "A bidirectional LSTM under a forward one, with a column that is known ahead."),
        .init(
          "recurrent train forecast weather.csv --target temperature -o weather.model --resume",
          "Go on after a stop."),
      ],
      exitCodes: [.data, .noInput, .cannotCreate, .inputOutput, .interrupted, .terminated])
  }

  package func run(_ arguments: ParsedArguments, console: Console) throws(CommandError) -> ExitCode {
    var configuration = try configuration(arguments)
    let directory = ForecastDirectory(arguments[RunOutputOptions.output])
    let folder = directory.folder
    let lock = try OutputFolder.take(
      folder, resuming: arguments[RunOutputOptions.resume],
      overwriting: arguments[RunOutputOptions.overwrite], console)
    defer { withExtendedLifetime(lock) {} }
    try InputSafety.refuse(
      arguments[Self.file], amongOutputs: folder.files, remedy: "choose another folder with -o")
    let input = try commandErrors { try TableInput(arguments[Self.file], console: console) }
    let table = try commandErrors {
      try DataError.about(target: configuration.target) { () throws(DataError) in
        try input.table(configuration.table)
      }
    }
    try refuseContradictions(arguments, table)
    if let times = table.unreadTimes { console.warn("\(table.source): \(times.describe())") }
    if arguments[ForecastDefaults.network.initialization] == .normal {
      console.warn(
        "weights of standard deviation 1 saturate tanh and sigmoid where a cell has many inputs; normalByInputs scales them"
      )
    }
    var leftOut: [String] = []
    if let names = arguments[Self.exclude] {
      (configuration, leftOut) = try commandErrors(about: table.source) {
        try configuration.excluding(names, of: table)
      }
    }
    for line in table.summary.describe().split(separator: "\n") { console.note(String(line)) }
    if arguments[RunOutputOptions.resume] && folder.isFinished && !folder.hasCheckpoint {
      return try FinishedRun(directory).report(
        configuration, table, asJSON: arguments[StandardOptions.json], console)
    }
    let threads = ThreadCount.read(ForecastDefaults.training.threads, arguments, console)
    if configuration.window * table.columns.count > Self.manyInputs {
      console.note("fitting linear least squares to long windows, which takes a while")
    }
    var training = try commandErrors(about: table.source) {
      try ForecastTraining(configuration, table: table, threads: threads)
    }
    if arguments[RunOutputOptions.resume] { try resume(&training, from: folder) }
    console.note(training.split.describe(table.time))
    console.note(training.data.preparation.plan.describe(step: table.time.step))
    note(training.data.fills.map { $0.describe() }, rest: "with filled gaps", console)
    note(leftOut + training.leftOut, rest: "left out", console)
    for levels in training.data.unknownLevels { console.note(levels.describe()) }
    note(fewValidationWindows: training.split.validation.count, console)
    var run = TrainingRun(
      training: training, directory: folder, RunOutputOptions.beginning(arguments), lock: lock,
      console: console,
      threads: threads)
    defer { withExtendedLifetime(run.lock) {} }
    try run.prepareFolder()
    if let stopped = try run.train() { return stopped }
    let scored = try run.finish()
    try Self.print(scored.evaluation, directory, asJSON: arguments[StandardOptions.json], console)
    return .success
  }

  /// A line for each of the first columns, and one for the rest: a file may have a million.
  private func note(_ columns: [String], rest: String, _ console: Console) {
    for line in columns.prefix(Self.shownColumns) { console.note(line) }
    let others = columns.count - Self.shownColumns
    if others > 0 { console.note("and \(others) more column\(others == 1 ? "" : "s") \(rest)") }
  }

  private static let shownColumns = 40

  /// Where the epoch is chosen by few examples, chance chooses it.
  private func note(fewValidationWindows count: Int, _ console: Console) {
    guard count < Self.enoughValidationWindows else { return }
    console.note(
      "only \(count == 1 ? "1 validation window chooses" : "\(count) validation windows choose") the epoch, so chance has a say in it; more rows or a larger --validation-share give more"
    )
  }

  private static let enoughValidationWindows = 100
  /// Numbers in a window of which least squares takes more than a second or two.
  private static let manyInputs = 2500

  package func configuration(_ arguments: ParsedArguments) throws(CommandError) -> ForecastConfiguration {
    try refuseContradictions(arguments)
    var configuration = ForecastConfiguration(target: arguments[Self.target])
    configuration.table = TableReadingOptions.options(arguments)
    configuration.features = arguments[Self.features]
    configuration.knownAhead = arguments[Self.knownAhead]
    configuration.angles = arguments[Self.angles]
    configuration.calendar = !arguments[Self.noCalendar]
    configuration.gaps = arguments[Self.gaps]
    configuration.window = arguments[Self.window]
    configuration.stride = arguments[Self.stride]
    configuration.horizons = arguments[Self.horizon].sorted()
    configuration.testShare = arguments[Self.testShare]
    configuration.validationShare = arguments[Self.validationShare]
    configuration.validationRows = arguments[Self.validationRows]
    configuration.normalisation = arguments[Self.normalisation]
    configuration.layers = try ForecastDefaults.network.layers(arguments)
    configuration.ridge = arguments[Self.noLinearPath] ? nil : arguments[Self.ridge]
    configuration.predictsChange = arguments[Self.predict] == "change"
    configuration.training = try ForecastDefaults.training.options(arguments)
    if let problem = configuration.training.problem { throw .usage(problem.description) }
    return configuration
  }

  private func resume(
    _ training: inout ForecastTraining, from directory: RunFolder
  ) throws(CommandError) {
    let state = try commandErrors {
      let checkpoint = try Checkpoint(path: directory.checkpointPath)
      let (saved, configuration) = (checkpoint.configuration, training.configuration)
      guard ForecastDirectory.isFingerprint(saved, of: configuration) else {
        throw Self.otherSettings(
          directory.checkpointPath, saved: ForecastConfiguration(fingerprint: saved), configuration)
      }
      guard saved == training.fingerprint else {
        throw Self.otherData(training.data.source, directory)
      }
      return try checkpoint.state(layout: training.network.layout, of: Float.self)
    }
    do {
      try training.resume(state)
    } catch {
      throw CommandError(error)
    }
  }

  static func otherData(_ source: String, _ directory: RunFolder) -> CommandError {
    CommandError(
      "\(source): other data than the run in \(directory.path) was begun with, expected the same file; restore it, or begin anew with --overwrite",
      exitCode: .data)
  }

  static func otherSettings(
    _ path: String, saved: ForecastConfiguration?, _ given: ForecastConfiguration
  ) -> CommandError {
    let differences = saved.map { ForecastSettings.differences($0, given) } ?? []
    let found = differences.isEmpty ? "" : " (\(differences.joined(separator: "; ")))"
    return CommandError(
      "\(path): is of a run with other settings\(found), expected those of this command line; give the options that it was begun with (config.json has them), or begin anew with --overwrite",
      exitCode: .usage)
  }

  static func print(
    _ evaluation: ForecastEvaluation, _ directory: ForecastDirectory, asJSON: Bool, _ console: Console
  ) throws(CommandError) {
    for baseline in evaluation.leftOut { console.note(baseline.description) }
    if asJSON {
      try console.print(
        JSONDocument(
          verb: "train forecast", ["folder": .string(directory.folder.path), "evaluation": evaluation.json]))
      return
    }
    try console.print(evaluation.table().text(emphasis: console.style.bold))
    try console.print(evaluation.verdict)
    console.note("model and report: \(directory.folder.path), \(directory.folder.reportPath)")
  }
}
