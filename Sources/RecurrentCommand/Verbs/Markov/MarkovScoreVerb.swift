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
        impossible has -infinity, and the first step that cannot be, in JSON one more than there are steps where it cannot \
        end behind the last; the verb then ends with 1. Of a tagger, the share \
        of the tags in --label-column that it gives, beside the most frequent tag of each word.
        """,
      arguments: [MarkovInputOptions.model, MarkovInputOptions.input],
      options: [
        MarkovInputOptions.scoreGroup,
        OptionGroup("Output", Self.threads, StandardOptions.json, StandardOptions.quiet),
      ],
      examples: [
        .init("recurrent hmm score dice.json rolls.txt", "How probable the rolls are."),
        .init("recurrent hmm score tagger.json test.conllu", "How many tags are right."),
      ],
      exitCodes: [.failure, .data, .noInput])
  }

  private struct Score: MarkovOperation {
    typealias Outcome = [(steps: Int, logLikelihood: Double, impossible: HMMError?)]
    let threads: Int

    func run<E: Emission>(
      _ model: HiddenMarkovModel<E>, _ sequences: [E.Observations]
    ) throws(HMMError) -> Outcome {
      let found = try model.logLikelihoods(sequences, threads: threads)
      return zip(sequences, found).enumerated().map { number, pair in
        let (observations, value) = pair
        let fault = value == -.infinity ? model.impossibility(of: observations, number: number) : nil
        return (observations.count, value, fault)
      }
    }
  }

  func run(_ arguments: ParsedArguments, console: Console) throws(CommandError) -> ExitCode {
    let path = arguments[MarkovInputOptions.model]
    if let tagger = try MarkovTaggerFile.read(path) {
      return try MarkovTagging.score(tagger, arguments, console)
    }
    let file = try MarkovInputOptions.readModel(path)
    try arguments.refuse(
      MarkovInputOptions.laterLabel, circumstance: "for \(path), which is no tagger")
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
        let step: JSONValue =
          switch row.impossible {
          case .impossible(_, let step)?: .integer(step + 1)
          case .cannotEnd?: .integer(row.steps + 1)
          default: .null
          }
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
      let place = row.impossible.flatMap { fault in
        data.place(of: fault).map { place in
          if case .cannotEnd = fault { "cannot end behind \(place)" } else { "impossible at \(place)" }
        }
      }
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
