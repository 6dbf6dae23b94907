internal import RecurrentNN
internal import RecurrentReports

/// `recurrent gradcheck`: every gradient against central differences, or a planted mistake that must be seen.
public struct GradcheckVerb: Verb {
  static let quick = Flag(
    "quick",
    help: "Every cell with every direction and merge, other factors in turn; less than a minute. The default."
  )
  static let all = Flag("all", help: "Every combination; minutes.")
  static let cell = Option<CellName?>(
    "cell", .cell, absent: "all", help: "Only networks with this cell; \(CellName.aliasHelp).")
  static let direction = Option<String?>(
    "direction", .choice(of: ["forward", "reverse", "bidirectional"]), absent: "all",
    help: "Only networks with layers of this direction.")
  static let depth = Option<Int?>(
    "depth", .integer(in: 1...3), absent: "all", help: "Only networks of this many layers.")
  static let only = Option<[String]>.repeated(
    "only", .text(), help: "Only cases whose name contains this text; of several, all of them.")
  static let list = Flag("list", help: "Print the names of the cases and check nothing.")

  static let fault = Option<GradientFault?>(
    "fault", .choice(), help: "Check a network with this mistake planted in its back-propagation.")
  static let listFaults = Flag("list-faults", help: "Print the faults with what each of them is.")

  static let tolerance = Option(
    "tolerance", .number(above: 0), default: GradientCheck.tolerance,
    help: "The greatest relative error that counts as equal.")
  static let threads = ThreadCount.option("Cases checked at a time.")

  public init() {}

  public var definition: VerbDefinition {
    VerbDefinition(
      name: "gradcheck", summary: "prove the gradients, by comparing them with differences",
      discussion: """
        Every network of the suite is differentiated twice in double precision: by back-propagation, and by central \
        differences of its loss. Compared are all parameters, the input and the initial state. The error of a tensor is \
        its greatest difference relative to its greatest derivative.

        With --fault, a known mistake is planted first. The check must then fail, and for exactly the tensors that the \
        mistake spoils: the verb prints them and ends with 1, like any check that fails. It ends with 70 if the check \
        does not see the mistake, or blames other tensors.
        """,
      options: [
        OptionGroup(
          "Cases", Self.quick, Self.all, Self.cell, Self.direction, Self.depth, Self.only, Self.list),
        OptionGroup("Faults", Self.fault, Self.listFaults),
        OptionGroup("Check", Self.tolerance, Self.threads),
        OptionGroup("Output", StandardOptions.json, StandardOptions.quiet, StandardOptions.progress),
      ],
      examples: [
        .init("recurrent gradcheck", "The quick suite."),
        .init("recurrent gradcheck --all --cell lstm --threads 2", "Every network with an LSTM."),
        .init("recurrent gradcheck --only mask --only softmax", "Masked positions under softmax."),
        .init(
          "recurrent gradcheck --fault reverse-last-output-gradient-omitted",
          "See a famous mistake caught, by the names of the tensors that it spoils."),
      ],
      exitCodes: [.failure, .configuration])
  }

  public func run(_ arguments: ParsedArguments, console: Console) throws(CommandError) -> ExitCode {
    try refuseContradictions(arguments)
    if arguments[Self.listFaults] { return try GradcheckFaults.list(arguments, console) }
    if let fault = arguments[Self.fault] {
      return try GradcheckFaults(fault: fault, tolerance: arguments[Self.tolerance]).run(arguments, console)
    }
    let extent: GradientCheckSuite.Extent = arguments[Self.all] ? .all : .quick
    let cases = try select(extent, arguments)
    if arguments[Self.list] {
      let names = cases.map(\.name)
      if arguments[StandardOptions.json] {
        try console.print(
          JSONDocument(verb: "gradcheck.cases", ["cases": .array(names.map { .string($0) })]))
      } else {
        try console.print(names.joined(separator: "\n"))
      }
      return .success
    }
    let clock = ContinuousClock()
    let start = clock.now
    let results = check(
      cases, threads: ThreadCount.read(Self.threads, arguments, console), console: console)
    let summary = GradientSummary(results, tolerance: arguments[Self.tolerance])
    let report = GradcheckReport(
      summary: summary, extent: extent.rawValue, seconds: (clock.now - start) / .seconds(1))
    if arguments[StandardOptions.json] {
      try console.print(report.document)
    } else {
      try console.print(report.text(console.style))
    }
    return summary.failing.isEmpty ? .success : .failure
  }

  private func refuseContradictions(_ arguments: ParsedArguments) throws(CommandError) {
    if arguments[Self.quick] && arguments[Self.all] {
      throw .usage("'--quick' and '--all' exclude each other; give one of them")
    }
    let filters: [any DefinedOption] = [
      Self.quick, Self.all, Self.cell, Self.direction, Self.depth, Self.only, Self.list,
    ]
    if arguments[Self.list] {
      try arguments.refuse(Self.tolerance, Self.threads, circumstance: "with --list, which checks nothing")
    }
    if arguments[Self.listFaults] {
      try arguments.refuse(
        Self.fault, Self.tolerance, Self.threads, circumstance: "with --list-faults, which checks nothing")
    }
    guard arguments.isGiven(Self.fault) || arguments[Self.listFaults] else { return }
    try arguments.refuse(Self.threads, circumstance: "with --fault, which checks one network")
    if let extra = filters.first(where: arguments.isGiven) {
      throw .usage(
        "a fault has a network of its own, so '--\(extra.definition.name)' has no meaning with it; leave it out"
      )
    }
  }

  private func select(
    _ extent: GradientCheckSuite.Extent, _ arguments: ParsedArguments
  ) throws(CommandError) -> [GradientCheckCase] {
    let filter = GradientCaseFilter(
      cell: arguments[Self.cell]?.name, direction: arguments[Self.direction], depth: arguments[Self.depth],
      texts: arguments[Self.only])
    let cases = GradientCheckSuite.cases(extent)
    let chosen = cases.filter { filter.accepts($0.name) }
    guard !chosen.isEmpty else {
      throw .usage(
        "found none of \(cases.count) cases with these filters, expected at least one; "
          + "'recurrent gradcheck --list' prints all names")
    }
    return chosen
  }

  /// A few cases at a time, so that progress can be shown.
  private func check(
    _ cases: [GradientCheckCase], threads: Int, console: Console
  ) -> [GradientCheckSuite.Result] {
    let progress = ProgressDisplay(console, title: "checking", unit: "networks", total: cases.count)
    var results: [GradientCheckSuite.Result] = []
    while results.count < cases.count {
      let next = cases[results.count..<min(cases.count, results.count + 8 * threads)]
      results += GradientCheckSuite.run(Array(next), threads: threads)
      progress.update(results.count)
    }
    progress.remove()
    return results
  }
}
