internal import CRecurrentKernels

/// The functions that a simple RNN may put on its pre-activations.
///
/// Each derivative is expressed by the function's value y, which is what back-propagation keeps:
/// tanh′ = 1 − y², sigmoid′ = y (1 − y), relu′ = [y > 0] (0 at the kink), identity′ = 1.
public enum Activation: String, Codable, CaseIterable, Sendable {
  /// tanh x, in (−1, 1).
  case tanh
  /// max(x, 0).
  case relu
  /// σ(x) = 1 / (1 + e⁻ˣ), in (0, 1).
  case sigmoid
  /// x.
  case identity

  package var kernelCode: Int32 {
    switch self {
    case .tanh: Int32(RK_TANH)
    case .relu: Int32(RK_RELU)
    case .sigmoid: Int32(RK_SIGMOID)
    case .identity: Int32(RK_IDENTITY)
    }
  }
}
