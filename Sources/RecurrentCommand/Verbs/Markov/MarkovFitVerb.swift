internal import Recurrent
internal import RecurrentCore
internal import RecurrentReports
internal import RecurrentTasks

/// `recurrent hmm fit`: learns a hidden Markov model from sequences, or counts one from labelled sequences.
struct MarkovFitVerb: Verb {
  static let output = Option<String>.required(
    "output", short: "o", .path("FILE"), help: "The model's JSON file.")
  static let overwrite = Flag("overwrite", help: "Replace the model's file where it exists.")
  static let states = Option(
    "states", .integer(in: 1...mostStates), default: 2, help: "Hidden states.")
  static let mostStates = 1000
  static let supervised = Flag(
    "supervised",
    help:
      "Count the states that --label-column names, rather than look for them: a tagger, which also knows how words end."
  )

  static let emission = Option(
    "emission", .choice(of: MarkovModel.Kind.self), default: MarkovLearning().kind,
    help: "What a state shows: one of some symbols, or numbers.")
  static let covariance = Option(
    "covariance", .choice(of: GaussianCovariance.Kind.self), default: MarkovLearning().covariance,
    help: "Of normal distributions.")
  static let components = Option(
    "components", .integer(in: 1...100), default: MarkovLearning().components, help: "Of a mixture.")
  static let starts = Option(
    "starts", .integer(in: 1...1000), default: MarkovLearning().starts,
    help: "Starts that are learnt from; the best stays.")
  static let steps = Option(
    "steps", .integer(in: 1...100_000), default: MarkovLearning().steps, help: "Steps of each start at most.")
  static let tolerance = Option(
    "tolerance", .number(in: 0.0...1), default: MarkovLearning().tolerance,
    help:
      "A step that raises the log-likelihood by less than this share of it is the last; 0: all steps are made."
  )
  static let pseudoCount = Option(
    "pseudo-count", .number(in: 0...1e9), default: MarkovLearning().pseudoCount,
    help:
      "Added to every count of a transition, a symbol or a component, so that nothing is impossible that only did not happen; it also draws Poisson rates to 1, as if so many steps had shown 1 each."
  )
  static let varianceFloor = Option(
    "variance-floor", .number(in: 0.0...1), default: MarkovLearning().varianceFloor,
    help: "The least variance, as a share of the columns' mean variance.")
  static let seed = Option("seed", .seed, default: MarkovLearning().seed, help: "Of the starts.")
  static let threads = ThreadCount.option("That share sequences.")

  static let from = Option<String?>(
    "from", .path("MODEL"), absent: "starts are made",
    help: "Go on from this model, the only start; a probability of 0 in it stays 0.")
  static let leftToRight = Flag(
    "left-to-right",
    help: "States follow one another: sequences begin in the first, and no state is come back to.")
  static let freeze = Option(
    "freeze", .list(of: .choice(of: TrainingConstraints.Part.self), distinct: true), default: [],
    help: "Parts that keep what the model of --from has; AIC and BIC count them all the same.")

  static let start = OptionGroup("Start", from, leftToRight, freeze)
  static let learning = OptionGroup(
    "Learning", emission, covariance, components, starts, steps, tolerance, pseudoCount, varianceFloor, seed,
    threads)

  var definition: VerbDefinition {
    VerbDefinition(
      name: "hmm fit", summary: "learn a hidden Markov model from sequences",
      discussion: """
        Without labels, Baum-Welch from several starts; the best stays. With --supervised, what stands in --label-column \
        is counted. With --from, learning goes on from a model, whose states, symbols, columns and way of reading hold. The \
        log-likelihood per step, of those that are not missing, stands beside that of a model with one state, which knows no order. Ctrl-C ends \
        learning and writes the best model so far. A state that explains nothing is given new life, three times at most; \
        after that, and where no path can reach it, it keeps what it has, which a note says once.
        """,
      arguments: [MarkovInputOptions.input],
      options: [
        OptionGroup("Model", Self.states, Self.supervised, Self.output, Self.overwrite), Self.start,
        Self.learning,
        MarkovInputOptions.group,
        OptionGroup("Output", StandardOptions.json, StandardOptions.quiet, StandardOptions.progress),
      ],
      examples: [
        .init(
          "recurrent hmm fit rolls.txt --unit characters --states 2 -o dice.json",
          "Two dice from their rolls."),
        .init(
          "recurrent hmm fit weather.csv --emission gaussian --columns temperature --states 3 -o weather.json",
          "Three regimes of a column."),
        .init(
          "recurrent hmm fit train.conllu --supervised --label-column 4 -o tagger.json",
          "A tagger of parts of speech."),
        .init(
          "recurrent hmm fit rolls.txt --from dice.json --freeze emission -o changed.json",
          "How often the same dice are changed in other rolls."),
      ],
      exitCodes: [.data, .noInput, .cannotCreate])
  }

  func run(_ arguments: ParsedArguments, console: Console) throws(CommandError) -> ExitCode {
    if arguments[Self.supervised] { return try count(arguments, console) }
    try arguments.refuse(
      MarkovInputOptions.label, circumstance: "without --supervised",
      remedy: "leave it out, or give --supervised")
    let given = try self.given(arguments)
    var learning = Self.learning(arguments, states: arguments[Self.states], console)
    learning.isLeftToRight = arguments[Self.leftToRight]
    if let given {
      (learning.from, learning.kind, learning.starts) = (given.model, given.model.kind, 1)
      (learning.states, learning.frozen) = (given.model.states.count, Set(arguments[Self.freeze]))
    }
    try Self.refuseContradictions(arguments, given: given?.model.kind)
    var target = try target(arguments)
    let data = try MarkovInputOptions.read(arguments, kind: learning.kind, file: given, console: console)
    noteSurprises(data, arguments, console)
    let stop = StopRequest(console)
    let outcome = try Self.learn(learning, data, stop, console)
    for column in data.constantColumns {
      console.note("column \(quoted(column)) is the same in every row and tells no states apart")
    }
    let file = MarkovModelFile(
      model: outcome.model, columns: data.columns,
      unit: data.columns.isEmpty ? MarkovInputOptions.unit(arguments, file: given) : nil,
      sequence: data.sequenceColumn)
    do throws(FileError) {
      try target.append(Array(file.text.utf8))
      try target.commit()
    } catch {
      throw CommandError(error)
    }
    let baseline = Self.baseline(learning, data, stop, console)
    try report(outcome, baseline, data, arguments, console)
    return stop.exitCode ?? .success
  }

  /// Where the model will stand, made sure of before anything is read and learnt.
  func target(_ arguments: ParsedArguments) throws(CommandError) -> AtomicFile {
    let path = arguments[Self.output]
    // A model may take the place of the one that it goes on from, but not of the sequences.
    try InputSafety.refuse(
      arguments[MarkovInputOptions.input], amongOutputs: [path], remedy: "choose another path with -o")
    do throws(FileError) {
      return try AtomicFile(path: path, overwrites: arguments[Self.overwrite])
    } catch {
      throw CommandError(error)
    }
  }

  /// The model of `--from`, and refusals of what it says itself.
  private func given(_ arguments: ParsedArguments) throws(CommandError) -> MarkovModelFile? {
    guard let path = arguments[Self.from] else {
      try arguments.refuse(
        Self.freeze, circumstance: "without --from, since a start that is made has nothing to keep",
        remedy: "leave it out, or give a model by --from")
      if arguments[Self.states] == 1 {
        try arguments.refuse(Self.leftToRight, circumstance: "with one state")
      }
      return nil
    }
    try arguments.refuse(
      Self.states, Self.emission, Self.covariance, Self.components, Self.starts, Self.seed, Self.leftToRight,
      circumstance: "with --from, whose model is the start")
    let frozen = Set(arguments[Self.freeze])
    if frozen.count == TrainingConstraints.Part.allCases.count {
      throw .usage("'--freeze' names every part, so that nothing is left to learn; leave one out")
    }
    if frozen.contains(.emission) {
      try arguments.refuse(Self.varianceFloor, circumstance: "with --freeze emission")
    }
    return try MarkovInputOptions.readModel(path)
  }

  /// Learns, saying where it is; a signal ends it with the best model so far.
  static func learn(
    _ learning: MarkovLearning, _ data: MarkovData, heldOut: MarkovData? = nil, _ stop: StopRequest,
    _ console: Console
  ) throws(CommandError) -> MarkovLearning.Outcome {
    let progress = ProgressDisplay(
      console, title: counted(learning.states, "state"), unit: "steps",
      total: learning.starts * learning.steps)
    defer { progress.remove() }
    return try commandErrors {
      try learning.learn(data, heldOut: heldOut) { now in
        progress.update(
          now.start * learning.steps + now.step,
          detail:
            "start \(now.start + 1) of \(learning.starts), log-likelihood \(NumberFormat.significant(7).text(now.logLikelihood))"
        )
        return !stop.isRequested
      }
    }
  }

  /// The model with one state, after the one that was asked for is safe; `nil`, with a note, where there is none.
  private static func baseline(
    _ learning: MarkovLearning, _ data: MarkovData, _ stop: StopRequest, _ console: Console
  ) -> MarkovLearning.Outcome? {
    let name = "the model with one state, which knows no order, was not computed"
    do throws(MarkovError) {
      if !stop.isRequested {
        let found = try learning.withoutOrder.learn(data) { _ in !stop.isRequested }
        if !stop.isRequested { return found }
      }
      console.note("stopped: \(name)")
    } catch {
      console.note("\(name): \(error)")
    }
    return nil
  }

  /// What a user may not have meant: each line one symbol, or each number one.
  private func noteSurprises(_ data: MarkovData, _ arguments: ParsedArguments, _ console: Console) {
    guard case .symbols(let sequences) = data.content else { return }
    if !data.columns.isEmpty {
      if data.vocabulary.count > 20 && data.vocabulary.allSatisfy({ Double($0) != nil }) {
        console.note(
          "each of the \(data.vocabulary.count) numbers of \(data.columns[0]) is read as a symbol; for a column of measurements give --emission gaussian"
        )
      }
    } else if sequences.count > 1 && sequences.allSatisfy({ $0.count <= 1 })
      && !arguments.isGiven(MarkovInputOptions.unit)
    {
      console.note("every line is a single word; for sequences of letters or digits give --unit characters")
    }
  }

  static func learning(_ arguments: ParsedArguments, states: Int, _ console: Console) -> MarkovLearning {
    MarkovLearning(
      states: states, kind: arguments[emission], covariance: arguments[covariance],
      components: arguments[components], starts: arguments[starts], steps: arguments[steps],
      tolerance: arguments[tolerance], pseudoCount: arguments[pseudoCount],
      varianceFloor: arguments[varianceFloor], seed: arguments[seed],
      threads: ThreadCount.read(threads, arguments, console))
  }

  /// - Parameter given: of the model of `--from`.
  static func refuseContradictions(
    _ arguments: ParsedArguments, given: MarkovModel.Kind? = nil
  ) throws(CommandError) {
    let kind = given ?? arguments[emission]
    let circumstance =
      given == nil ? "with --emission \(kind.rawValue)" : "for the \(kind.rawValue) model of --from"
    if kind != .mixture { try arguments.refuse(components, circumstance: circumstance) }
    if kind == .categorical || kind == .poisson {
      try arguments.refuse(covariance, varianceFloor, circumstance: circumstance)
    }
    if kind != .categorical {
      try arguments.refuse(MarkovInputOptions.missing, MarkovInputOptions.unit, circumstance: circumstance)
    }
  }

  private func report(
    _ outcome: MarkovLearning.Outcome, _ baseline: MarkovLearning.Outcome?, _ data: MarkovData,
    _ arguments: ParsedArguments, _ console: Console
  ) throws(CommandError) {
    let steps = Double(max(data.observedStepCount, 1))
    let (row, alone) = (outcome.row, baseline?.row)
    let reason =
      switch row.stopReason {
      case .converged: "converged"
      case .stepsCompleted: "all steps made"
      case .objectiveFell: "the likelihood fell, held by the variance floor,"
      case nil: "stopped"
      }
    if outcome.failedStarts > 0 {
      console.warn(
        "\(outcome.failedStarts) of \(counted(arguments[Self.starts], "start")) came to nothing: a covariance became singular, or a state died"
      )
    }
    if row.parameters > data.observedStepCount {
      console.warn(
        "the model has \(counted(row.parameters, "free parameter")) for \(counted(data.observedStepCount, "observation")): it may learn them by heart; give fewer --states, a simpler model, or more data"
      )
    }
    let events = outcome.events.map { event -> (kind: String, state: Int) in
      switch event {
      case .stateRescued(let state): ("rescued", state + 1)
      case .stateDied(let state): ("died", state + 1)
      case .stateUnreachable(let state): ("unreachable", state + 1)
      }
    }
    for event in events {
      let what =
        switch event.kind {
        case "rescued": "explained nothing and was given new life"
        case "died": "explains nothing and keeps what it has"
        default:
          "cannot be reached, since no sequence begins there and no state goes there; it keeps what it has"
        }
      console.note("state \(event.state) \(what)")
    }
    if arguments[StandardOptions.json] {
      return try console.print(
        JSONDocument(
          verb: "hmm fit",
          [
            "model": .string(arguments[Self.output]), "states": .integer(row.states),
            "sequences": .integer(data.sequenceCount), "steps": .integer(data.stepCount),
            "observed_steps": .integer(data.observedStepCount),
            "parameters": .integer(row.parameters), "log_likelihood": .number(row.logLikelihood),
            "log_likelihood_of_one_state": alone.map { JSONValue.number($0.logLikelihood) } ?? .null,
            "aic": .number(row.aic),
            "bic": .number(row.bic), "learning_steps": .integer(row.steps),
            "stop_reason": .string(row.stopReason?.rawValue ?? "stopped"),
            "events": .array(
              events.map { ["event": .string($0.kind), "state": .integer($0.state)] as JSONValue }),
          ]))
    }
    let format = NumberFormat.significant(6)
    var table = ReportTable([
      .text("model"), .number("log-likelihood"), .number("per step"), .number("parameters"), .number("AIC"),
      .number("BIC"),
    ])
    let rows =
      [(counted(row.states, "state"), row)] + (alone.map { [("1 state: no order", $0)] } ?? [])
    for (name, own) in rows {
      table.append([
        name, format.text(own.logLikelihood), format.text(own.logLikelihood / steps), "\(own.parameters)",
        format.text(own.aic), format.text(own.bic),
      ])
    }
    let start =
      arguments[Self.from].map { "from \(terminalLine($0))" }
      ?? "of the best of \(counted(arguments[Self.starts], "start"))"
    let missing = data.stepCount - data.observedStepCount
    try console.print(
      """
      \(counted(data.sequenceCount, "sequence")), \(counted(data.stepCount, "step"))\
      \(missing == 0 ? "" : ", \(missing) of them missing"); \
      \(reason) after \(counted(row.steps, "step")) \(start)
      \(table.text(emphasis: console.style.bold))
      model: \(terminalLine(arguments[Self.output]))
      """)
  }
}
