internal import RecurrentCore

extension Optimizer {
  /// Adam with decoupled weight decay: the parameters shrink by η λ before Adam's step, and the decay stays out of both
  /// moments:
  ///
  ///     p ← (1 − η λ) p;   then Adam with λ = 0
  ///
  /// Source: Loshchilov and Hutter, Decoupled weight decay regularization (ICLR 2019), arXiv:1711.05101, Algorithm 2, with
  /// the schedule inside η as in PyTorch.
  mutating func updateAdamW(
    _ parameters: inout ParameterStore<Scalar>, _ gradients: ParameterStore<Scalar>, _ pool: WorkerPool?,
    _ rate: Scalar, _ gradientScale: Scalar, beta1: Double, beta2: Double, epsilon: Double,
    weightDecay: Double
  ) {
    adamStep(
      &parameters, gradients, pool, rate, gradientScale, beta1: beta1, beta2: beta2, epsilon: epsilon,
      weightDecay: weightDecay, decoupled: true)
  }
}
