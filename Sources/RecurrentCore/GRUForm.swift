/// Where a GRU's reset gate stands. The two forms compute different functions and are never silently exchanged.
public enum GRUForm: String, Codable, CaseIterable, Sendable {
  /// n = tanh(W x + U (r ⊙ h) + b): Cho et al. 2014, the source notes, Keras `reset_after=False`, ONNX
  /// `linear_before_reset=0`.
  case resetBefore
  /// n = tanh(W x + b + r ⊙ (U h + c)), with a bias c of its own: cuDNN, PyTorch, Keras `reset_after=True`, ONNX
  /// `linear_before_reset=1`.
  case resetAfter
}
