internal import Foundation
internal import Recurrent
internal import RecurrentCore
internal import RecurrentReports
internal import RecurrentReproductions
internal import RecurrentTasks

/// `recurrent reproduce NAME`: a published experiment, its figures beside ours, pass or fail.
struct ReproduceVerb: Verb {
  static let name = Argument(
    "NAME", .choice(of: Reproductions.all.map { $0.name }),
    help: "The experiment.")
  static let data = Option(
    "data", .path("PATH"), absent: "none; where the experiment needs some, it says which",
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
        \(Self.summaries)

        Ends with 1 where a check fails.
        """,
      arguments: [Self.name],
      options: [
        OptionGroup(
          "Experiment", Self.data, Self.seeds, Self.epochs, Self.forecasterSeeds, Self.seed, Self.threads),
        OptionGroup(
          "Output", Self.figures, Self.overwrite, StandardOptions.json, StandardOptions.quiet),
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
    let name = arguments[Self.name]
    guard let type = Reproductions.all.first(where: { $0.name == name }) else {
      throw .usage("reproduce \(name): no such experiment")
    }
    try refuseContradictions(of: type, arguments)
    // Found before the work, which may take minutes.
    if let folder = arguments[Self.figures], !arguments[Self.overwrite] { try refuse(used: folder) }
    let settings = ReproductionSettings(
      data: arguments[Self.data], seeds: arguments[Self.seeds] ?? type.seeds,
      epochs: arguments[Self.epochs] ?? type.epochs, forecasterSeeds: arguments[Self.forecasterSeeds],
      seed: arguments[Self.seed], threads: ThreadCount.read(Self.threads, arguments, console))
    let report = try commandErrors { try type.init(settings: settings).report { console.note($0) } }
    if let folder = arguments[Self.figures] { try write(report.figures, to: folder, console) }
    if arguments[StandardOptions.json] {
      try console.print(document(report))
    } else {
      try print(report, console)
    }
    return report.passed ? .success : .failure
  }

  /// One clause each.
  private static var summaries: String {
    Reproductions.all.map { "\($0.name): \($0.summary)." }.joined(separator: " ")
  }

  /// Options that the experiment does not look at, and data that it needs or has.
  private func refuseContradictions(
    of type: any Reproduction.Type, _ arguments: ParsedArguments
  ) throws(CommandError) {
    let circumstance = "for \(type.name)"
    if type.options.contains(.seeds) {
      try arguments.refuse(
        Self.seed, circumstance: circumstance + ", which draws with 1, 2, … up to --seeds")
    }
    let looked: [(ReproductionOption, any DefinedOption)] = [
      (.seeds, Self.seeds), (.epochs, Self.epochs), (.forecasterSeeds, Self.forecasterSeeds),
      (.seed, Self.seed), (.threads, Self.threads), (.figures, Self.figures),
    ]
    for (name, option) in looked where !type.options.contains(name) {
      try arguments.refuse(option, circumstance: circumstance)
    }
    if arguments[Self.figures] == nil {
      try arguments.refuse(Self.overwrite, circumstance: "without --figures")
    }
    if let data = type.data, arguments[Self.data] == nil {
      throw .usage("reproduce \(type.name): no data, expected --data with \(data)")
    }
    if type.data == nil {
      try arguments.refuse(Self.data, circumstance: circumstance + ", whose data is at hand")
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
