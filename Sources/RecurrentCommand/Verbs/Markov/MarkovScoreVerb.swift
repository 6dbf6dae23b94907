internal import Recurrent
internal import RecurrentReports
internal import RecurrentTasks

/// `recurrent hmm score`: how probable sequences are under a model.
struct MarkovScoreVerb: Verb {
  static let threads = ThreadCount.option("That share sequences.")

  var definition: VerbDefinition {
    VerbDefinition(
      name: "hmm score", summary: "the log-likelihood of each sequence under a model",
      discussion: """
        A line for each sequence: its number, its steps, its log-likelihood, and that for each step that is not missing. A sequence that is \
        impossible has -infinity, and the first step that cannot be; the verb then ends with 1. Of a tagger, the share \
        of the tags in --label-column that it gives, beside the most frequent tag of each word.
        """,
      arguments: [MarkovInputOptions.model, MarkovInputOptions.input],
      options: [
        MarkovInputOptions.laterGroup,
        OptionGroup("Output", Self.threads, StandardOptions.json, StandardOptions.quiet),
      ],
      examples: [
        .init("recurrent hmm score dice.json rolls.txt", "How probable the rolls are."),
        .init("recurrent hmm score tagger.json test.conllu --label-column 4", "How many tags are right."),
      ],
      exitCodes: [.failure, .data, .noInput])
  }

  private struct Score: MarkovOperation {
    typealias Outcome = [(steps: Int, logLikelihood: Double, impossible: Int?)]
    let threads: Int

    func run<E: Emission>(
      _ model: HiddenMarkovModel<E>, _ sequences: [E.Observations]
    ) throws(HMMError) -> Outcome {
      let found = try model.logLikelihoods(sequences, threads: threads)
      return zip(sequences, found).map { observations, value in
        let step =
          value == -.infinity ? model.scores.firstImpossibleStep(model.emissionScores(observations)) : nil
        return (observations.count, value, step)
      }
    }
  }

  func run(_ arguments: ParsedArguments, console: Console) throws(CommandError) -> ExitCode {
    let path = arguments[MarkovInputOptions.model]
    if let tagger = try MarkovTaggerFile.read(path) {
      return try MarkovTagging.score(tagger, arguments, console)
    }
    let file = try MarkovInputOptions.readModel(path)
    let data = try MarkovInputOptions.read(arguments, kind: file.model.kind, file: file, console: console)
    let threads = ThreadCount.read(Self.threads, arguments, console)
    let rows = try commandErrors { try file.model.perform(Score(threads: threads), on: data) }
    let total = rows.reduce(0) { $0 + $1.logLikelihood }
    let steps = rows.reduce(0) { $0 + $1.steps }
    let observed = rows.indices.map { data.observedStepCount(of: $0) }
    let allObserved = observed.reduce(0, +)
    let isPossible = rows.allSatisfy { $0.impossible == nil }
    if arguments[StandardOptions.json] {
      let sequences = rows.map { row -> JSONValue in
        let step: JSONValue = row.impossible.map { JSONValue.integer($0 + 1) } ?? .null
        let value: JSONValue = row.impossible == nil ? .number(row.logLikelihood) : .null
        return ["steps": .integer(row.steps), "log_likelihood": value, "first_impossible_step": step]
      }
      let all: JSONValue = isPossible ? .number(total) : .null
      try console.print(
        JSONDocument(
          verb: "hmm score",
          ["log_likelihood": all, "steps": .integer(steps), "sequences": .array(sequences)]))
      return isPossible ? .success : .failure
    }
    let format = NumberFormat.significant(10)
    var table = ReportTable([
      .number("sequence"), .number("steps"), .number("log-likelihood"), .number("per step"), .text(""),
    ])
    for (number, row) in rows.enumerated() {
      let place = row.impossible.map { "impossible at \(data.place(sequence: number, step: $0))" }
      table.append([
        "\(number + 1)", "\(row.steps)", row.impossible == nil ? format.text(row.logLikelihood) : "-infinity",
        row.impossible == nil && observed[number] > 0
          ? format.text(row.logLikelihood / Double(observed[number])) : "",
        place.map(terminalLine) ?? "",
      ])
    }
    table.append(
      [
        "all", "\(steps)", isPossible ? format.text(total) : "-infinity",
        isPossible && allObserved > 0 ? format.text(total / Double(allObserved)) : "", "",
      ], emphasized: true)
    try console.print(table.text(emphasis: console.style.bold))
    return isPossible ? .success : .failure
  }
}
