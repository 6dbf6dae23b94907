public import RecurrentCore

/// What to do with a mean gradient that is too large.
public enum GradientClipping: Sendable, Hashable, Codable {
  /// Gradients are used as they are.
  case none
  /// All parameters' gradients together are scaled by min(1, m / (‖g‖ + 10⁻⁶)), PyTorch's formula: the direction stays.
  /// Pascanu, Mikolov, Bengio, On the difficulty of training recurrent neural networks (ICML 2013), arXiv:1211.5063.
  case norm(Double)
  /// Each element is cut to ±m.
  case value(Double)

  /// A limit that cannot be used: it must be above 0 and finite; `nil`: none.
  public var problem: OptionProblem? {
    switch self {
    case .none: nil
    case .norm(let limit): .unlessPositive("gradient norm limit", limit)
    case .value(let limit): .unlessPositive("gradient value limit", limit)
    }
  }

  /// Clips the mean gradient, `gradients` / `count`, without dividing: what is a factor comes back for the optimiser to
  /// multiply with, and only `.value` changes `gradients`.
  ///
  /// - Parameters:
  ///   - gradients: of the summed loss.
  ///   - count: what the loss is divided by.
  ///   - meanNorm: ‖gradients‖ / count.
  /// - Returns: the factor by which to read `gradients`: 1 / count, times what clipping by norm asks for.
  public func clip<Scalar>(
    _ gradients: inout ParameterStore<Scalar>, count: Int, meanNorm: Double
  ) -> Double {
    let everywhere = GradientSupport(everywhere: gradients.layout.count)
    return clip(&gradients, over: everywhere, count: count, meanNorm: meanNorm)
  }

  /// The same without a look at what is zero.
  func clip<Scalar>(_ gradient: inout GradientStore<Scalar>, count: Int, meanNorm: Double) -> Double {
    let support = gradient.support
    return clip(&gradient.store, over: support, count: count, meanNorm: meanNorm)
  }

  private func clip<Scalar>(
    _ gradients: inout ParameterStore<Scalar>, over support: GradientSupport, count: Int, meanNorm: Double
  ) -> Double {
    let scale = 1 / Double(count)
    switch self {
    case .none:
      return scale
    case .norm(let limit):
      return scale * Swift.min(1, limit / (meanNorm + 1e-6))
    case .value(let limit):
      Self.limit(&gradients.values, over: support, to: Scalar(limit * Double(count)))
      return scale
    }
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  private static func limit<Scalar: TensorScalar>(
    _ values: inout [Scalar], over support: GradientSupport, to bound: Scalar
  ) {
    let all = values.indices
    values.withUnsafeMutableBufferPointer { values in
      support.forEachPlace(in: all) { place in
        for index in place { values[index] = Swift.min(Swift.max(values[index], -bound), bound) }
      }
    }
  }
}
