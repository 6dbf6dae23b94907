internal import Recurrent
internal import RecurrentReports
internal import RecurrentTasks

/// `recurrent hmm select`: how many states.
struct MarkovSelectVerb: Verb {
  static let states = Option(
    "states", .horizons, default: Array(1...8), help: "Numbers of states to try, such as 1-8.")
  static let heldOut = Option<InputSource?>(
    "held-out", .input, absent: "none", help: "Sequences to be judged by that are not learnt from.")

  var definition: VerbDefinition {
    VerbDefinition(
      name: "hmm select", summary: "compare models of different numbers of states",
      discussion: """
        Each number of states is learnt from several starts. Smaller is better of AIC and BIC, larger of the \
        log-likelihood of what was held out, per step that is not missing. The best of each column is marked. With \
        --json, "held_out_impossible" says of a model under which what was held out cannot be, and which has no \
        "held_out_per_step". Where a signal ended it, what was learnt until then is shown, and "is_finished" is false in JSON.
        """,
      arguments: [MarkovInputOptions.input],
      options: [
        OptionGroup("Models", Self.states, Self.heldOut), MarkovFitVerb.learning,
        MarkovInputOptions.unlabelledGroup,
        OptionGroup("Output", StandardOptions.json, StandardOptions.quiet, StandardOptions.progress),
      ],
      examples: [
        .init(
          "recurrent hmm select rolls.txt --unit characters --states 1-4",
          "Whether there was more than one die.")
      ],
      exitCodes: [.data, .noInput])
  }

  func run(_ arguments: ParsedArguments, console: Console) throws(CommandError) -> ExitCode {
    try MarkovFitVerb.refuseContradictions(arguments)
    let sizes = arguments[Self.states]
    if let size = sizes.first(where: { $0 > MarkovFitVerb.mostStates }) {
      throw .usage("'--states' has \(size), expected at most \(MarkovFitVerb.mostStates)")
    }
    let first = MarkovFitVerb.learning(arguments, states: 1, console)
    let data = try MarkovInputOptions.read(arguments, kind: first.kind, file: nil, console: console)
    var held: MarkovData?
    if let source = arguments[Self.heldOut] {
      held = try MarkovInputOptions.read(
        arguments, kind: first.kind, file: nil, console: console, source: source)
    }
    let stop = StopRequest(console)
    var rows: [ModelSelectionRow] = []
    for size in sizes where !stop.isRequested {
      var learning = first
      learning.states = size
      let row = try MarkovFitVerb.learn(learning, data, heldOut: held, stop, console).row
      if !stop.isRequested { rows.append(row) }
    }
    try print(rows, of: sizes.count, hasHeldOut: held != nil, arguments, console)
    return stop.exitCode ?? .success
  }

  private func print(
    _ rows: [ModelSelectionRow], of count: Int, hasHeldOut: Bool, _ arguments: ParsedArguments,
    _ console: Console
  ) throws(CommandError) {
    if arguments[StandardOptions.json] {
      let models = rows.map { row -> JSONValue in
        [
          "states": .integer(row.states), "parameters": .integer(row.parameters),
          "log_likelihood": .number(row.logLikelihood), "aic": .number(row.aic), "bic": .number(row.bic),
          "held_out_per_step": row.heldOut.flatMap { $0.isFinite ? JSONValue.number($0) : nil } ?? .null,
          "held_out_impossible": .boolean(row.heldOut == -.infinity),
        ]
      }
      return try console.print(
        JSONDocument(
          verb: "hmm select", ["models": .array(models), "is_finished": .boolean(rows.count == count)]))
    }
    func mark(_ value: Double, best: Double?) -> String {
      value == -.infinity
        ? "impossible  " : NumberFormat.significant(7).text(value) + (value == best ? " *" : "  ")
    }
    var table = ReportTable(
      [
        .number("states"), .number("parameters"), .number("log-likelihood"), .number("AIC  "),
        .number("BIC  "),
      ] + (hasHeldOut ? [.number("held out per step  ")] : []))
    let bestHeldOut = rows.compactMap(\.heldOut).max()
    for row in rows {
      table.append(
        [
          "\(row.states)", "\(row.parameters)", NumberFormat.significant(7).text(row.logLikelihood),
          mark(row.aic, best: rows.map(\.aic).min()), mark(row.bic, best: rows.map(\.bic).min()),
        ] + (hasHeldOut ? [row.heldOut.map { mark($0, best: bestHeldOut) } ?? ""] : []))
    }
    let rest =
      rows.count < count ? "\nunfinished: \(rows.count) of \(count) models were learnt before the stop" : ""
    try console.print(table.text(emphasis: console.style.bold) + rest)
  }
}
