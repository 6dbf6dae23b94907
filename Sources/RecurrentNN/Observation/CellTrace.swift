internal import Foundation
public import RecurrentCore

/// What one recurrent layer, in one direction, did at every step of a batch, and how the loss depends on what each step handed
/// on to the next.
public struct CellTrace<Scalar: TensorScalar>: Sendable {
  /// Numbers with a name, at every step.
  public struct Quantity: Sendable, Hashable {
    /// "forget gate", "hidden".
    public let name: String
    /// `[T, B, size]`, 0 beyond each sequence's end.
    public internal(set) var values: SequenceBatch<Scalar>
  }

  /// Where the layer stands in the model: "body.1" is the second layer of the body.
  public let path: String
  /// Which way it runs over time.
  public let direction: Direction
  /// The type of its cell, such as "LSTMCell".
  public let cell: String
  /// The gates behind their activation, where the cell is a ``GatedCell``.
  public internal(set) var gates: [Quantity]
  /// The state after each step, component by component: of an LSTM h ("hidden") and c ("cell").
  public internal(set) var states: [Quantity]
  /// ∂L/∂sₜ for each component s of the state, in the order of ``states``: the total derivative by what step t hands on to the
  /// step that follows in its direction. Where a component is the cell's output too (``RecurrentCell/hiddenComponent``), as h
  /// of every cell of this package with one, what the layers above make of it at step t is in it.
  public internal(set) var stateGradients: [Quantity]

  /// ‖∂L/∂sₜ‖₂ at every step of a sequence, s one component of the state.
  ///
  /// - Precondition: the state has that component.
  public func gradientNorms(of component: String = "hidden", sequence: Int = 0) -> [Double] {
    guard let gradient = stateGradients.first(where: { $0.name == component })?.values else {
      preconditionFailure("'\(path)' has no state '\(component)'")
    }
    return gradient.norms(ofSequence: sequence)
  }

  /// The factor by which a gradient's norm changes in one step back through time: the geometric mean of the quotients of
  /// neighbouring steps, from the first step that the gradient reaches to the last. Below 1 it vanishes, above 1 it grows.
  ///
  /// - Parameters:
  ///   - norms: by step, as ``gradientNorms(of:sequence:)`` gives them.
  ///   - start: the step where the loss stands, where it is one: steps that come before it on the way back have no say. `nil`: all
  ///     steps have.
  /// - Returns: `nil` where the gradient is at fewer than two steps other than 0.
  public static func decay(of norms: [Double], direction: Direction, from start: Int? = nil) -> Double? {
    // Against the direction: as back-propagation comes by.
    let steps = direction == .forward ? Array(norms.indices.reversed()) : Array(norms.indices)
    let counted = steps.drop { start != nil && $0 != start }
    let reached = counted.enumerated().filter { norms[$1] > 0 && norms[$1].isFinite }
    guard let first = reached.first, let last = reached.last, last.offset > first.offset else { return nil }
    return exp((log(norms[last.element]) - log(norms[first.element])) / Double(last.offset - first.offset))
  }
}

extension SequenceBatch {
  /// ‖·‖₂ of the features at every step of a sequence.
  public func norms(ofSequence b: Int = 0) -> [Double] {
    (0..<lengths[b]).map { t in
      (0..<features).reduce(0) { $0 + Double(self[t, b, $1]) * Double(self[t, b, $1]) }.squareRoot()
    }
  }
}
