#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// An optimiser's update of one number, by the published formula, in `Double` with library functions: the readable twin
/// that a fast update is compared with. It remembers its own moments; one value for each parameter.
public protocol NaiveUpdate: Sendable {
  /// Where a parameter p goes from here.
  ///
  /// - Parameters:
  ///   - gradient: g, already scaled.
  ///   - rate: η.
  mutating func moved(_ p: Double, gradient: Double, rate: Double) -> Double
}

/// Gradient descent with momentum μ and weight decay λ, in PyTorch's form (the rate multiplies the velocity):
///
///     g ← g + λ p     v ← μ v + g, first step v ← g     p ← p − η v     Nesterov: p ← p − η (g + μ v)
public struct NaiveSGD: NaiveUpdate {
  /// μ; 0 is plain gradient descent.
  public let momentum: Double
  /// λ.
  public let weightDecay: Double
  /// Whether the step looks ahead along the velocity.
  public let nesterov: Bool
  /// v; `nil` before the first step.
  public private(set) var velocity: Double?

  /// Nothing remembered yet. Defaults: plain gradient descent.
  public init(momentum: Double = 0, nesterov: Bool = false, weightDecay: Double = 0) {
    self.momentum = momentum
    self.nesterov = nesterov
    self.weightDecay = weightDecay
  }

  /// One step of the equations above.
  public mutating func moved(_ p: Double, gradient: Double, rate: Double) -> Double {
    let g = gradient + weightDecay * p
    let v = velocity.map { momentum * $0 + g } ?? g
    velocity = v
    if momentum == 0 { return p - rate * g }
    return p - rate * (nesterov ? g + momentum * v : v)
  }
}

/// RMSprop, PyTorch's form (ε outside the root, not centred), with momentum μ and weight decay λ:
///
///     g ← g + λ p     q ← α q + (1 − α) g²     v ← μ v + g / (√q + ε)     p ← p − η v
public struct NaiveRMSprop: NaiveUpdate {
  /// α, the share of the running mean that is kept.
  public let alpha: Double
  /// ε.
  public let epsilon: Double
  /// μ.
  public let momentum: Double
  /// λ.
  public let weightDecay: Double
  /// q.
  public private(set) var square = 0.0
  /// v.
  public private(set) var velocity = 0.0

  /// Nothing remembered yet.
  public init(alpha: Double, epsilon: Double, momentum: Double = 0, weightDecay: Double = 0) {
    self.alpha = alpha
    self.epsilon = epsilon
    self.momentum = momentum
    self.weightDecay = weightDecay
  }

  /// One step of the equations above.
  public mutating func moved(_ p: Double, gradient: Double, rate: Double) -> Double {
    let g = gradient + weightDecay * p
    square = alpha * square + (1 - alpha) * g * g
    velocity = momentum * velocity + g / (square.squareRoot() + epsilon)
    return p - rate * velocity
  }
}

/// Adam with weight decay λ, and AdamW where it is decoupled (p ← p − η λ p first, and no λ in g), at step t = 1, 2, …:
///
///     g ← g + λ p     m ← β₁ m + (1 − β₁) g     q ← β₂ q + (1 − β₂) g²
///     p ← p − η (m / (1 − β₁ᵗ)) / (√(q / (1 − β₂ᵗ)) + ε)
public struct NaiveAdam: NaiveUpdate {
  /// β₁, the share of the running mean that is kept.
  public let beta1: Double
  /// β₂, the share of the running mean square that is kept.
  public let beta2: Double
  /// ε.
  public let epsilon: Double
  /// λ.
  public let weightDecay: Double
  /// Whether the decay stays out of the moments: AdamW.
  public let isDecoupled: Bool
  /// m.
  public private(set) var mean = 0.0
  /// q.
  public private(set) var square = 0.0
  /// t.
  public private(set) var steps = 0

  /// Nothing remembered yet.
  public init(
    beta1: Double, beta2: Double, epsilon: Double, weightDecay: Double = 0, isDecoupled: Bool = false
  ) {
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    self.isDecoupled = isDecoupled
  }

  /// One step of the equations above.
  public mutating func moved(_ p: Double, gradient: Double, rate: Double) -> Double {
    steps += 1
    let t = Double(steps)
    let start = isDecoupled ? p - rate * weightDecay * p : p
    let g = isDecoupled ? gradient : gradient + weightDecay * p
    mean = beta1 * mean + (1 - beta1) * g
    square = beta2 * square + (1 - beta2) * g * g
    let meanHat = mean / (1 - pow(beta1, t))
    return start - rate * meanHat / ((square / (1 - pow(beta2, t))).squareRoot() + epsilon)
  }
}
