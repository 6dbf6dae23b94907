internal import Recurrent
internal import RecurrentCore
internal import RecurrentReports
internal import RecurrentTasks

/// `recurrent hmm posterior`: the probability of each state at each step.
struct MarkovPosteriorVerb: Verb {
  var definition: VerbDefinition {
    VerbDefinition(
      name: "hmm posterior", summary: "the probability of each state at each step",
      discussion: """
        Columns with tabs between them: the sequence, the step, and the probability of each state given the whole \
        sequence, with all its digits but on a terminal. Rows are written as they are computed, in room that grows with the square root of the length; where \
        probabilities become too small for that, and with --json, all at once. With --json, each sequence has its "posterior", a \
        row of numbers for each step, in the order of "states".
        """,
      arguments: [MarkovInputOptions.model, MarkovInputOptions.input],
      options: [
        MarkovInputOptions.laterGroup, OptionGroup("Output", StandardOptions.json, StandardOptions.quiet),
      ],
      examples: [
        .init("recurrent hmm posterior dice.json rolls.txt", "How probable the loaded die is, roll by roll.")
      ],
      exitCodes: [.data, .noInput])
  }

  /// Writes as it goes. A fault of the output ends the work at the next sequence.
  private final class Stream: MarkovOperation {
    typealias Outcome = Void
    let console: Console
    let header: String
    var fault: CommandError?

    init(_ console: Console, header: String) { (self.console, self.header) = (console, header) }

    func run<E: Emission>(
      _ model: HiddenMarkovModel<E>, _ sequences: [E.Observations]
    ) throws(HMMError) {
      print(header)
      for (number, observations) in sequences.enumerated() where fault == nil {
        do throws(HMMError) {
          _ = try model.streamPosterior(observations) { steps, posterior in
            if fault == nil { write(number, steps, posterior) }
          }
        } catch {
          throw error.numbered(number)
        }
      }
    }

    private func write(_ number: Int, _ steps: Range<Int>, _ posterior: Matrix<Double>) {
      var text = ""
      for (row, t) in steps.enumerated() {
        text += "\(number + 1)\t\(t + 1)"
        // A program gets every digit, a person at a terminal those that can be taken in.
        for value in posterior.row(row) {
          text += "\t" + (console.output.isTerminal ? probabilityText(value, digits: 4) : "\(value)")
        }
        text += "\n"
      }
      if !text.isEmpty { print(text) }
    }

    private func print(_ text: String) {
      do throws(CommandError) {
        try console.print(text)
      } catch {
        fault = error
      }
    }
  }

  private struct Posterior: MarkovOperation {
    typealias Outcome = [Matrix<Double>]

    func run<E: Emission>(
      _ model: HiddenMarkovModel<E>, _ sequences: [E.Observations]
    ) throws(HMMError) -> [Matrix<Double>] {
      try model.posteriors(sequences).map(\.states)
    }
  }

  private static func document(_ posteriors: [Matrix<Double>], _ states: [String]) -> JSONDocument {
    let sequences = posteriors.map { posterior -> JSONValue in
      let rows = (0..<posterior.rows).map { JSONValue.array(posterior.row($0).map { .number($0) }) }
      return ["posterior": .array(rows)]
    }
    return JSONDocument(
      verb: "hmm posterior",
      ["states": .array(states.map { .string($0) }), "sequences": .array(sequences)])
  }

  func run(_ arguments: ParsedArguments, console: Console) throws(CommandError) -> ExitCode {
    let file = try MarkovInputOptions.readModel(arguments[MarkovInputOptions.model])
    let data = try MarkovInputOptions.read(arguments, kind: file.model.kind, file: file, console: console)
    if arguments[StandardOptions.json] {
      let found = try commandErrors { try file.model.perform(Posterior(), on: data) }
      try console.print(Self.document(found, file.model.states))
      return .success
    }
    let header = "sequence\tstep\t" + file.model.states.map { columnText($0) }.joined(separator: "\t")
    let stream = Stream(console, header: header)
    try commandErrors { try file.model.perform(stream, on: data) }
    if let fault = stream.fault { throw fault }
    return .success
  }
}
