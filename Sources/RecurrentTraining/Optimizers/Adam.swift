internal import RecurrentCore

extension Optimizer {
  /// Adam with bias correction, at step t = 1, 2, …:
  ///
  ///     g ← s g + λ p                    s gradient scale, λ weight decay
  ///     m ← β₁ m + (1 − β₁) g
  ///     q ← β₂ q + (1 − β₂) g²
  ///     p ← p − η m̂ / (√q̂ + ε)           m̂ = m / (1 − β₁ᵗ),  q̂ = q / (1 − β₂ᵗ)
  ///
  /// Source: Kingma and Ba, Adam: a method for stochastic optimization (ICLR 2015), arXiv:1412.6980, Algorithm 1.
  mutating func updateAdam(
    _ parameters: inout ParameterStore<Scalar>, _ gradients: ParameterStore<Scalar>, _ pool: WorkerPool?,
    _ rate: Scalar, _ gradientScale: Scalar, beta1: Double, beta2: Double, epsilon: Double,
    weightDecay: Double
  ) {
    adamStep(
      &parameters, gradients, pool, rate, gradientScale, beta1: beta1, beta2: beta2, epsilon: epsilon,
      weightDecay: weightDecay, decoupled: false)
  }

  /// All forms of Adam; they differ in where weight decay goes, and in what moves.
  ///
  /// - Parameter places: which parameters move; `nil`: all.
  mutating func adamStep(
    _ parameters: inout ParameterStore<Scalar>, _ gradients: ParameterStore<Scalar>, _ pool: WorkerPool?,
    _ rate: Scalar, _ gradientScale: Scalar, over places: GradientSupport? = nil, beta1: Double,
    beta2: Double, epsilon: Double,
    weightDecay: Double,
    decoupled: Bool
  ) {
    let (rounded1, rounded2) = (Scalar(beta1), Scalar(beta2))
    let (correction1, correction2) = (biasCorrection(rounded1), biasCorrection(rounded2))
    parameters.withPointers(gradients) { parameters, gradient in
      firstMoment.withMoment(orUnused: parameters) { mean in
        secondMoment.withMoment(orUnused: parameters) { square in
          WorkerPool.forEachPart(
            of: places?.count ?? gradients.layout.count, on: pool,
            AdamStep(
              places: places, rate: rate, beta1: rounded1, beta2: rounded2, epsilon: Scalar(epsilon),
              decay: Scalar(weightDecay), decoupled: decoupled, correction1: correction1,
              correction2: correction2, gradientScale: gradientScale, gradient: gradient, mean: mean,
              square: square, parameters: parameters))
        }
      }
    }
  }

  /// 1 − βᵗ for the β that the update computes with: 0.999 in single precision is 0.99900001, and 1 − β is off by 5e-5
  /// of itself, which cancels only if both sides use the same β.
  private func biasCorrection(_ beta: Scalar) -> Scalar {
    Scalar(1 - power(Double(beta), steps))
  }
}

/// Adam's update of some elements.
private struct AdamStep<Scalar: TensorScalar>: ElementWork {
  let places: GradientSupport?
  let rate, beta1, beta2, epsilon, decay: Scalar
  let decoupled: Bool
  let correction1, correction2, gradientScale: Scalar
  let gradient: UnsafePointer<Scalar>
  let mean, square, parameters: UnsafeMutablePointer<Scalar>

  func work(on part: Range<Int>) {
    guard let places else { return move(part) }
    places.forEachPlace(ofElements: part, move)
  }

  private func move(_ part: Range<Int>) {
    let first = part.lowerBound
    Scalar._adam(
      part.count, rate: rate, beta1: beta1, beta2: beta2, epsilon: epsilon, decay: decay,
      decoupled: decoupled, correction1: correction1, correction2: correction2,
      gradientScale: gradientScale, gradient: gradient + first, mean: mean + first, square: square + first,
      parameters: parameters + first)
  }
}
