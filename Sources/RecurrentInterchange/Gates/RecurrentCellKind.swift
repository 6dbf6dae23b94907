/// The kinds of cell whose weights other libraries store too.
public enum RecurrentCellKind: Hashable, Sendable, CustomStringConvertible {
  /// Where a GRU applies its reset gate. The two forms are different functions with different parameters, and
  /// neither can be turned into the other.
  public enum GRUForm: String, Hashable, Sendable {
    /// `n = tanh(W x + b + r ⊙ (U h + b_hn))`: cuDNN, PyTorch, Keras with `reset_after=True`, ONNX with
    /// `linear_before_reset=1`.
    case resetAfter
    /// `n = tanh(W x + b + U (r ⊙ h))`: Cho et al. 2014 (doi:10.3115/v1/D14-1179), Keras with
    /// `reset_after=False`, ONNX with `linear_before_reset=0`.
    case resetBefore
  }

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
