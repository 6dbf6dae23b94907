internal import Foundation
internal import Recurrent
internal import RecurrentCore
internal import RecurrentReports
internal import RecurrentTasks

/// `recurrent reproduce NAME`: a published experiment, its figures beside ours, pass or fail.
struct ReproduceVerb: Verb {
  /// Those that are not ``Reproductions``.
  enum Name: String, CaseIterable, Sendable {
    case note002 = "note-002"
    case bidirectional = "ai-edu-19.7"
    case pm25 = "ai-edu-19.6"
  }

  static let name = Argument(
    "NAME", .choice(of: Name.allCases.map(\.rawValue) + Reproductions.all.map { $0.name }),
    help: "The experiment.")
  static let data = Option(
    "data", .path("PATH"), absent: "what is bundled",
    help: "The published data, where the experiment needs some.")
  static let seeds = Option<Int?>(
    "seeds", .integer(in: 1...10_000), absent: "the experiment's own", help: "Runs of each network.")
  static let epochs = Option<Int?>(
    "epochs", .integer(in: 1...100_000), absent: "the experiment's own", help: "Of each run.")
  static let forecasterSeeds = Option(
    "forecaster-seeds", .integer(in: 1...1000), default: 3, help: "Runs of the task's own forecaster.")
  static let seed = Option("seed", .seed, default: 1, help: "Of the numbers in the worked examples.")
  static let threads = ThreadCount.option("How many threads compute.")
  static let figures = Option(
    "figures", .path("FOLDER"), absent: "none are written", help: "Folder for the curves and fits, as SVG.")
  static let overwrite = Flag("overwrite", help: "Write figures into a folder that is not empty.")

  var definition: VerbDefinition {
    VerbDefinition(
      name: "reproduce", summary: "repeat a published experiment and compare",
      discussion: """
        note-002: one-hot words, shapes and the contribution of every time step to every gradient. ai-edu-19.7: the \
        bidirectional network with unequal sizes and outputs at both ends. ai-edu-19.6: PM2.5 in Beijing by simple \
        networks of 49 and 26 parameters, the published tables beside ours and beside the baselines, then the task's \
        own forecaster under the same protocol and without its two leaks.

        \(Self.summaries)

        Ends with 1 where a check fails.
        """,
      arguments: [Self.name],
      options: [
        OptionGroup(
          "Experiment", Self.data, Self.seeds, Self.epochs, Self.forecasterSeeds, Self.seed, Self.threads),
        OptionGroup(
          "Output", Self.figures, Self.overwrite, StandardOptions.json, StandardOptions.quiet,
          StandardOptions.progress),
      ],
      examples: [
        .init("recurrent reproduce note-002", "A few lines, at once."),
        .init(
          "recurrent reproduce ai-edu-19.6 --data PRSA_data_2010.1.1-2014.12.31.csv --figures figures",
          "Some minutes."),
      ],
      exitCodes: [.failure, .data, .noInput, .cannotCreate])
  }

  func run(_ arguments: ParsedArguments, console: Console) throws(CommandError) -> ExitCode {
    let name = "for \(arguments[Self.name])"
    let own = Name(rawValue: arguments[Self.name])
    if own == .pm25 {
      try arguments.refuse(Self.seed, circumstance: name + ", which draws with 1, 2, … up to --seeds")
    } else if own == nil {
      try arguments.refuse(Self.seed, Self.forecasterSeeds, circumstance: name)
    } else {
      try arguments.refuse(
        Self.data, Self.seeds, Self.epochs, Self.forecasterSeeds, Self.threads, Self.figures,
        circumstance: name)
    }
    if arguments[Self.figures] == nil {
      try arguments.refuse(Self.overwrite, circumstance: "without --figures")
    }
    // Found before the work, which may take minutes.
    if let folder = arguments[Self.figures], !arguments[Self.overwrite] { try refuse(used: folder) }
    let report: ReproductionReport
    switch own {
    case .note002: report = NoteOneHot(seed: arguments[Self.seed]).report()
    case .bidirectional: report = NoteBidirectional(seed: arguments[Self.seed]).report()
    case .pm25: report = try pm25(arguments, console)
    case nil: report = try repeated(arguments, console)
    }
    if let folder = arguments[Self.figures] { try write(report.figures, to: folder, console) }
    if arguments[StandardOptions.json] {
      try console.print(document(report))
    } else {
      try print(report, console)
    }
    return report.passed ? .success : .failure
  }

  /// The experiments that are ``Reproductions``, one clause each.
  private static var summaries: String {
    Reproductions.all.map { "\($0.name): \($0.summary)." }.joined(separator: " ")
  }

  private func repeated(_ arguments: ParsedArguments, _ console: Console) throws(CommandError)
    -> ReproductionReport
  {
    let name = arguments[Self.name]
    guard let type = Reproductions.all.first(where: { $0.name == name }) else {
      throw .usage("reproduce \(name): no such experiment")
    }
    if let data = type.data, arguments[Self.data] == nil {
      throw .usage("reproduce \(name): no data, expected --data with \(data)")
    }
    if type.data == nil {
      try arguments.refuse(Self.data, circumstance: "for \(name), whose data is at hand")
    }
    let settings = ReproductionSettings(
      data: arguments[Self.data], seeds: arguments[Self.seeds] ?? type.seeds,
      epochs: arguments[Self.epochs] ?? type.epochs,
      threads: ThreadCount.read(Self.threads, arguments, console))
    return try commandErrors { try type.init(settings).report { console.note($0) } }
  }

  private func pm25(_ arguments: ParsedArguments, _ console: Console) throws(CommandError)
    -> ReproductionReport
  {
    guard let path = arguments[Self.data] else {
      throw .usage("reproduce ai-edu-19.6: no data, expected --data with PRSA_data_2010.1.1-2014.12.31.csv")
    }
    let threads = ThreadCount.read(Self.threads, arguments, console)
    var reproduction = PM25Reproduction(threads: threads)
    reproduction.seeds = arguments[Self.seeds] ?? reproduction.seeds
    reproduction.epochs = arguments[Self.epochs] ?? reproduction.epochs
    reproduction.forecasterSeeds = arguments[Self.forecasterSeeds]
    let progress = ProgressDisplay(console, title: "training", unit: "runs", total: 2 * reproduction.seeds)
    defer { progress.finish() }
    do {
      return try reproduction.report(path: path) { done, _ in progress.milestone(done) }
    } catch {
      throw CommandError(error)
    }
  }

  private func refuse(used folder: String) throws(CommandError) {
    guard FileManager.default.fileExists(atPath: folder) else { return }
    if let names = try? FileManager.default.contentsOfDirectory(atPath: folder), names.isEmpty { return }
    throw CommandError(
      "\(folder): exists and is not an empty folder, expected a new one; choose another with --figures, or add --overwrite",
      exitCode: .cannotCreate)
  }

  private func write(_ figures: [String: String], to folder: String, _ console: Console) throws(CommandError)
  {
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw CommandError(
        "\(folder): the folder cannot be made; choose another with --figures", exitCode: .cannotCreate)
    }
    for (name, svg) in figures.sorted(by: { $0.key < $1.key }) {
      try commandErrors { try AtomicFile.write(svg, to: "\(folder)/\(name)") }
    }
    if !figures.isEmpty { console.note("\(figures.count) figures in \(folder)") }
  }

  private func print(_ report: ReproductionReport, _ console: Console) throws(CommandError) {
    var parts = [console.style.bold("\(report.name): \(report.title)")]
    for table in report.tables {
      var text = ReportTable(table.columns.map { .text($0) }, caption: table.title)
      for row in table.rows { text.append(row) }
      parts.append(text.text() + (table.note.map { "(\($0))" } ?? ""))
    }
    let checks = report.checks.map { check in
      let mark = check.passed ? console.style.green("pass") : console.style.red("FAIL")
      return "\(mark)  \(check.statement): \(check.found)"
    }
    let failed = report.checks.count { !$0.passed }
    let verdict =
      failed == 0 ? "all \(checks.count) checks passed" : "\(failed) of \(checks.count) checks failed"
    parts.append((checks + [verdict]).joined(separator: "\n"))
    try console.print(parts.joined(separator: "\n\n"))
  }

  private func document(_ report: ReproductionReport) -> JSONDocument {
    let tables: [JSONValue] = report.tables.map { table in
      [
        "title": .string(table.title), "columns": .array(table.columns.map { .string($0) }),
        "rows": .array(table.rows.map { .array($0.map { .string($0) }) }),
        "note": table.note.map { .string($0) } ?? .null,
      ]
    }
    let checks: [JSONValue] = report.checks.map {
      ["statement": .string($0.statement), "found": .string($0.found), "passed": .boolean($0.passed)]
    }
    return JSONDocument(
      verb: "reproduce",
      [
        "name": .string(report.name), "title": .string(report.title), "tables": .array(tables),
        "checks": .array(checks), "passed": .boolean(report.passed),
      ])
  }
}
