/// When to save.
public struct CheckpointPolicy: Sendable, Hashable, Codable {
  /// After so many updates since the last save; `nil`: not by updates.
  public var everyUpdates: Int?
  /// After an update, where so many seconds have passed since the last save; `nil`: not by time.
  public var everySeconds: Double?
  /// After each epoch. Default true.
  public var atEpochEnd: Bool

  /// By default a checkpoint after each epoch and no other.
  public init(everyUpdates: Int? = nil, everySeconds: Double? = nil, atEpochEnd: Bool = true) {
    self.everyUpdates = everyUpdates
    self.everySeconds = everySeconds
    self.atEpochEnd = atEpochEnd
  }
}

/// Saves a run as its policy says; the caller's loop drives it:
///
///     while let event = try trainer.next() {
///       try writer.writeIfDue(after: event, state: trainer.state)
///     }
///
/// When something is saved cannot change the run, only what a kill costs.
public struct CheckpointWriter: Sendable {
  /// The file, which each save replaces.
  public let path: String
  /// The text that each checkpoint holds.
  public let configuration: String
  /// When to save.
  public let policy: CheckpointPolicy
  private var updatesSince = 0
  private var lastWrite = ContinuousClock.now

  /// - Parameter configuration: the text that each checkpoint holds.
  public init(path: String, configuration: String, policy: CheckpointPolicy = CheckpointPolicy()) {
    self.path = path
    self.configuration = configuration
    self.policy = policy
  }

  /// Saves the state that `event` led to, where the policy says so, and always at the run's end.
  ///
  /// - Returns: whether it saved.
  @discardableResult
  public mutating func writeIfDue<Scalar>(
    after event: TrainingEvent, state: TrainingState<Scalar>
  ) throws(CheckpointError) -> Bool {
    if case .step = event { updatesSince += 1 }
    guard isDue(after: event) else { return false }
    try write(state)
    return true
  }

  /// Saves now, for instance before leaving on a signal.
  public mutating func write<Scalar>(_ state: TrainingState<Scalar>) throws(CheckpointError) {
    try Checkpoint.write(state, configuration: configuration, to: path)
    updatesSince = 0
    lastWrite = .now
  }

  private func isDue(after event: TrainingEvent) -> Bool {
    switch event {
    case .stopped: return true
    case .epoch: return policy.atEpochEnd
    case .skipped: return false
    case .step:
      if let updates = policy.everyUpdates, updatesSince >= updates { return true }
      guard let seconds = policy.everySeconds else { return false }
      return lastWrite.duration(to: .now) >= .seconds(seconds)
    }
  }
}
