public import RecurrentCore

/// This package's own names and shapes for the parameters of a recurrent stack.
///
/// For layer `k` (from 0) of a stack named `rnn`, in the direction `forward` (and `reverse` alike):
///
/// | name | shape | |
/// |---|---|---|
/// | `rnn.k.forward.weightInput` | `[G·H, in]` | rows by gate: i f g o, r z n |
/// | `rnn.k.forward.weightHidden` | `[G·H, H]` | |
/// | `rnn.k.forward.bias` | `[1, G·H]` | the one bias, on the input's side |
/// | `rnn.k.forward.biasHidden` | `[1, H]` | only GRU in the form `.resetAfter`: `b_hn`, inside `r ⊙ (…)` |
public enum ParameterNames {
  /// The last part of a parameter's name.
  public enum Slot: String, Hashable, Sendable, CaseIterable {
    /// W `[G·H, in]`.
    case weightInput
    /// U `[G·H, H]`.
    case weightHidden
    /// b `[1, G·H]`.
    case bias
    /// c `[1, H]` of a reset-after GRU.
    case biasHidden
  }

  /// For example `rnn.0.forward.weightInput`.
  public static func name(
    _ slot: Slot, prefix: String, layer: Int, direction: Direction
  ) -> String {
    joined(prefix, "\(layer).\(direction.rawValue).\(slot.rawValue)")
  }

  /// The shape of a slot, or `nil` where such a cell has none of it.
  public static func shape(_ slot: Slot, of cell: RecurrentStackShape.Cell, inputSize: Int) -> [Int]? {
    switch slot {
    case .weightInput: [cell.gateRows, inputSize]
    case .weightHidden: [cell.gateRows, cell.hiddenSize]
    case .bias: cell.hasBias ? [1, cell.gateRows] : nil
    case .biasHidden: cell.hasBias && cell.kind == .gru(.resetAfter) ? [1, cell.hiddenSize] : nil
    }
  }

  /// Every parameter of the stack, layer by layer, forward before reverse, slots in the order of `Slot`.
  public static func all(of stack: RecurrentStackShape, prefix: String) -> [(name: String, shape: [Int])] {
    stack.cells.flatMap { layer, direction, inputSize, cell in
      Slot.allCases.compactMap { slot in
        shape(slot, of: cell, inputSize: inputSize).map {
          (name(slot, prefix: prefix, layer: layer, direction: direction), $0)
        }
      }
    }
  }

  /// `prefix.rest`, or `rest` where the prefix is empty.
  static func joined(_ prefix: String, _ rest: String) -> String {
    prefix.isEmpty ? rest : "\(prefix).\(rest)"
  }
}
