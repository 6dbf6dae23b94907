public import Recurrent
internal import RecurrentCore
internal import RecurrentHMM

/// Learning of a hidden Markov model from a file's sequences, with defaults that work.
public struct MarkovLearning: Sendable {
  /// K.
  public var states: Int
  /// What the states show.
  public var kind: MarkovModel.Kind
  /// Of normal distributions.
  public var covariance: GaussianCovariance.Kind
  /// C, of a mixture.
  public var components: Int
  /// Starts that are learnt from; the best stays.
  public var starts: Int
  /// Steps of each at most.
  public var steps: Int
  /// A step that raises the objective by less than this share of it is the last.
  public var tolerance: Double
  /// Added to every count: of transitions, of symbols, and of the components of a mixture. Of rates it is a gamma prior whose
  /// greatest density is at 1: as much is added to what was counted as to the steps in which it was.
  public var pseudoCount: Double
  /// The least variance, as a share of the mean variance of the observations.
  public var varianceFloor: Double
  /// Of the starts.
  public var seed: UInt64
  /// That share sequences.
  public var threads: Int
  /// A model to go on from, which is then the only start and says ``states``, ``kind``, ``covariance`` and ``components``; a
  /// probability of 0 in it stays 0. `nil`, the default: starts are made.
  public var from: MarkovModel?
  /// Whether states follow one another: sequences begin in the first, and no state is come back to; of a start that is made.
  /// Default: no.
  public var isLeftToRight = false
  /// Parts that keep what ``from`` has; default: none.
  public var frozen: Set<TrainingConstraints.Part> = []

  /// Defaults: 2 states of symbols; diagonal covariances, 3 components; 5 starts of at most 200 steps and a tolerance of 10⁻⁶; no
  /// pseudo-count; a floor of 10⁻³; seed 1; one thread.
  public init(
    states: Int = 2, kind: MarkovModel.Kind = .categorical, covariance: GaussianCovariance.Kind = .diagonal,
    components: Int = 3, starts: Int = 5, steps: Int = 200, tolerance: Double = 1e-6,
    pseudoCount: Double = 0, varianceFloor: Double = 1e-3, seed: UInt64 = 1, threads: Int = 1
  ) {
    (self.states, self.kind, self.covariance, self.components) = (states, kind, covariance, components)
    (self.starts, self.steps, self.tolerance, self.pseudoCount) = (starts, steps, tolerance, pseudoCount)
    (self.varianceFloor, self.seed, self.threads) = (varianceFloor, seed, threads)
  }

  /// The same with one state, from a start: what a model that knows no order makes of the sequences. Steps are as few as one state
  /// needs, whatever ``steps`` and ``tolerance`` ask for: only the components of a mixture are not found at once.
  public var withoutOrder: MarkovLearning {
    var alone = self
    if (from?.kind ?? kind) != .mixture { alone.steps = min(steps, 2) }
    if tolerance == 0 { alone.tolerance = MarkovLearning().tolerance }
    (alone.states, alone.starts, alone.kind) = (1, 1, from?.kind ?? kind)
    (alone.from, alone.isLeftToRight, alone.frozen) = (nil, false, [])
    switch from {
    case .gaussian(let model)?: alone.covariance = model.emission.covariance.kind
    case .mixture(let model)?:
      alone.components = model.emission.componentCount
      alone.covariance =
        model.emission.isTied ? .tied : model.emission.components.covariance.kind
    case .categorical?, .poisson?, nil: break
    }
    return alone
  }

  /// What came of it.
  public struct Outcome: Sendable {
    /// The best start's.
    public let model: MarkovModel
    /// Its size and how well it explains the sequences.
    public let row: ModelSelectionRow
    /// What happened to states while the best start was learnt from.
    public let events: [BaumWelchEvent]
    /// Starts that came to nothing: a covariance that became singular, a state that died.
    public let failedStarts: Int
  }

  /// Where learning is.
  public struct Progress: Sendable, Hashable {
    /// From 0.
    public let start: Int
    /// Of this start, from 1.
    public let step: Int
    /// After the step.
    public let logLikelihood: Double
  }

  /// Learns.
  ///
  /// - Parameters:
  ///   - heldOut: sequences to be judged by, of the same form.
  ///   - progress: is told every step; false ends learning with what there is.
  /// - Throws: ``MarkovError``.
  public func learn(
    _ data: MarkovData, heldOut: MarkovData? = nil, progress: (Progress) -> Bool = { _ in true }
  ) throws(MarkovError) -> Outcome {
    let kind = from?.kind ?? kind
    if kind != .categorical {
      _ = try data.vectorSequences()
      _ = try heldOut?.vectorSequences()
    }
    if kind == .gaussian || kind == .mixture { try requireVariance(data) }
    // A symbol that only the held-out part has is unknown, as to any model.
    let symbols = symbols(of: data)
    if kind == .categorical {
      if from != nil { _ = try data.symbolSequences(symbols) }
      _ = try heldOut?.symbolSequences(symbols)
    }
    do throws(HMMError) {
      switch kind {
      case .categorical: return try categorical(symbols, data, heldOut, progress)
      case .gaussian:
        let (sequences, held) = (data.vectors, heldOut?.vectors ?? [])
        let floor = GaussianEmission.Prior(varianceFloor: try floor(of: sequences))
        var given: HiddenMarkovModel<GaussianEmission>?
        if case .gaussian(let model)? = from { given = model }
        return try best(
          given, sequences, held, floor, startPrior: floor, MarkovModel.gaussian, progress
        ) { seed throws(HMMError) in
          try .start(states: states, sequences, covariance: covariance, seed: seed, prior: floor)
        }
      case .mixture:
        let (sequences, held) = (data.vectors, heldOut?.vectors ?? [])
        let prior = GaussianMixtureEmission.Prior(
          varianceFloor: try floor(of: sequences), pseudoCount: pseudoCount)
        var given: HiddenMarkovModel<GaussianMixtureEmission>?
        if case .mixture(let model)? = from { given = model }
        var startPrior = prior
        startPrior.pseudoCount += 1
        return try best(
          given, sequences, held, prior, startPrior: startPrior, MarkovModel.mixture, progress
        ) { seed throws(HMMError) in
          try .start(
            states: states, components: components, sequences, covariance: covariance, seed: seed)
        }
      case .poisson:
        let (sequences, held) = (data.vectors, heldOut?.vectors ?? [])
        var given: HiddenMarkovModel<PoissonEmission>?
        if case .poisson(let model)? = from { given = model }
        return try best(
          given, sequences, held, .init(count: pseudoCount, weight: pseudoCount),
          startPrior: .init(count: 0.5, weight: 0.5), MarkovModel.poisson, progress
        ) { seed throws(HMMError) in
          let rates = PoissonEmission(rates: Matrix(zeros: states, sequences.first?.dimensions ?? 0))
          for (number, sequence) in sequences.enumerated() {
            if let problem = rates.problem(of: sequence) { throw problem.numbered(number) }
          }
          return try .start(states: states, sequences, seed: seed)
        }
      }
    } catch {
      throw data.error(error)
    }
  }

  /// A column without variance has no normal distribution, but where a floor makes one.
  private func requireVariance(_ data: MarkovData) throws(MarkovError) {
    let constant = data.constantColumns
    guard let first = constant.first, !frozen.contains(.emission) else { return }
    if constant.count == data.columns.count {
      throw MarkovError(
        "\(data.source): column \(quoted(first)) is the same in every row, expected \(constant.count == 1 ? "values" : "a column of values") that differ; choose other columns by --columns"
      )
    }
    // A spherical covariance has the other columns' variance.
    if varianceFloor == 0 && withoutOrder.covariance != .spherical {
      throw MarkovError(
        "\(data.source): column \(quoted(first)) is the same in every row, so that its variance is 0; leave it out of --columns, or give a --variance-floor above 0"
      )
    }
  }

  /// Those of the model that learning goes on from, or all that the sequences show.
  private func symbols(of data: MarkovData) -> [String] {
    if case .categorical(let model)? = from { model.emission.symbols } else { data.vocabulary }
  }

  private func categorical(
    _ symbols: [String], _ data: MarkovData, _ heldOut: MarkovData?, _ progress: (Progress) -> Bool
  ) throws(HMMError) -> Outcome {
    if symbols.isEmpty { throw .tooFew(observations: 0, states: states) }
    let prior = CategoricalEmission.Prior(pseudoCount: pseudoCount)
    var given: HiddenMarkovModel<CategoricalEmission>?
    if case .categorical(let model)? = from { given = model }
    return try best(
      given, data.knownSymbols(symbols), heldOut?.knownSymbols(symbols) ?? [], prior,
      startPrior: .init(pseudoCount: pseudoCount + 1), MarkovModel.categorical, progress
    ) { seed in .start(states: states, symbols: symbols, seed: seed) }
  }

  /// - Parameters:
  ///   - given: the only start; `nil`: starts are made.
  ///   - startPrior: of what parts of sequences show, where states follow one another.
  private func best<E: Emission>(
    _ given: HiddenMarkovModel<E>?, _ sequences: [E.Observations], _ heldOut: [E.Observations],
    _ prior: E.Prior, startPrior: E.Prior,
    _ wrap: (HiddenMarkovModel<E>) -> MarkovModel, _ progress: (Progress) -> Bool,
    start: (UInt64) throws(HMMError) -> HiddenMarkovModel<E>
  ) throws(HMMError) -> Outcome {
    let options = BaumWelchOptions<E>(
      steps: steps, tolerance: tolerance, constraints: TrainingConstraints(frozen: frozen),
      chainPrior: ChainPrior(initial: pseudoCount, transition: pseudoCount), emissionPrior: prior)
    let (learning, failures) = try BaumWelch<E>.best(
      of: given == nil ? max(starts, 1) : 1, sequences, options: options, threads: threads,
      each: { start, step in
        progress(Progress(start: start, step: step.number, logLikelihood: step.logLikelihood))
      }
    ) { number throws(HMMError) in
      if let given { return given }
      let drawn = try start(seed &+ UInt64(number))
      return isLeftToRight
        ? try drawn.leftToRight(sequences, bySegments: number == 0, prior: startPrior) : drawn
    }
    return Outcome(
      model: wrap(learning.model), row: try learning.selectionRow(heldOut: heldOut),
      events: learning.events, failedStarts: failures)
  }

  /// The floor in squared units of the observations.
  private func floor(of sequences: [VectorSequence]) throws(HMMError) -> Double {
    ColumnMoments(try VectorSequence.points(of: sequences)).meanVariance(times: varianceFloor)
  }
}

extension MarkovData {
  /// Steps as numbers of a vocabulary that has them all; none of a table's.
  fileprivate func knownSymbols(_ vocabulary: [String]) -> [SymbolSequence] {
    guard case .symbols(let sequences) = content else { return [] }
    let numbers = Dictionary(vocabulary.enumerated().map { ($1, $0) }) { first, _ in first }
    return sequences.map { SymbolSequence($0.map { $0.flatMap { numbers[$0] } }) }
  }

  fileprivate var vectors: [VectorSequence] {
    if case .vectors(let sequences) = content { sequences } else { [] }
  }
}
