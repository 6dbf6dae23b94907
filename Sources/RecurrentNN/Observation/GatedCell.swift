public import RecurrentCore

/// A cell whose gates can be looked at (``SequenceModel/trace(_:from:positions:parameters:outputGradient:)``). Of any other cell the
/// states are shown alone.
///
///     extension MyCell: GatedCell {
///       var gateNames: [String] { ["update gate", "candidate"] }
///       func gates(of tape: Tape) -> [Matrix<Scalar>] { [tape.update, tape.candidate] }
///     }
public protocol GatedCell<Scalar>: RecurrentCell {
  /// In the field's words: "forget gate", "candidate".
  var gateNames: [String] { get }

  /// The values of a step's gates, behind their activation: a matrix `[B, size]` for each of ``gateNames``, in their order.
  func gates(of tape: Tape) -> [Matrix<Scalar>]
}

extension LSTMCell: GatedCell {
  /// In the order i f g o.
  public var gateNames: [String] { ["input gate", "forget gate", "candidate", "output gate"] }

  /// i, f, g and o, each `[B, H]`.
  public func gates(of tape: Tape) -> [Matrix<Scalar>] { tape.gates.parts(of: outputSize) }
}

extension LayerNormLSTMCell: GatedCell {
  /// In the order i f g o.
  public var gateNames: [String] { ["input gate", "forget gate", "candidate", "output gate"] }

  /// i, f, g and o, each `[B, H]`.
  public func gates(of tape: Tape) -> [Matrix<Scalar>] { [tape.i, tape.f, tape.g, tape.o] }
}

extension GRUCell: GatedCell {
  /// In the order r z n.
  public var gateNames: [String] { ["reset gate", "update gate", "candidate"] }

  /// r, z and n, each `[B, H]`. z keeps the state: h′ = z ⊙ h + (1 − z) ⊙ n.
  public func gates(of tape: Tape) -> [Matrix<Scalar>] { tape.gates.parts(of: outputSize) }
}

extension Matrix {
  /// The columns in blocks of one size.
  fileprivate func parts(of size: Int) -> [Matrix] {
    stride(from: 0, to: columns, by: size).map { columns($0..<$0 + size) }
  }
}
