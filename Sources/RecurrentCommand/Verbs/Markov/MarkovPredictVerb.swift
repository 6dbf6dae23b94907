internal import Recurrent
internal import RecurrentReports
internal import RecurrentTasks

/// `recurrent hmm predict`: what comes next.
struct MarkovPredictVerb: Verb {
  static let top = Option(
    "top", .integer(in: 1...100_000), default: 10, help: "Symbols shown at most; numbers are all shown.")

  var definition: VerbDefinition {
    VerbDefinition(
      name: "hmm predict", summary: "the states and the observation that come after each sequence",
      discussion: """
        For each sequence, the probability of each state at the step behind its last, and of each symbol there, the most \
        probable first; of numbers, their expected value. Where a model says where sequences end, a sequence may have \
        come to where none goes on: then there is nothing to say, and both are null with --json.
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
    if file.model.dimensions != nil {
      try arguments.refuse(Self.top, circumstance: "where observations are numbers")
    }
    if arguments[StandardOptions.json] {
      try arguments.refuse(Self.top, circumstance: "with --json, which has all symbols")
    }
    let data = try MarkovInputOptions.read(arguments, kind: file.model.kind, file: file, console: console)
    let states = try commandErrors { try file.model.perform(Predict(), on: data) }
    let expected = states.map { file.expectations($0) }
    // Probabilities of going on that are all 0.
    let ended = states.map { $0.allSatisfy { $0 == 0 } }
    if arguments[StandardOptions.json] {
      let sequences = states.indices.map { number -> JSONValue in
        if ended[number] { return ["states": .null, "next": .null] }
        let (own, next) = (states[number], expected[number])
        return [
          "states": .object(
            Dictionary(uniqueKeysWithValues: zip(file.model.states, own.map { JSONValue.number($0) }))),
          "next": .object(
            Dictionary(uniqueKeysWithValues: next.map { ($0.name, JSONValue.number($0.value)) })),
        ]
      }
      try console.print(JSONDocument(verb: "hmm predict", ["sequences": .array(sequences)]))
      return .success
    }
    func probability(_ value: Double) -> String { probabilityText(value, digits: 6) }
    let expectation = file.model.dimensions == nil ? probability : NumberFormat.significant(6).text
    for (number, own) in states.enumerated() {
      if ended[number] {
        try console.print("after sequence \(number + 1): nothing, since under the model it cannot go on\n")
        continue
      }
      var table = ReportTable([
        .text("after sequence \(number + 1)"),
        .number(file.model.dimensions == nil ? "probability" : "expected"),
      ])
      for (name, value) in zip(file.model.states, own) {
        table.append(["state \(columnText(name))", probability(value)])
      }
      let next =
        file.model.dimensions == nil
        ? Array(expected[number].sorted { $0.value > $1.value }.prefix(arguments[Self.top]))
        : expected[number]
      for entry in next { table.append([columnText(entry.name), expectation(entry.value)]) }
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
