public import RecurrentCore

/// An optimiser with all that it remembers: a value, so that saving it is all that resuming takes.
///
/// The moments lie in stores of the parameters' own layout; an update is one pass over flat arrays.
public struct Optimizer<Scalar: TensorScalar>: Sendable, Hashable, Codable {
  /// Which optimiser, with its constants.
  public let configuration: OptimizerConfiguration
  /// Updates made.
  public internal(set) var steps = 0
  /// SGD's and RMSprop's velocity, Adam's running mean of the gradient; `nil` where there is none.
  public internal(set) var firstMoment: ParameterStore<Scalar>?
  /// RMSprop's and Adam's running mean of the squared gradient; `nil` for SGD.
  public internal(set) var secondMoment: ParameterStore<Scalar>?

  /// Nothing remembered yet: moments are zero.
  public init(_ configuration: OptimizerConfiguration, layout: ParameterLayout) {
    self.configuration = configuration
    if configuration.usesFirstMoment { firstMoment = ParameterStore(zeros: layout) }
    if configuration.usesSecondMoment { secondMoment = ParameterStore(zeros: layout) }
  }

  /// As it was saved.
  ///
  /// Where the configuration uses a moment it must be given, and otherwise be `nil`.
  init(
    _ configuration: OptimizerConfiguration, steps: Int, firstMoment: ParameterStore<Scalar>?,
    secondMoment: ParameterStore<Scalar>?
  ) {
    precondition(
      (firstMoment != nil) == configuration.usesFirstMoment
        && (secondMoment != nil) == configuration.usesSecondMoment,
      "the moments are not those of \(configuration)")
    self.configuration = configuration
    self.steps = steps
    self.firstMoment = firstMoment
    self.secondMoment = secondMoment
  }

  /// Moves `parameters` once, in place.
  ///
  /// - Parameters:
  ///   - gradients: of the parameters' layout.
  ///   - rate: the learning rate of this update.
  ///   - gradientScale: each gradient g is read as gradientScale · g: 1/count of a summed loss, times a clipping factor.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public mutating func update(
    _ parameters: inout ParameterStore<Scalar>, with gradients: ParameterStore<Scalar>, rate: Double,
    gradientScale: Double = 1
  ) {
    update(
      &parameters, with: GradientStore(gradients), rate: rate, gradientScale: gradientScale, pool: nil)
  }

  /// The same on the threads of a pool, which share the elements. Where the gradient is zero without a look, plain gradient
  /// descent has nothing to do, and sparse Adam nothing in tables; what else remembers or decays moves every parameter.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  mutating func update(
    _ parameters: inout ParameterStore<Scalar>, with gradient: GradientStore<Scalar>, rate: Double,
    gradientScale: Double, pool: WorkerPool?
  ) {
    let gradients = gradient.store
    let count = parameters.layout.count
    precondition(
      gradients.layout.count == count && (firstMoment ?? gradients).layout.count == count
        && (secondMoment ?? gradients).layout.count == count,
      "parameters, gradients and moments must have one layout")
    steps += 1
    switch configuration {
    case .sgd(momentum: 0, _, weightDecay: 0):
      descend(&parameters, gradient, pool, Scalar(rate), Scalar(gradientScale))
    case .sgd(let momentum, let nesterov, let weightDecay):
      updateSGD(
        &parameters, gradients, pool, Scalar(rate), Scalar(gradientScale), momentum: momentum,
        nesterov: nesterov,
        weightDecay: weightDecay)
    case .rmsprop(let alpha, let epsilon, let momentum, let weightDecay):
      updateRMSprop(
        &parameters, gradients, pool, Scalar(rate), Scalar(gradientScale), alpha: alpha, epsilon: epsilon,
        momentum: momentum, weightDecay: weightDecay)
    case .adam(let beta1, let beta2, let epsilon, let weightDecay):
      updateAdam(
        &parameters, gradients, pool, Scalar(rate), Scalar(gradientScale), beta1: beta1, beta2: beta2,
        epsilon: epsilon, weightDecay: weightDecay)
    case .adamW(let beta1, let beta2, let epsilon, let weightDecay):
      updateAdamW(
        &parameters, gradients, pool, Scalar(rate), Scalar(gradientScale), beta1: beta1, beta2: beta2,
        epsilon: epsilon, weightDecay: weightDecay)
    case .sparseAdam(let beta1, let beta2, let epsilon, let weightDecay):
      adamStep(
        &parameters, gradients, pool, Scalar(rate), Scalar(gradientScale), over: gradient.usedPlaces(),
        beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: weightDecay, decoupled: false)
    }
  }
}

extension ParameterStore {
  /// Pointers to the parameters and to their gradients.
  @inline(__always)
  mutating func withPointers(
    _ gradients: ParameterStore,
    _ body: (_ parameters: UnsafeMutablePointer<Scalar>, _ gradients: UnsafePointer<Scalar>) -> Void
  ) {
    values.withUnsafeMutableBufferPointer { values in
      gradients.values.withUnsafeBufferPointer { gradients in
        guard let values = values.baseAddress, let gradients = gradients.baseAddress else { return }
        body(values, gradients)
      }
    }
  }
}

extension Optional {
  /// The moment's buffer, changed in place. `spare` stands in where the optimiser has no such moment: its update does
  /// not touch the pointer then.
  @inline(__always)
  mutating func withMoment<Scalar: TensorScalar>(
    orUnused spare: UnsafeMutablePointer<Scalar>, _ body: (UnsafeMutablePointer<Scalar>) -> Void
  ) where Wrapped == ParameterStore<Scalar> {
    let used: Void? = self?.values.withUnsafeMutableBufferPointer { body($0.baseAddress ?? spare) }
    if used == nil { body(spare) }
  }
}
