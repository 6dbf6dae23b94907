/// Which optimiser, with its constants. Names, defaults and formulas are PyTorch's, so that published recipes carry over;
/// the learning rate is apart, because a schedule moves it.
///
/// `weightDecay` λ is added to the gradient, g + λp (an L2 penalty of ½λ‖p‖²), but for `.adamW`, where the parameters
/// shrink by themselves.
public enum OptimizerConfiguration: Sendable, Hashable, Codable {
  /// Gradient descent, heavy-ball momentum, or Nesterov's.
  case sgd(momentum: Double = 0, nesterov: Bool = false, weightDecay: Double = 0)
  /// Steps divided by a running root mean square of the gradient.
  case rmsprop(alpha: Double = 0.99, epsilon: Double = 1e-8, momentum: Double = 0, weightDecay: Double = 0)
  /// Running mean over running root mean square, both corrected for their start at zero.
  case adam(beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, weightDecay: Double = 0)
  /// Adam with decoupled weight decay.
  case adamW(beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, weightDecay: Double = 0.01)
  /// Adam that leaves rows of embeddings alone while no batch uses them, so that an update costs by the rows used and not by
  /// the vocabulary: PyTorch's SparseAdam, TensorFlow's LazyAdam. Whatever is no embedding moves as by `.adam`, to the bit.
  ///
  /// Of a row of an ``Embedding``'s table whose gradient g is zero in every element of this update t,
  ///
  ///     m, q and p stay as they are          where Adam has  m ← β₁ m,  q ← β₂ q,  p ← p − η m̂ / (√q̂ + ε)
  ///
  /// and all other rows move by Adam's equations, with the t of the whole run in both corrections. So a row goes on with
  /// the moments of its last use, which Adam would have let fade, and does not coast; and weight decay pulls it only when
  /// it is used. Where every batch uses every row, and for an embedding whose weights a linear layer shares, it is Adam.
  ///
  /// The cost is by the rows used where the model at work knows them, as ``SequenceModel`` does. Models that add gradients shard by
  /// shard (`TaggerNetwork`, a ``TrainableModel`` of one's own) do not say which rows those are: the same rows move, but each update
  /// walks through the whole table to find them.
  case sparseAdam(beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, weightDecay: Double = 0)

  /// What cannot be computed with, as the option's name, what was found and what is expected; `nil`: nothing.
  public var problem: OptionProblem? {
    switch self {
    case .sgd(let momentum, let nesterov, let weightDecay):
      if nesterov && !(momentum > 0) {
        return OptionProblem(
          "momentum", found: momentum, expected: "more than 0 with Nesterov's form")
      }
      return .unlessFraction("momentum", momentum) ?? .unlessNonnegative("weight decay", weightDecay)
    case .rmsprop(let alpha, let epsilon, let momentum, let weightDecay):
      return .unlessFraction("alpha", alpha) ?? .unlessPositive("epsilon", epsilon)
        ?? .unlessFraction("momentum", momentum) ?? .unlessNonnegative("weight decay", weightDecay)
    case .adam(let beta1, let beta2, let epsilon, let weightDecay),
      .adamW(let beta1, let beta2, let epsilon, let weightDecay),
      .sparseAdam(let beta1, let beta2, let epsilon, let weightDecay):
      return .unlessFraction("beta1", beta1) ?? .unlessFraction("beta2", beta2)
        ?? .unlessPositive("epsilon", epsilon) ?? .unlessNonnegative("weight decay", weightDecay)
    }
  }

  /// Whether the optimiser keeps a running mean of gradients or a velocity.
  var usesFirstMoment: Bool {
    switch self {
    case .sgd(let momentum, _, _), .rmsprop(_, _, let momentum, _): momentum > 0
    case .adam, .adamW, .sparseAdam: true
    }
  }

  /// Whether the optimiser keeps a running mean of squared gradients.
  var usesSecondMoment: Bool {
    if case .sgd = self { false } else { true }
  }
}
