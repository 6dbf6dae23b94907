internal import Recurrent
internal import RecurrentData
internal import RecurrentReports
internal import RecurrentTasks

/// What `evaluate` does for a forecaster.
enum EvaluateForecast {
  enum Rows: String, CaseIterable, Sendable {
    case heldOut = "held-out"
    case all
  }

  static let rows = Option(
    "rows", .choice(of: Rows.self), default: .heldOut,
    help: "held-out: the last share of the rows, as in training; all: for a file that the model has not seen."
  )

  /// Those of `evaluate` that mean something for a forecaster.
  static let options: [any DefinedOption] = [rows, LaterTable.fillRows]

  static func run(_ arguments: ParsedArguments, _ console: Console) throws(CommandError) -> ExitCode {
    let source = TableInput.name(of: arguments[EvaluateVerb.file])
    let (evaluation, known, notices) = try laterFileErrors(
      arguments, about: source, options: Set(options.map { "--" + $0.definition.name })
    ) {
      let (model, data) = try LaterTable.read(arguments, file: EvaluateVerb.file, console: console)
      let windows =
        switch arguments[rows] {
        case .heldOut: try model.heldOutWindows(of: data)
        case .all:
          try model.preparation.plan.windows(in: 0..<data.frame.rowCount, named: nil)
        }
      return (
        try model.evaluate(data, windows).evaluation, model.learned(in: windows, of: data), data.notices
      )
    }
    let learned = known.examples
    let windows = "\(evaluation.examples) window\(evaluation.examples == 1 ? "" : "s")"
    if learned > 0 {
      console.warn(
        "\(source): \(learned) of the \(windows) scored \(learned == 1 ? "asks" : "ask") for rows that the model was trained on, so the figures flatter; score rows that came later"
      )
    }
    for notice in notices { console.note(notice) }
    if arguments[rows] == .heldOut && !known.hasRows {
      console.note(
        "\(source): the model was trained on none of its rows; the last share of them is scored, and --rows all scores all"
      )
    }
    console.note(
      "scored \(windows) (\(arguments[rows].rawValue)), values from \(evaluation.firstTarget) to \(evaluation.lastTarget)"
    )
    for baseline in evaluation.leftOut { console.note(baseline.description) }
    if arguments[StandardOptions.json] {
      try console.print(
        JSONDocument(
          verb: "evaluate",
          ["evaluation": evaluation.json, "learned_examples": .integer(learned)]))
    } else {
      try console.print(evaluation.table().text(emphasis: console.style.bold))
      try console.print(evaluation.verdict)
    }
    return .success
  }
}
