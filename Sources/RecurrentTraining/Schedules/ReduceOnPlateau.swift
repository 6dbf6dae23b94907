/// Multiplies the learning rate by `factor` when the loss has not fallen for more than `patience` epochs in a row; as
/// PyTorch's `ReduceLROnPlateau`.
public struct ReduceOnPlateau: Sendable, Hashable, Codable {
  /// What a loss must fall below to count as better.
  public enum Threshold: Sendable, Hashable, Codable {
    /// best · (1 − t).
    case relative(Double)
    /// best − t.
    case absolute(Double)
  }

  /// Default 0.5.
  public var factor: Double
  /// Epochs without a better loss that are forgiven. Default 5.
  public var patience: Int
  /// Default relative 10⁻⁴.
  public var threshold: Threshold
  /// The rate never falls below. Default 0.
  public var minimum: Double
  /// Epochs after a reduction that are not counted. Default 0.
  public var cooldown: Int

  /// The rule with the properties' defaults.
  public init(
    factor: Double = 0.5, patience: Int = 5, threshold: Threshold = .relative(1e-4), minimum: Double = 0,
    cooldown: Int = 0
  ) {
    self.factor = factor
    self.patience = patience
    self.threshold = threshold
    self.minimum = minimum
    self.cooldown = cooldown
  }

  /// Takes an epoch's loss into account. A reduction by less than 10⁻⁸ is not made.
  public func observe(_ loss: Double, base: Double, state: inout PlateauState) {
    if isBetter(loss, than: state.best) {
      state.best = loss
      state.badEpochs = 0
    } else {
      state.badEpochs += 1
    }
    if state.cooldownLeft > 0 {
      state.cooldownLeft -= 1
      state.badEpochs = 0
    }
    guard state.badEpochs > patience else { return }
    state.cooldownLeft = cooldown
    state.badEpochs = 0
    let before = state.rate ?? base
    let after = max(before * factor, minimum)
    if before - after > 1e-8 { state.rate = after }
  }

  private func isBetter(_ loss: Double, than best: Double?) -> Bool {
    guard let best else { return true }
    return switch threshold {
    case .relative(let threshold): loss < best * (1 - threshold)
    case .absolute(let threshold): loss < best - threshold
    }
  }

  var problem: OptionProblem? {
    let limit =
      switch threshold {
      case .relative(let limit), .absolute(let limit): limit
      }
    if !(factor > 0 && factor < 1) {
      return OptionProblem("plateau factor", found: factor, expected: "a number above 0 and below 1")
    }
    return .unlessNonnegative("plateau patience", patience)
      ?? .unlessNonnegative("plateau threshold", limit) ?? .unlessNonnegative("plateau minimum", minimum)
      ?? .unlessCount("plateau cooldown", cooldown)
  }
}

/// What ``ReduceOnPlateau`` remembers.
public struct PlateauState: Sendable, Hashable, Codable {
  /// `nil`: never reduced.
  public var rate: Double?
  /// `nil`: nothing observed.
  public var best: Double?
  /// Epochs without a better loss since the last better one or the last reduction.
  public var badEpochs = 0
  /// Epochs that are still not counted after a reduction.
  public var cooldownLeft = 0

  /// Nothing observed yet.
  public init() {}
}
