/// Ends a run whose loss no longer falls.
public struct EarlyStopping: Sendable, Hashable, Codable {
  /// So many epochs in a row without improvement end the run. Default 10.
  public var patience: Int
  /// An improvement is a loss below the best one by more than this. Default 0.
  public var minimumDelta: Double

  /// The rule with the properties' defaults.
  public init(patience: Int = 10, minimumDelta: Double = 0) {
    self.patience = patience
    self.minimumDelta = minimumDelta
  }

  /// Takes an epoch's loss into account; `true`: it is time to stop.
  public func observe(_ loss: Double, state: inout EarlyStoppingState) -> Bool {
    if let reference = state.reference, !(loss < reference - minimumDelta) {
      state.epochsWithout += 1
    } else {
      state.reference = loss
      state.epochsWithout = 0
    }
    return state.epochsWithout >= patience
  }

  var problem: OptionProblem? {
    .unlessPositive("early stopping patience", patience)
      ?? .unlessNonnegative("early stopping minimum delta", minimumDelta)
  }
}

/// What ``EarlyStopping`` remembers.
public struct EarlyStoppingState: Sendable, Hashable, Codable {
  /// The loss that the next one must fall below; `nil`: nothing observed.
  public var reference: Double?
  /// Epochs since it was set.
  public var epochsWithout = 0

  /// Nothing observed yet.
  public init() {}
}
