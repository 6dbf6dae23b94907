public import RecurrentCore

/// The kinds of cell whose weights other libraries store too.
public enum RecurrentCellKind: Hashable, Sendable, CustomStringConvertible {
  case rnn
  case gru(GRUForm)
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
