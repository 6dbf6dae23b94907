public import RecurrentCore

/// The cells, sizes and biases of a recurrent stack: all that decides the names and shapes of its parameters.
public struct RecurrentStackShape: Hashable, Sendable {
  /// One direction of one layer.
  public struct Cell: Hashable, Sendable {
    /// Which cell.
    public let kind: RecurrentCellKind
    /// H, features of its output.
    public let hiddenSize: Int
    /// Whether it has a bias; the default, true, is that of all the libraries.
    public let hasBias: Bool

    /// - Precondition: `hiddenSize` is 1 … 2^31 − 1.
    public init(_ kind: RecurrentCellKind, hiddenSize: Int, hasBias: Bool = true) {
      precondition(
        (1...Int(Int32.max)).contains(hiddenSize), "RecurrentStackShape: a hidden size of \(hiddenSize)")
      self.kind = kind
      self.hiddenSize = hiddenSize
      self.hasBias = hasBias
    }

    /// Rows of the weight matrices, `G·H`.
    var gateRows: Int { kind.gateCount * hiddenSize }
  }

  /// One layer: the features it reads, and a cell for each direction it runs in, of any kinds and sizes.
  public struct Layer: Hashable, Sendable {
    /// Features that both directions read.
    public let inputSize: Int
    /// The cell that runs forward; `nil`: none.
    public let forward: Cell?
    /// The cell that runs in reverse; `nil`: none.
    public let reverse: Cell?

    /// - Precondition: `inputSize` is 1 … 2^31 − 1 and at least one direction has a cell.
    public init(inputSize: Int, forward: Cell?, reverse: Cell? = nil) {
      precondition(
        (1...Int(Int32.max)).contains(inputSize), "RecurrentStackShape: an input size of \(inputSize)")
      precondition(forward != nil || reverse != nil, "RecurrentStackShape: a layer without any direction")
      self.inputSize = inputSize
      self.forward = forward
      self.reverse = reverse
    }

    /// The cell of one direction; `nil` where the layer does not run that way.
    public func cell(_ direction: Direction) -> Cell? {
      switch direction {
      case .forward: forward
      case .reverse: reverse
      }
    }
  }

  /// Bottom to top.
  public let layers: [Layer]

  /// - Precondition: there is at least one layer.
  public init(layers: [Layer]) {
    precondition(!layers.isEmpty, "RecurrentStackShape: a stack without layers")
    self.layers = layers
  }

  /// A stack of equal layers whose directions are concatenated, as PyTorch's `nn.RNN`, `nn.GRU` and `nn.LSTM`
  /// have it.
  public init(
    _ kind: RecurrentCellKind, inputSize: Int, hiddenSize: Int, layerCount: Int = 1,
    isBidirectional: Bool = false,
    hasBias: Bool = true
  ) {
    let cell = Cell(kind, hiddenSize: hiddenSize, hasBias: hasBias)
    let width = isBidirectional ? 2 * hiddenSize : hiddenSize
    self.init(
      layers: (0..<layerCount).map {
        Layer(inputSize: $0 == 0 ? inputSize : width, forward: cell, reverse: isBidirectional ? cell : nil)
      })
  }

  /// Layer by layer, forward before reverse.
  var cells: [(layer: Int, direction: Direction, inputSize: Int, cell: Cell)] {
    layers.enumerated().flatMap { index, layer in
      Direction.allCases.compactMap { direction in
        layer.cell(direction).map { (index, direction, layer.inputSize, $0) }
      }
    }
  }
}
