public import RecurrentCore
public import RecurrentHMM

/// A linear-chain conditional random field over the outputs of a network: labels of a sequence are judged together.
///
/// Of emissions e `[T, K]`, a network's outputs for one sequence, a sequence of labels y₁ … y_T scores
///
///     s(y) = initial(y₁) + Σₜ e(t, yₜ) + Σₜ transition(yₜ, yₜ₊₁) + final(y_T)
///     log P(y | e) = s(y) − log Z,    Z = Σ exp s(y′) over all Kᵀ sequences y′
///     loss = log Z − s(y),    ∂/∂e(t, k) = P(yₜ = k | e) − [yₜ = k]
///
/// and the gradient of a parameter is how often it is expected to be used less how often y uses it. Everything is computed in
/// Double by the recursions of `ChainScores`, and results are rounded once. It costs T K² a sequence, and K² exponentials a
/// batch.
///
/// A loss is counted by steps, as a softmax cross-entropy is: its mean is in nats a label, whatever the lengths, and so are
/// learning rates. With all parameters 0, as they begin, it *is* the softmax cross-entropy.
///
/// Source: Lafferty, McCallum and Pereira, Conditional random fields (ICML 2001); Lample et al., Neural architectures for
/// named entity recognition (2016), arXiv:1603.01360, for the network below.
public struct ConditionalRandomField<Scalar: TensorScalar>: Sendable, Hashable {
  /// K.
  public let labelCount: Int
  /// Scores of the first label `[1, K]`.
  public let initial: ParameterSlot
  /// Scores of two labels in a row `[K, K]`: row, the one before; column, the one after.
  public let transition: ParameterSlot
  /// Scores of the last label `[1, K]`.
  public let final: ParameterSlot
  /// What is forbidden, whatever the parameters there are; `nil`: nothing.
  public let constraints: TransitionConstraints?

  /// Adds `name.initial`, `name.transition` and `name.final` to a layout.
  ///
  /// - Parameters:
  ///   - labels: K, as many as the network has outputs.
  ///   - initializer: of all three; default zeros, from which a field learns as well as from anywhere, since no two of its
  ///     parameters do the same.
  ///
  /// Precondition: constraints are of K labels.
  public init(
    labels: Int, constraints: TransitionConstraints? = nil, initializer: Initializer = .zeros,
    named name: String, in layout: inout ParameterLayout
  ) {
    precondition(
      constraints.map { $0.labelCount == labels } ?? true,
      "'\(name)': constraints of \(constraints?.labelCount ?? 0) labels for a field of \(labels)")
    labelCount = labels
    self.constraints = constraints
    initial = layout.addVector("\(name).initial", columns: labels, initializer: initializer)
    transition = layout.addUnpacked(
      "\(name).transition", rows: labels, columns: labels, initializer: initializer)
    final = layout.addVector("\(name).final", columns: labels, initializer: initializer)
  }

  /// The scores as all recursions along a chain read them, −∞ where the constraints forbid.
  ///
  /// Precondition: the parameters are of this field's layout.
  public func scores(_ parameters: PackedParameters<Scalar>) -> ChainScores {
    func values(_ slot: ParameterSlot, _ isAllowed: (Int) -> Bool) -> [Double] {
      precondition(
        parameters.layout.slots.indices.contains(slot.index) && parameters.layout.slots[slot.index] == slot,
        "'\(slot.name)': the parameters are of another model than the field")
      return slot.range.map {
        isAllowed($0 - slot.offset) ? Double(parameters.values[$0]) : -.infinity
      }
    }
    let count = labelCount
    return ChainScores(
      initial: values(initial) { constraints?.starts[$0] ?? true },
      transition: Matrix(
        rows: count, columns: count,
        elements: values(transition) { constraints?.transitions[$0 / count][$0 % count] ?? true }),
      final: values(final) { constraints?.ends[$0] ?? true })
  }

  /// Checks labels before anything is trained on them.
  ///
  /// - Parameters:
  ///   - labels: a list for each sequence.
  ///   - lengths: how many steps each sequence has.
  public func validate(_ labels: [[Int]], lengths: [Int]) throws(SequenceTargetError) {
    if labels.count != lengths.count { throw .sequences(found: labels.count, expected: lengths.count) }
    for (sequence, (own, length)) in zip(labels, lengths).enumerated() {
      if let problem = problem(own, steps: length, sequence: sequence) { throw problem }
    }
  }

  /// Why a sequence cannot have these labels.
  func problem(_ labels: [Int], steps: Int, sequence: Int) -> SequenceTargetError? {
    if labels.count != steps { return .length(sequence: sequence, found: labels.count, expected: steps) }
    if let step = labels.firstIndex(where: { $0 < 0 || $0 >= labelCount }) {
      return .label(sequence: sequence, step: step, found: labels[step], count: labelCount)
    }
    switch constraints?.firstViolation(in: labels) {
    case nil: return nil
    case .start: return .forbiddenStart(sequence: sequence, label: labels[0])
    case .transition(let step):
      return .forbiddenTransition(
        sequence: sequence, step: step, from: labels[step - 1], to: labels[step])
    case .end: return .forbiddenEnd(sequence: sequence, label: labels[steps - 1])
    }
  }
}
