internal import RecurrentCore

extension Optimizer {
  /// Stochastic gradient descent, in PyTorch's form of momentum μ (the rate multiplies the velocity):
  ///
  ///     g ← s g + λ p                    s gradient scale, λ weight decay
  ///     v ← μ v + g                      first step: v ← g
  ///     p ← p − η v                      Nesterov: p ← p − η (g + μ v);  μ = 0: p ← p − η g
  ///
  /// Source: Polyak, Some methods of speeding up the convergence of iteration methods (1964),
  /// doi:10.1016/0041-5553(64)90137-5; Sutskever, Martens, Dahl, Hinton, On the importance of initialization and momentum
  /// in deep learning (ICML 2013), for Nesterov's form.
  mutating func updateSGD(
    _ parameters: inout ParameterStore<Scalar>, _ gradients: ParameterStore<Scalar>, _ pool: WorkerPool?,
    _ rate: Scalar, _ gradientScale: Scalar, momentum: Double, nesterov: Bool, weightDecay: Double
  ) {
    let first = steps == 1
    parameters.withPointers(gradients) { parameters, gradient in
      firstMoment.withMoment(orUnused: parameters) { velocity in
        WorkerPool.forEachPart(
          of: gradients.layout.count, on: pool,
          SGDStep(
            rate: rate, momentum: Scalar(momentum), nesterov: nesterov, first: first,
            decay: Scalar(weightDecay), gradientScale: gradientScale, gradient: gradient,
            velocity: velocity, parameters: parameters))
      }
    }
  }
}

/// The update of some elements.
private struct SGDStep<Scalar: TensorScalar>: ElementWork {
  let rate, momentum: Scalar
  let nesterov, first: Bool
  let decay, gradientScale: Scalar
  let gradient: UnsafePointer<Scalar>
  let velocity, parameters: UnsafeMutablePointer<Scalar>

  func work(on part: Range<Int>) {
    let start = part.lowerBound
    Scalar._sgd(
      part.count, rate: rate, momentum: momentum, nesterov: nesterov, first: first, decay: decay,
      gradientScale: gradientScale, gradient: gradient + start, velocity: velocity + start,
      parameters: parameters + start)
  }
}
