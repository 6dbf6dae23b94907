public import RecurrentCore

/// The kinds of cell whose weights other libraries store too.
public enum RecurrentCellKind: Hashable, Sendable, CustomStringConvertible {
  /// h′ = f(W x + U h + b), one block.
  case rnn
  /// Gates r and z and a candidate, in the form that says where the reset gate stands.
  case gru(GRUForm)
  /// Gates i, f and o and a candidate, with a memory c.
  case lstm

  /// Blocks of rows in the weight matrices: 1, 3 or 4.
  public var gateCount: Int {
    switch self {
    case .rnn: 1
    case .gru: 3
    case .lstm: 4
    }
  }

  public var description: String {
    switch self {
    case .rnn: "RNN"
    case .gru(.resetAfter): "GRU (reset after)"
    case .gru(.resetBefore): "GRU (reset before)"
    case .lstm: "LSTM"
    }
  }
}
