public import RecurrentCore

/// Which cell, of what size: one direction of one layer.
public struct CellConfiguration: Sendable, Hashable, Codable {
  public enum Kind: Sendable, Hashable, Codable {
    case simple(Activation)
    case gru(GRUForm)
    case lstm
  }

  public var kind: Kind
  /// H.
  public var size: Int
  /// Default true.
  public var bias: Bool
  /// Default `.uniform`, as PyTorch's, so that published recipes carry over.
  public var initialization: Initialization
  /// First bias of an LSTM's forget gate; `nil`, the default: what `initialization` gives.
  public var forgetBias: Double?

  public init(
    _ kind: Kind, size: Int, bias: Bool = true, initialization: Initialization = .uniform,
    forgetBias: Double? = nil
  ) {
    self.kind = kind
    self.size = size
    self.bias = bias
    self.initialization = initialization
    self.forgetBias = forgetBias
  }
}

/// One layer of a model, as it is written in a configuration file.
public indirect enum LayerConfiguration: Sendable, Hashable, Codable {
  case recurrent(CellConfiguration, direction: Direction = .forward)
  case bidirectional(forward: CellConfiguration, reverse: CellConfiguration, merge: Merge = .concatenate)
  case linear(outputs: Int, bias: Bool = true, initializer: Initializer? = nil)
  case dropout(rate: Double)
  case stack([LayerConfiguration])
  case parallel([LayerConfiguration], merge: Merge)
}

/// Why a configuration cannot be built.
public enum ModelConfigurationError: Error, Sendable, Hashable, CustomStringConvertible {
  case size(layer: String, found: Int)
  case unequalBranches(layer: String, merge: Merge, sizes: [Int])
  case unmergedBelowAnother(layer: String)
  case dropoutRate(layer: String, found: Double)
  case empty(layer: String)
  /// More than ``mostParameters``.
  case tooLarge(layer: String)

  /// In one matrix: 2³⁰, 4 GiB in single precision.
  public static let mostParameters = 1 << 30

  public var description: String {
    switch self {
    case .size(let layer, let found):
      "layer \(layer): size \(found), expected at least 1"
    case .unequalBranches(let layer, let merge, let sizes):
      "layer \(layer): merge '\(merge.rawValue)' needs branches of one size, found \(sizes); use 'concatenate' or equal sizes"
    case .unmergedBelowAnother(let layer):
      "layer \(layer): merge 'none' keeps two outputs, and a layer above can read only one; use it in the last layer"
    case .dropoutRate(let layer, let found):
      "layer \(layer): dropout rate \(found), expected at least 0 and less than 1"
    case .tooLarge(let layer):
      "layer \(layer): more than \(Self.mostParameters) weights in one matrix; use smaller sizes"
    case .empty(let layer):
      "layer \(layer): no layers inside, expected at least one"
    }
  }
}
