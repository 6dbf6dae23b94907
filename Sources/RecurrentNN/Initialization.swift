internal import RecurrentCore

/// A named scheme for the first values of a whole layer.
public enum Initialization: String, Codable, CaseIterable, Sendable {
  /// Everything uniform on ±1/√H, biases too: PyTorch's for recurrent layers.
  case uniform
  /// Input weights Glorot uniform, recurrent weights orthogonal for each gate, biases zero: Keras's for recurrent layers,
  /// but that Keras makes all gates' recurrent weights together orthogonal.
  case glorot
  /// Input and recurrent weights orthogonal for each gate, biases zero.
  case orthogonal
  /// Weights normal with standard deviation 1, biases zero: the scheme of the source notes' RNN chapter. It saturates
  /// tanh where a cell has many inputs.
  case normal
  /// Weights normal with standard deviation 1/√(inputs of the matrix), biases zero: the scheme of the source notes'
  /// PM2.5 networks.
  case normalByInputs

  func input(hidden: Int, inputs: Int, gates: Int = 1) -> Initializer {
    switch self {
    case .uniform: .uniform(bound: 1 / Double(hidden).squareRoot())
    case .glorot: .glorotUniform
    case .orthogonal: .gates([Initializer](repeating: .orthogonal, count: gates))
    case .normal: .normal(standardDeviation: 1)
    case .normalByInputs: .normal(standardDeviation: 1 / Double(inputs).squareRoot())
    }
  }

  func hidden(hidden: Int, gates: Int) -> Initializer {
    switch self {
    case .glorot, .orthogonal: .gates([Initializer](repeating: .orthogonal, count: gates))
    default: input(hidden: hidden, inputs: hidden, gates: gates)
    }
  }

  func bias(hidden: Int) -> Initializer {
    self == .uniform ? .uniform(bound: 1 / Double(hidden).squareRoot()) : .zeros
  }
}
