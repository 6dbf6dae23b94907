internal import RecurrentCore

/// How the learning rate moves during training: a pure function of how far the run is, but for `.reduceOnPlateau`,
/// whose memory is a ``PlateauState``.
public indirect enum LearningRateSchedule: Sendable, Hashable, Codable {
  /// η = η₀.
  case constant
  /// η = η₀ · factorᵏ after k · `every` units.
  case step(every: Int, factor: Double, unit: ScheduleUnit = .epoch)
  /// η = η_min + ½ (η₀ − η_min)(1 + cos π n/total) after n units, and η_min from `total` on.
  /// Loshchilov and Hutter, SGDR (ICLR 2017), arXiv:1608.03983, without restarts.
  case cosine(total: Int, minimum: Double = 0, unit: ScheduleUnit = .epoch)
  /// η = (start + (1 − start) n / updates) · η₀ at update n < `updates`, then another schedule, which counts its
  /// updates from there (and its epochs from the run's start).
  case warmUp(updates: Int, start: Double = 0.1, then: LearningRateSchedule = .constant)
  /// η is multiplied by a factor whenever the loss stops falling.
  case reduceOnPlateau(ReduceOnPlateau = ReduceOnPlateau())

  /// The rate of the next update.
  ///
  /// - Parameters:
  ///   - base: η₀.
  ///   - update: updates made so far.
  ///   - epoch: whole epochs made so far.
  ///   - plateau: as ``ReduceOnPlateau/observe(_:base:state:)`` left it.
  public func rate(base: Double, update: Int, epoch: Int, plateau: PlateauState = PlateauState()) -> Double {
    switch self {
    case .constant:
      return base
    case .step(let every, let factor, let unit):
      return base * power(factor, unit.count(update, epoch) / every)
    case .cosine(let total, let minimum, let unit):
      let progress = Double(min(unit.count(update, epoch), total)) / Double(total)
      return minimum + (base - minimum) * (1 + PortableMath.sineAndCosine(turns: progress / 2).cosine) / 2
    case .warmUp(let updates, let start, let then):
      guard update < updates else {
        return then.rate(base: base, update: update - updates, epoch: epoch, plateau: plateau)
      }
      return base * (start + (1 - start) * Double(update) / Double(updates))
    case .reduceOnPlateau:
      return plateau.rate ?? base
    }
  }

  /// The plateau rule that this schedule contains.
  public var plateauRule: ReduceOnPlateau? {
    switch self {
    case .reduceOnPlateau(let rule): rule
    case .warmUp(_, _, let then): then.plateauRule
    case .constant, .step, .cosine: nil
    }
  }

  /// What cannot be computed with.
  public var problem: OptionProblem? {
    switch self {
    case .constant: nil
    case .step(let every, let factor, _):
      .unlessPositive("schedule step", every) ?? .unlessPositive("schedule factor", factor)
    case .cosine(let total, let minimum, _):
      .unlessPositive("schedule total", total) ?? .unlessNonnegative("schedule minimum", minimum)
    case .warmUp(let updates, let start, let then):
      .unlessPositive("warm-up updates", updates) ?? .unlessNonnegative("warm-up start", start)
        ?? then.problem
    case .reduceOnPlateau(let rule): rule.problem
    }
  }
}

/// What a schedule counts.
public enum ScheduleUnit: String, Sendable, Hashable, Codable {
  /// Updates made.
  case update
  /// Whole epochs made.
  case epoch

  func count(_ update: Int, _ epoch: Int) -> Int { self == .update ? update : epoch }
}
