internal import RecurrentCore

extension Optimizer {
  /// RMSprop, PyTorch's form (ε outside the root, not centred):
  ///
  ///     g ← s g + λ p                    s gradient scale, λ weight decay
  ///     q ← α q + (1 − α) g²
  ///     d = g / (√q + ε)
  ///     p ← p − η d                      with momentum μ > 0: v ← μ v + d,  p ← p − η v
  ///
  /// Source: Tieleman and Hinton, Lecture 6.5 of Neural Networks for Machine Learning (2012).
  mutating func updateRMSprop(
    _ parameters: inout ParameterStore<Scalar>, _ gradients: ParameterStore<Scalar>, _ pool: WorkerPool?,
    _ rate: Scalar, _ gradientScale: Scalar, alpha: Double, epsilon: Double, momentum: Double,
    weightDecay: Double
  ) {
    parameters.withPointers(gradients) { parameters, gradient in
      firstMoment.withMoment(orUnused: parameters) { velocity in
        secondMoment.withMoment(orUnused: parameters) { square in
          WorkerPool.forEachPart(
            of: gradients.layout.count, on: pool,
            RMSpropStep(
              rate: rate, alpha: Scalar(alpha), epsilon: Scalar(epsilon), momentum: Scalar(momentum),
              decay: Scalar(weightDecay), gradientScale: gradientScale, gradient: gradient, square: square,
              velocity: velocity, parameters: parameters))
        }
      }
    }
  }
}

/// The update of some elements.
private struct RMSpropStep<Scalar: TensorScalar>: ElementWork {
  let rate, alpha, epsilon, momentum, decay, gradientScale: Scalar
  let gradient: UnsafePointer<Scalar>
  let square, velocity, parameters: UnsafeMutablePointer<Scalar>

  func work(on part: Range<Int>) {
    let first = part.lowerBound
    Scalar._rmsprop(
      part.count, rate: rate, alpha: alpha, epsilon: epsilon, momentum: momentum, decay: decay,
      gradientScale: gradientScale, gradient: gradient + first, square: square + first,
      velocity: velocity + first, parameters: parameters + first)
  }
}
