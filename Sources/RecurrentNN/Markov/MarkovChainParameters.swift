public import RecurrentCore
public import RecurrentHMM

/// Where the parameters of a Markov chain of K states live: logits, whose softmax are the probabilities.
///
///     initial(k) = softmax(ι)ₖ     transition(i, j) = softmax(θᵢ)ⱼ
///
/// So whatever a gradient step does to them, they stay distributions. Cells that are built of one value share it, and
/// their gradients are added. A logit of −∞ is a structural zero: its gradient is 0, and descent (without weight decay)
/// keeps it, as EM does.
///
/// Source: Baldi and Chauvin, Smooth on-line learning algorithms for hidden Markov models (1994),
/// doi:10.1162/neco.1994.6.2.307.
public struct MarkovChainParameters: Sendable, Hashable {
  /// ι `[1, K]`.
  public let initial: ParameterSlot
  /// θ `[K, K]`: row, the state before; column, the state after.
  public let transition: ParameterSlot

  /// Adds `name.initial` and `name.transition` to `layout`.
  ///
  /// - Parameters:
  ///   - states: K.
  ///   - initializer: of all logits; default normal with standard deviation 1, since states that begin alike stay alike.
  public init(
    states: Int, initializer: Initializer = .normal(standardDeviation: 1), named name: String,
    in layout: inout ParameterLayout
  ) {
    initial = layout.addVector("\(name).initial", columns: states, initializer: initializer)
    transition = layout.addUnpacked(
      "\(name).transition", rows: states, columns: states, initializer: initializer)
  }

  /// K.
  public var stateCount: Int { initial.columns }

  /// Writes a chain's scores into a store as the logits. Of a chain of probabilities these are their logarithms, which the
  /// softmax gives back to a rounding.
  ///
  /// - Parameter scores: as `HiddenMarkovModel.scores`. Precondition: K states, and no say in where a sequence ends
  ///   (`final` all 0), which these parameters cannot hold.
  public func set<Scalar: TensorScalar>(_ scores: ChainScores, in store: inout ParameterStore<Scalar>) {
    precondition(
      scores.stateCount == stateCount,
      "'\(initial.name)' has \(stateCount) states, the chain \(scores.stateCount)")
    precondition(
      scores.final.allSatisfy { $0 == 0 }, "'\(initial.name)' cannot hold a chain with final scores")
    for (slot, values) in [(initial, scores.initial), (transition, scores.transition.elements)] {
      for (index, value) in values.enumerated() { store.values[slot.offset + index] = Scalar(value) }
    }
  }

  /// The chain that a store holds: logarithms of its probabilities.
  public func scores<Scalar: TensorScalar>(_ store: ParameterStore<Scalar>) -> ChainScores {
    scores(store.values)
  }

  func scores<Scalar: TensorScalar>(_ values: [Scalar]) -> ChainScores {
    let count = stateCount
    return ChainScores(
      initial: LogProbabilityTable(initial, values).logarithms,
      transition: Matrix(
        rows: count, columns: count, elements: LogProbabilityTable(transition, values).logarithms))
  }
}

/// What a cell or layer gives where its output is a distribution over states.
public enum DistributionForm: String, Sendable, Hashable, Codable, CaseIterable {
  /// Probabilities; a row sums to 1.
  case probabilities
  /// Their logarithms, −∞ for what is impossible: logits for a softmax, and input for what goes on in logarithms, where
  /// probabilities below 10⁻³⁰⁸ are not lost.
  case logarithms
}
