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
        Of symbols one sequence a line; of vectors a table with a column "sequence". With --with-states each line of \
        symbols is followed by one of states, and the table has a column "state".
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
    let (names, isWritten) = (file.model.states, arguments[Self.withStates])
    if let dimensions = file.model.dimensions {
      let columns = file.columns.isEmpty ? (0..<dimensions).map { "x\($0 + 1)" } : file.columns
      try console.print(Self.line(["sequence"] + columns + (isWritten ? ["state"] : [])))
    }
    for number in 0..<arguments[Self.sequences] {
      var generator = CounterGenerator(seed: arguments[Self.seed], purpose: .sampling, step: UInt64(number))
      let steps = arguments[Self.steps]
      let states: [Int]
      var lines: [String] = []
      switch file.model {
      case .categorical(let model):
        let drawn = model.sampled(steps, using: &generator)
        states = drawn.states
        let symbols = (0..<drawn.observations.count).compactMap { drawn.observations[$0] }
        lines.append(
          symbols.map { model.emission.symbols[$0] }.joined(separator: file.unit == .characters ? "" : " "))
        if isWritten { lines.append(states.map { names[$0] }.joined(separator: " ")) }
      case .gaussian(let model):
        (states, lines) = rows(model.sampled(steps, using: &generator), number, names, isWritten)
      case .mixture(let model):
        (states, lines) = rows(model.sampled(steps, using: &generator), number, names, isWritten)
      case .poisson(let model):
        (states, lines) = rows(
          model.sampled(steps, using: &generator), number, names, isWritten
        ) { String(Int($0)) }
      }
      try console.print(lines.joined(separator: "\n"))
    }
    return .success
  }

  /// A row of CSV without its end.
  private static func line(_ cells: [String]) -> String {
    String(CSVWriter.row(cells).dropLast())
  }

  private func rows(
    _ drawn: (states: [Int], observations: VectorSequence), _ number: Int, _ names: [String],
    _ isWritten: Bool, text: (Double) -> String = { "\($0)" }
  ) -> (states: [Int], lines: [String]) {
    let lines = drawn.states.enumerated().map { t, state in
      let values = drawn.observations.values.row(t).map(text)
      return Self.line(["\(number + 1)"] + values + (isWritten ? [names[state]] : []))
    }
    return (drawn.states, lines)
  }
}

/// `recurrent hmm predict`: what comes next.
struct MarkovPredictVerb: Verb {
  static let top = Option(
    "top", .integer(in: 1...100_000), default: 10, help: "Symbols shown at most; numbers are all shown.")

  var definition: VerbDefinition {
    VerbDefinition(
      name: "hmm predict", summary: "the states and the observation that come after each sequence",
      discussion: """
        For each sequence, the probability of each state at the step behind its last, and of each symbol there, the most \
        probable first; of numbers, their expected value.
        """,
      arguments: [MarkovInputOptions.model, MarkovInputOptions.input],
      options: [
        MarkovInputOptions.laterGroup,
        OptionGroup("Output", Self.top, StandardOptions.json, StandardOptions.quiet),
      ],
      examples: [.init("recurrent hmm predict dice.json rolls.txt", "The next roll.")],
      exitCodes: [.data, .noInput])
  }

  private struct Predict: MarkovOperation {
    typealias Outcome = [[Double]]

    func run<E: Emission>(
      _ model: HiddenMarkovModel<E>, _ sequences: [E.Observations]
    ) throws(HMMError) -> [[Double]] {
      var found: [[Double]] = []
      for (number, observations) in sequences.enumerated() {
        do throws(HMMError) {
          found.append(try model.nextStates(after: observations))
        } catch {
          throw error.numbered(number)
        }
      }
      return found
    }
  }

  func run(_ arguments: ParsedArguments, console: Console) throws(CommandError) -> ExitCode {
    let file = try MarkovInputOptions.readModel(arguments[MarkovInputOptions.model])
    let data = try MarkovInputOptions.read(arguments, kind: file.model.kind, file: file, console: console)
    let states = try commandErrors { try file.model.perform(Predict(), on: data) }
    let expected = states.map { file.expectations($0) }
    if arguments[StandardOptions.json] {
      let sequences = zip(states, expected).map { own, next -> JSONValue in
        [
          "states": .object(
            Dictionary(uniqueKeysWithValues: zip(file.model.states, own.map { JSONValue.number($0) }))),
          "next": .object(
            Dictionary(uniqueKeysWithValues: next.map { ($0.name, JSONValue.number($0.value)) })),
        ]
      }
      try console.print(JSONDocument(verb: "hmm predict", ["sequences": .array(sequences)]))
      return .success
    }
    let format = NumberFormat.significant(6)
    for (number, own) in states.enumerated() {
      var table = ReportTable([
        .text("after sequence \(number + 1)"),
        .number(file.model.dimensions == nil ? "probability" : "expected"),
      ])
      for (name, value) in zip(file.model.states, own) {
        table.append(["state \(name)", format.text(value)])
      }
      let next =
        file.model.dimensions == nil
        ? Array(expected[number].sorted { $0.value > $1.value }.prefix(arguments[Self.top]))
        : expected[number]
      for entry in next { table.append([entry.name, format.text(entry.value)]) }
      try console.print(table.text(emphasis: console.style.bold))
    }
    return .success
  }
}

extension MarkovModelFile {
  /// Of symbols their probabilities, of numbers their expected values, from the probabilities of the states.
  fileprivate func expectations(_ states: [Double]) -> [(name: String, value: Double)] {
    func mean(_ rows: Matrix<Double>, _ names: [String]) -> [(name: String, value: Double)] {
      names.enumerated().map { column, name in
        (name, states.indices.reduce(0) { $0 + states[$1] * rows[$1, column] })
      }
    }
    switch model {
    case .categorical(let model): return mean(model.emission.probabilities, model.emission.symbols)
    case .gaussian(let model): return mean(model.emission.means, names(model.emission.dimensions))
    case .poisson(let model): return mean(model.emission.rates, names(model.emission.dimensions))
    case .mixture(let model):
      let (weights, means) = (model.emission.weights, model.emission.components.means)
      let rows = (0..<model.stateCount).map { k in
        (0..<means.columns).map { d in
          (0..<weights.columns).reduce(0) { $0 + weights[k, $1] * means[k * weights.columns + $1, d] }
        }
      }
      return mean(Matrix(rows), names(means.columns))
    }
  }

  private func names(_ dimensions: Int) -> [String] {
    columns.isEmpty ? (0..<dimensions).map { "x\($0 + 1)" } : columns
  }
}
