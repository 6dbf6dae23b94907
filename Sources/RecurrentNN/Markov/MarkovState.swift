public import RecurrentCore

/// The state of a ``MarkovForwardCell``: log π̂ₜ `[B, K]`, and whether there was a step `[B, 1]`.
///
/// Zeros say "before the first step". After a step `begun` is 1. Between the two the logarithms of both priors are
/// mixed, which nobody needs but which makes the step differentiable by the state wherever it stands.
public struct MarkovState<Scalar: TensorScalar>: RecurrentState, Hashable {
  /// log P(hₜ = k | x₁ … xₜ) `[B, K]`, read where ``begun`` is not 0. A row that is not normalised counts with its sum.
  public var filtered: Matrix<Scalar>
  /// 0 before the first step, 1 after it `[B, 1]`.
  public var begun: Matrix<Scalar>

  /// A state, or the gradient of one.
  public init(filtered: Matrix<Scalar>, begun: Matrix<Scalar>) {
    self.filtered = filtered
    self.begun = begun
  }

  /// `["filtered", "begun"]`.
  public static var componentNames: [String] { ["filtered", "begun"] }
  /// log π̂, then whether there was a step.
  public var components: [Matrix<Scalar>] { [filtered, begun] }
  /// Precondition: two components.
  public init(components: [Matrix<Scalar>]) {
    filtered = components[0]
    begun = components[1]
  }
}
