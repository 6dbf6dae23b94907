public import RecurrentCore

/// Which cell, of what size: one direction of one layer.
public struct CellConfiguration: Sendable, Hashable, Codable {
  /// Which equations.
  public enum Kind: Sendable, Hashable, Codable {
    /// h′ = f(W x + U h + b): ``SimpleRNNCell``.
    case simple(Activation)
    /// ``GRUCell``, in one of its two forms.
    case gru(GRUForm)
    /// ``LSTMCell``.
    case lstm
    /// ``LayerNormLSTMCell``; at least three hidden units.
    case layerNormLSTM
  }

  /// Which equations.
  public var kind: Kind
  /// H.
  public var size: Int
  /// Default true.
  public var bias: Bool
  /// Default `.uniform`, as PyTorch's, so that published recipes carry over.
  public var initialization: Initialization
  /// First bias of an LSTM's forget gate, with layer normalisation or without; `nil`, the default: what `initialization` gives.
  public var forgetBias: Double?

  /// A cell of `size` hidden units; the defaults are those of the properties.
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
  /// One cell in one direction; by default forward.
  case recurrent(CellConfiguration, direction: Direction = .forward)
  /// Two cells of any kinds and sizes; by default their outputs stand side by side.
  case bidirectional(forward: CellConfiguration, reverse: CellConfiguration, merge: Merge = .concatenate)
  /// y = x Wᵀ + b at every step; `initializer` nil, the default: uniform on ±1/√inputs.
  case linear(outputs: Int, bias: Bool = true, initializer: Initializer? = nil)
  /// Dropout in training, 0 ≤ rate < 1.
  case dropout(rate: Double)
  /// Layers one upon another, the lowest first.
  case stack([LayerConfiguration])
  /// Layers side by side over one input.
  case parallel([LayerConfiguration], merge: Merge)
}

/// Why a configuration cannot be built.
public enum ModelConfigurationError: Error, Sendable, Hashable, CustomStringConvertible {
  /// A size below 1.
  case size(layer: String, found: Int)
  /// A merge that needs branches of one size, with branches of several.
  case unequalBranches(layer: String, merge: Merge, sizes: [Int])
  /// `.none` as the merge of a layer that another stands upon.
  case unmergedBelowAnother(layer: String)
  /// A rate outside 0 ..< 1.
  case dropoutRate(layer: String, found: Double)
  /// Fewer hidden units than layer normalisation has a meaning for.
  case normalisedSize(layer: String, found: Int)
  /// A stack or parallel layer without layers.
  case empty(layer: String)
  /// More than ``mostParameters``.
  case tooLarge(layer: String)

  /// Hidden units of a cell with layer normalisation.
  public static let leastNormalised = 3

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
    case .normalisedSize(let layer, let found):
      "layer \(layer): layer normalisation of \(found) hidden units, expected at least \(Self.leastNormalised), since of one number it leaves nothing and of two a sign"
    case .tooLarge(let layer):
      "layer \(layer): more than \(Self.mostParameters) weights in one matrix; use smaller sizes"
    case .empty(let layer):
      "layer \(layer): no layers inside, expected at least one"
    }
  }
}
