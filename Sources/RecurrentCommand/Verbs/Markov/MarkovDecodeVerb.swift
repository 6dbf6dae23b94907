internal import Recurrent
internal import RecurrentCore
internal import RecurrentReports
internal import RecurrentTasks

/// `recurrent hmm decode`: the most probable path of states, or the most probable state of each step.
struct MarkovDecodeVerb: Verb {
  enum Method: String, CaseIterable, Sendable { case viterbi, posterior }

  static let method = Option(
    "method", .choice(of: Method.self), default: .viterbi,
    help: "viterbi: the path that is most probable as a whole; posterior: each step's most probable state.")
  static let best = Option(
    "best", .integer(in: 1...1000), default: 1, help: "So many best paths, each with its log-probability.")
  static let words = Flag(
    "words", help: "Print each word beside its state, a line each, with an empty line between sequences.")
  static let threads = ThreadCount.option("That share sequences, where the best path of each is asked for.")

  var definition: VerbDefinition {
    VerbDefinition(
      name: "hmm decode", summary: "the states behind each sequence",
      discussion: """
        One line for each sequence: the names of the states with spaces between them. With --best, a line for each path: \
        the sequence, log P(x, h), and the states, with tabs between the three. With --words, columns as of CoNLL: a line \
        for each word, then a tab and its state, and an empty line between sequences; sequences without a word are left out. With --json, each sequence has its "paths" of \
        "states" and "log_probability", which is null of a tagger, and, with --words, its "words". A sequence that no path explains is an error that names \
        its first impossible step.
        """,
      arguments: [MarkovInputOptions.model, MarkovInputOptions.input],
      options: [
        OptionGroup("Path", Self.method, Self.best), MarkovInputOptions.laterGroup,
        OptionGroup("Output", Self.words, Self.threads, StandardOptions.json, StandardOptions.quiet),
      ],
      examples: [
        .init("recurrent hmm decode dice.json rolls.txt", "When the loaded die was thrown."),
        .init("recurrent hmm decode dice.json rolls.txt --best 3", "The three best explanations."),
        .init("recurrent hmm decode tagger.json test.conllu --words", "A tagged text."),
      ],
      exitCodes: [.data, .noInput])
  }

  private struct Decode: MarkovOperation {
    typealias Outcome = [[ChainPath]]
    let method: Method
    let best: Int
    let threads: Int

    func run<E: Emission>(
      _ model: HiddenMarkovModel<E>, _ sequences: [E.Observations]
    ) throws(HMMError) -> [[ChainPath]] {
      if method == .viterbi && best == 1 {
        return try model.mostLikelyPaths(sequences, threads: threads).map { [$0] }
      }
      var paths: [[ChainPath]] = []
      for (number, observations) in sequences.enumerated() {
        if method == .posterior {
          do throws(HMMError) {
            let found = try model.posterior(observations)
            let states = found.mostProbableStates
            let scores = model.emissionScores(observations)
            paths.append([ChainPath(states: states, score: model.scores.score(of: states, scores))])
          } catch {
            throw error.numbered(number)
          }
          continue
        }
        let scores = model.emissionScores(observations)
        let found = model.scores.bestPaths(best, scores)
        if found.isEmpty {
          throw model.impossibility(of: observations, number: number) ?? .cannotEnd(sequence: number)
        }
        paths.append(found)
      }
      return paths
    }
  }

  func run(_ arguments: ParsedArguments, console: Console) throws(CommandError) -> ExitCode {
    if arguments[Self.method] == .posterior {
      try arguments.refuse(Self.best, circumstance: "with --method posterior, which has one answer")
    }
    try arguments.refuseBoth(Self.words, Self.best, reason: "beside a word stands one state")
    let path = arguments[MarkovInputOptions.model]
    if let tagger = try MarkovTaggerFile.read(path) {
      try arguments.refuse(Self.best, Self.method, circumstance: "for the tagger in \(path)")
      return try MarkovTagging.run(tagger, arguments, console)
    }
    let file = try MarkovInputOptions.readModel(path)
    if file.model.dimensions != nil {
      try arguments.refuse(Self.words, circumstance: "where observations are numbers")
    }
    let data = try MarkovInputOptions.read(arguments, kind: file.model.kind, file: file, console: console)
    let decode = Decode(
      method: arguments[Self.method], best: arguments[Self.best],
      threads: ThreadCount.read(Self.threads, arguments, console))
    let paths = try commandErrors { try file.model.perform(decode, on: data) }
    try MarkovDecoding(names: file.model.states, paths: paths).print(arguments, data, console)
    return .success
  }
}
