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

    /// Whether the cell carries a memory beside h.
    public var hasMemory: Bool {
      switch self {
      case .simple, .gru: false
      case .lstm, .layerNormLSTM: true
      }
    }
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
  /// Rate of recurrent dropout: of h before its product, one mask a sequence, in training; default 0. See ``RecurrentNoise``.
  public var recurrentDropout: Double
  /// Rate of zoneout of h, default 0.
  public var zoneout: Double
  /// Rate of zoneout of an LSTM's memory c, default 0.
  public var zoneoutMemory: Double

  /// A cell of `size` hidden units; the defaults are those of the properties.
  public init(
    _ kind: Kind, size: Int, bias: Bool = true, initialization: Initialization = .uniform,
    forgetBias: Double? = nil, recurrentDropout: Double = 0, zoneout: Double = 0, zoneoutMemory: Double = 0
  ) {
    self.kind = kind
    self.size = size
    self.bias = bias
    self.initialization = initialization
    self.forgetBias = forgetBias
    self.recurrentDropout = recurrentDropout
    self.zoneout = zoneout
    self.zoneoutMemory = zoneoutMemory
  }

  /// Files from before there was noise have no rates.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    kind = try values.decode(Kind.self, forKey: .kind)
    size = try values.decode(Int.self, forKey: .size)
    bias = try values.decode(Bool.self, forKey: .bias)
    initialization = try values.decode(Initialization.self, forKey: .initialization)
    forgetBias = try values.decodeIfPresent(Double.self, forKey: .forgetBias)
    recurrentDropout = try values.decodeIfPresent(Double.self, forKey: .recurrentDropout) ?? 0
    zoneout = try values.decodeIfPresent(Double.self, forKey: .zoneout) ?? 0
    zoneoutMemory = try values.decodeIfPresent(Double.self, forKey: .zoneoutMemory) ?? 0
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
  /// Dropout in training, 0 ≤ rate < 1; by default of each element by itself.
  case dropout(rate: Double, unit: DropoutUnit = .element)
  /// Layers one upon another, the lowest first.
  case stack([LayerConfiguration])
  /// Layers side by side over one input.
  case parallel([LayerConfiguration], merge: Merge)
}

extension KeyedDecodingContainer {
  /// What the compiler's decoding of ``LayerConfiguration`` calls: files from before there were units have none.
  func decode(_ type: DropoutUnit.Type, forKey key: Key) throws -> DropoutUnit {
    try decodeIfPresent(type, forKey: key) ?? .element
  }
}

/// Why a configuration cannot be built.
public enum ModelConfigurationError: Error, Sendable, Hashable, CustomStringConvertible {
  /// A size below 1.
  case size(layer: String, found: Int)
  /// A merge that needs branches of one size, with branches of several.
  case unequalBranches(layer: String, merge: Merge, sizes: [Int])
  /// `.none` as the merge of a layer that another stands upon.
  case unmergedBelowAnother(layer: String)
  /// A rate of dropout or zoneout outside 0 ..< 1.
  case dropoutRate(layer: String, found: Double)
  /// Zoneout of a memory that the cell does not have.
  case noMemory(layer: String)
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
      "layer \(layer): rate \(found) of dropout or zoneout, expected at least 0 and less than 1"
    case .noMemory(let layer):
      "layer \(layer): zoneout of the memory of a cell that has none; use an LSTM, or zoneout of h alone"
    case .normalisedSize(let layer, let found):
      "layer \(layer): layer normalisation of \(found) hidden units, expected at least \(Self.leastNormalised), since of one number it leaves nothing and of two a sign"
    case .tooLarge(let layer):
      "layer \(layer): more than \(Self.mostParameters) weights in one matrix; use smaller sizes"
    case .empty(let layer):
      "layer \(layer): no layers inside, expected at least one"
    }
  }
}
