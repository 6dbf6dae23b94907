internal import Recurrent
internal import RecurrentReports
internal import RecurrentTasks

/// `recurrent hmm sample`: sequences drawn from a model.
struct MarkovSampleVerb: Verb {
  static let steps = Option(
    "steps", .integer(in: 1...100_000_000), default: 20,
    help: "Of each sequence; at most so many where the model says where sequences end.")
  static let sequences = Option("sequences", .integer(in: 1...1_000_000), default: 1, help: "Sequences.")
  static let seed = Option("seed", .seed, default: 1, help: "Another one, other sequences.")
  static let withStates = Flag("with-states", help: "Also the states that were drawn.")

  var definition: VerbDefinition {
    VerbDefinition(
      name: "hmm sample", summary: "draw sequences from a model",
      discussion: """
        Of symbols one sequence a line; of vectors a table whose first column parts the sequences, by the name that the \
        model has for it, else "sequence". With --with-states each line of symbols is followed by one of states, and the \
        table has a last column "state". Where the model has a column of that name, it is "sequence_2" or "state_2".
        """,
      arguments: [MarkovInputOptions.model],
      options: [
        OptionGroup("Sequences", Self.steps, Self.sequences, Self.seed, Self.withStates),
        OptionGroup("Output", StandardOptions.quiet),
      ],
      examples: [
        .init("recurrent hmm sample dice.json --steps 60 --with-states", "Sixty rolls and which die it was.")
      ],
      exitCodes: [.data, .noInput])
  }

  func run(_ arguments: ParsedArguments, console: Console) throws(CommandError) -> ExitCode {
    let file = try MarkovInputOptions.readModel(arguments[MarkovInputOptions.model])
    let isWritten = arguments[Self.withStates]
    // In a line of words a space would part a name in two.
    let names = file.model.states.map { columnText($0, hasSpaces: file.model.dimensions != nil) }
    if let dimensions = file.model.dimensions {
      let columns = file.columns.isEmpty ? (0..<dimensions).map { "x\($0 + 1)" } : file.columns
      let sequence =
        file.sequence.flatMap { columns.contains($0) ? nil : $0 }
        ?? Self.name("sequence", besides: columns)
      let state = Self.name("state", besides: columns + [sequence])
      try console.print(
        CSVWriter.row(([sequence] + columns).map { columnText($0) } + (isWritten ? [state] : [])))
    }
    for number in 0..<arguments[Self.sequences] {
      var generator = CounterGenerator(seed: arguments[Self.seed], purpose: .sampling, step: UInt64(number))
      let steps = arguments[Self.steps]
      let text: String
      switch file.model {
      case .categorical(let model):
        let drawn = model.sampled(steps, using: &generator)
        let symbols = (0..<drawn.observations.count).compactMap { drawn.observations[$0] }
        let line = symbols.map { columnText(model.emission.symbols[$0], hasSpaces: false) }
          .joined(separator: file.unit == .characters ? "" : " ")
        text =
          isWritten ? line + "\n" + drawn.states.map { names[$0] }.joined(separator: " ") : line
      case .gaussian(let model):
        text = rows(model.sampled(steps, using: &generator), number, names, isWritten)
      case .mixture(let model):
        text = rows(model.sampled(steps, using: &generator), number, names, isWritten)
      case .poisson(let model):
        text = rows(model.sampled(steps, using: &generator), number, names, isWritten) { String(Int($0)) }
      }
      try console.print(text)
    }
    return .success
  }

  /// A column's name that no other has.
  private static func name(_ name: String, besides others: [String]) -> String {
    if !others.contains(name) { return name }
    var number = 2
    while others.contains("\(name)_\(number)") { number += 1 }
    return "\(name)_\(number)"
  }

  /// Rows of CSV, each with its end.
  private func rows(
    _ drawn: (states: [Int], observations: VectorSequence), _ number: Int, _ names: [String],
    _ isWritten: Bool, text: (Double) -> String = { "\($0)" }
  ) -> String {
    drawn.states.enumerated().map { t, state in
      let values = drawn.observations.values.row(t).map(text)
      return CSVWriter.row(["\(number + 1)"] + values + (isWritten ? [names[state]] : []))
    }.joined()
  }
}
