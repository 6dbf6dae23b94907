internal import RecurrentCore

/// How ``BaumWelch`` learns.
public struct BaumWelchOptions<E: Emission>: Sendable {
  /// Steps at most; default 100.
  public var steps: Int
  /// Learning ends when a step raises the objective by less than this share of it; default 10⁻⁶. 0: only ``steps`` end it.
  public var tolerance: Double
  /// What may not change, and what must stay alike.
  public var constraints: TrainingConstraints
  /// Pseudo-counts of the chain.
  public var chainPrior: ChainPrior
  /// What is believed of the emission.
  public var emissionPrior: E.Prior
  /// What becomes of a state of which nothing is left; default: it is given new life.
  public var emptyStates: EmptyStateRule

  /// What to do with a state whose expected count falls below 10⁻³ of a step.
  public enum EmptyStateRule: Sendable, Hashable {
    /// It shows what the step shows that the model explains worst, and is entered from everywhere that may enter it; three times at
    /// most, then it keeps what it has, as does a state that no path can reach.
    case rescue
    /// It keeps what it has.
    case keep
    /// Learning stops with ``HMMError/stateDied(state:)``.
    case fail
  }

  /// Defaults as said at each property.
  public init(
    steps: Int = 100, tolerance: Double = 1e-6, constraints: TrainingConstraints = .init(),
    chainPrior: ChainPrior = .init(), emissionPrior: E.Prior = E.noPrior,
    emptyStates: EmptyStateRule = .rescue
  ) {
    self.steps = steps
    self.tolerance = tolerance
    self.constraints = constraints
    self.chainPrior = chainPrior
    self.emissionPrior = emissionPrior
    self.emptyStates = emptyStates
  }
}

/// One step of ``BaumWelch``.
public struct BaumWelchStep<E: Emission>: Sendable {
  /// 1, 2, ….
  public let number: Int
  /// As the step made it.
  public let model: HiddenMarkovModel<E>
  /// log P of all sequences under ``model``.
  public let logLikelihood: Double
  /// ``logLikelihood`` and the logarithm of the priors: what learning raises.
  public let objective: Double
  /// How much the step raised it: never less than 0 but for rounding, unless a state was rescued or a floor holds a variance.
  public let change: Double
  /// What happened to states.
  public let events: [BaumWelchEvent]
}

/// What can happen to a state in a step.
public enum BaumWelchEvent: Sendable, Hashable {
  /// Nothing was left of it, and it was given new life.
  case stateRescued(Int)
  /// Nothing is left of it; it keeps what it has. Told once.
  case stateDied(Int)
  /// No path can reach it, since no sequence begins there and no transition leads there; it keeps what it has. Told once.
  case stateUnreachable(Int)
}

/// Why learning is over.
public enum BaumWelchStopReason: String, Sendable, Hashable, Codable {
  /// The last step raised the objective by less than the tolerance.
  case converged
  /// All steps are made.
  case stepsCompleted
  /// The last step lowered the objective by more than rounding, as only a floor under variances can.
  case objectiveFell
}

/// Learning of a hidden Markov model from sequences whose states are not known, step by step:
///
///     var learning = try BaumWelch(model, sequences)
///     while let step = try learning.next() { print(step.number, step.logLikelihood) }
///     learning.model, learning.stopReason
///
/// Each step counts what is expected under the model (E) and makes the model under which that is most probable (M), which
/// never lowers the likelihood. The caller owns the loop. Bits do not depend on threads.
///
/// Source: Baum, Petrie, Soules, Weiss, A maximization technique occurring in the statistical analysis of probabilistic functions of
/// Markov chains (1970), doi:10.1214/aoms/1177697196.
public struct BaumWelch<E: Emission>: Sendable {
  /// As the last step made it.
  public private(set) var model: HiddenMarkovModel<E>
  /// Of ``model``.
  public private(set) var logLikelihood: Double
  /// Steps that were made.
  public private(set) var steps = 0
  /// Why learning is over; `nil` while it is not.
  public private(set) var stopReason: BaumWelchStopReason?
  /// How it learns.
  public let options: BaumWelchOptions<E>

  /// Free parameters, those of the start: a probability that learning brings to 0 was free, one that began there was not.
  public let parameterCount: Int

  private let sequences: [E.Observations]
  private let threads: Int
  private var counts: ExpectedCounts<E>
  private var emptyStates = EmptyStates()
  /// ``logLikelihood`` and the logarithm of the priors.
  public private(set) var objective: Double
  /// What happened to states in all steps so far.
  public private(set) var events: [BaumWelchEvent] = []

  /// - Parameters:
  ///   - model: to start from; a start that treats all states alike stays so.
  ///   - sequences: of any lengths.
  /// - Throws: ``HMMError``: an observation that the model does not know, fewer observations than states, a sequence
  ///   that is impossible under the model, or tied states that are not alike in it.
  public init(
    _ model: HiddenMarkovModel<E>, _ sequences: [E.Observations],
    options: BaumWelchOptions<E> = BaumWelchOptions(), threads: Int = 1
  ) throws(HMMError) {
    options.constraints.require(states: model.stateCount)
    try options.constraints.requireAlike(in: model)
    try model.check(sequences)
    let observations = sequences.reduce(0) { $0 + $1.observedCount }
    if observations < model.stateCount {
      throw .tooFew(observations: observations, states: model.stateCount)
    }
    (self.model, self.sequences, self.options, self.threads) = (model, sequences, options, threads)
    parameterCount = model.parameterCount
    counts = model.expectedCounts(sequences, threads: threads)
    if let number = counts.impossible { throw model.impossible(sequences[number], number) }
    logLikelihood = counts.logLikelihood
    objective = logLikelihood + model.logPrior(options)
  }

  /// Makes a step; `nil` once learning is over.
  ///
  /// - Throws: ``HMMError/singularCovariance(state:)`` and ``HMMError/stateDied(state:)``. The model is then what it was.
  public mutating func next() throws(HMMError) -> BaumWelchStep<E>? {
    if stopReason != nil { return nil }
    if steps >= options.steps {
      stopReason = .stepsCompleted
      return nil
    }
    var moved = try model.maximized(counts, options)
    var emptyStates = emptyStates
    let events = try emptyStates.treat(
      &moved, before: model, among: counts.occupancy.indices.filter { counts.occupancy[$0] < 1e-3 },
      sequences, options)
    let counted = moved.expectedCounts(sequences, threads: threads)
    if let number = counted.impossible { throw moved.impossible(sequences[number], number) }
    let raised = counted.logLikelihood + moved.logPrior(options)
    guard raised.isFinite else { throw .notFinite(step: steps + 1, value: raised) }
    let change = raised - objective
    (model, counts, objective, self.emptyStates) = (moved, counted, raised, emptyStates)
    logLikelihood = counted.logLikelihood
    steps += 1
    self.events += events
    let isRescue = events.contains { if case .stateRescued = $0 { true } else { false } }
    if !isRescue && change < -1e-9 * abs(raised) {
      stopReason = .objectiveFell
    } else if options.tolerance > 0 && !isRescue && change < options.tolerance * abs(raised) {
      stopReason = .converged
    }
    return BaumWelchStep(
      number: steps, model: moved, logLikelihood: logLikelihood, objective: raised, change: change,
      events: events)
  }

  /// N, of all sequences: a missing step says nothing.
  var observationCount: Int { sequences.reduce(0) { $0 + $1.observedCount } }

  /// Makes all steps.
  ///
  /// - Throws: as ``next()``.
  public mutating func run() throws(HMMError) -> HiddenMarkovModel<E> {
    while try next() != nil {}
    return model
  }
}
