/// The order in which a library stacks the gates of a cell in one matrix, and every conversion between such
/// orders.
///
/// A gate-blocked matrix of `G` gates and `H` hidden units has `G·H` rows (or columns): `H` for the first
/// gate, `H` for the second, and so on.
///
/// | library | LSTM | GRU |
/// |---|---|---|
/// | this package, PyTorch, MLX | i f g o | r z n |
/// | Keras | i f c o | z r h |
/// | ONNX | i o f c | z r h |
/// | oneDNN | i f c̃ o | u r o |
/// | haste | i g f o | z r h |
///
/// `c`, `c̃` and `g` are names of the LSTM's candidate; `u` and `z` of the GRU's update gate; `h`, `o` and
/// `n` of its candidate. All these libraries let the update gate keep the old state: `h_t = z ⊙ h_{t-1} + (1
/// − z) ⊙ n`.
public struct GateOrder: Hashable, Sendable, CustomStringConvertible {
  /// A gate or candidate, by this package's letter for it.
  public enum Gate: String, Hashable, Sendable {
    /// The LSTM's input gate `i`, forget gate `f`, candidate `g`, output gate `o`.
    case input = "i"
    /// f, how much of the old memory is kept.
    case forget = "f"
    /// g, what is written into the memory.
    case cellCandidate = "g"
    /// o, how much of the memory is shown.
    case output = "o"
    /// The GRU's reset gate `r`, update gate `z`, candidate `n`.
    case reset = "r"
    /// z, how much of the old state is kept.
    case update = "z"
    /// n, the new state before it is mixed with the old.
    case candidate = "n"
    /// The one block of a plain RNN.
    case state = "h"
  }

  /// The blocks, first to last.
  public let gates: [Gate]

  private init(_ gates: Gate...) { self.gates = gates }

  /// The one block of a plain RNN, in every library.
  public static let rnn = GateOrder(.state)
  /// LSTM of this package, PyTorch, MLX, Keras and oneDNN.
  public static let ifgo = GateOrder(.input, .forget, .cellCandidate, .output)
  /// LSTM of ONNX.
  public static let iofg = GateOrder(.input, .output, .forget, .cellCandidate)
  /// LSTM of haste.
  public static let igfo = GateOrder(.input, .cellCandidate, .forget, .output)
  /// GRU of this package, PyTorch and MLX.
  public static let rzn = GateOrder(.reset, .update, .candidate)
  /// GRU of Keras, ONNX, haste and oneDNN.
  public static let zrn = GateOrder(.update, .reset, .candidate)

  public var description: String { gates.map(\.rawValue).joined(separator: " ") }

  /// For each block of `target`, in turn, the index of the same gate here.
  /// - Precondition: both orders are of the same kind of cell.
  public func permutation(to target: GateOrder) -> [Int] {
    precondition(
      Set(gates) == Set(target.gates), "GateOrder: \(self) and \(target) are not of the same kind of cell")
    return target.gates.map { gates.firstIndex(of: $0)! }
  }

  /// Reorders the rows of `matrix`, `[G·H, columns]` in row-major order, from this order to `target`.
  ///
  /// A bias is a matrix of one column. Cost: one copy.
  /// - Precondition: the orders are of one kind of cell, and `matrix` has `G` equal blocks of rows.
  public func reorderRows<Scalar: Sendable>(
    of matrix: [Scalar], columns: Int, to target: GateOrder
  ) -> Conversion<[Scalar]> {
    let blocks = permutation(to: target)
    precondition(
      columns >= 0 && matrix.count.isMultiple(of: gates.count * max(columns, 1)),
      "GateOrder.reorderRows: \(matrix.count) elements are not \(gates.count) blocks of rows of \(columns)")
    let blockSize = matrix.count / gates.count
    var result: [Scalar] = []
    result.reserveCapacity(matrix.count)
    for block in blocks { result.append(contentsOf: matrix[block * blockSize..<(block + 1) * blockSize]) }
    return converted(result, to: target)
  }

  /// Reorders the columns of `matrix`, `[rows, G·H]` in row-major order, from this order to `target`.
  /// - Precondition: the orders are of one kind of cell, and each row has `G` equal blocks.
  public func reorderColumns<Scalar: Sendable>(
    of matrix: [Scalar], rows: Int, to target: GateOrder
  ) -> Conversion<[Scalar]> {
    let blocks = permutation(to: target)
    precondition(
      rows >= 0 && matrix.count.isMultiple(of: gates.count * max(rows, 1)),
      "GateOrder.reorderColumns: \(matrix.count) elements are not \(rows) rows of \(gates.count) blocks")
    let blockSize = rows == 0 ? 0 : matrix.count / rows / gates.count
    var result: [Scalar] = []
    result.reserveCapacity(matrix.count)
    for row in 0..<rows {
      let start = row * gates.count * blockSize
      for block in blocks {
        result.append(contentsOf: matrix[start + block * blockSize..<start + (block + 1) * blockSize])
      }
    }
    return converted(result, to: target)
  }

  private func converted<Value: Sendable>(_ value: Value, to target: GateOrder) -> Conversion<Value> {
    Conversion(
      value: value, isLossless: true,
      note: self == target
        ? "gates kept in the order \(self)" : "gates reordered from \(self) to \(target), nothing rounded")
  }
}

/// A library, or a family of file formats, with gate orders of its own.
public enum GateConvention: String, Hashable, Sendable, CaseIterable {
  /// This package: i f g o, r z n.
  case recurrent
  /// PyTorch: i f g o, r z n.
  case pyTorch
  /// MLX: i f g o, r z n.
  case mlx
  /// Keras: i f c o, z r h.
  case keras
  /// ONNX: i o f c, z r h.
  case onnx
  /// oneDNN: i f c̃ o, u r o.
  case oneDNN
  /// haste: i g f o, z r h.
  case haste

  /// The order in which this library stacks the gates of such a cell.
  public func order(of cell: RecurrentCellKind) -> GateOrder {
    switch (cell, self) {
    case (.rnn, _): .rnn
    case (.lstm, .onnx): .iofg
    case (.lstm, .haste): .igfo
    case (.lstm, _): .ifgo
    case (.gru, .recurrent), (.gru, .pyTorch), (.gru, .mlx): .rzn
    case (.gru, _): .zrn
    }
  }
}
