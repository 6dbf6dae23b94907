public import RecurrentCore

/// What a cell carries from one step to the next: one or more matrices `[B, size]` with names.
///
/// A state is a value: it is passed in and handed back, never kept in a layer.
public protocol RecurrentState<Scalar>: Sendable {
  associatedtype Scalar: TensorScalar
  /// The names of ``components``, in their order.
  static var componentNames: [String] { get }
  var components: [Matrix<Scalar>] { get }
  /// Precondition: as many components as names.
  init(components: [Matrix<Scalar>])
}

extension RecurrentState {
  /// The state of the sequences `rows`, in that order.
  package func gatheringRows(_ rows: [Int]) -> Self {
    Self(components: components.map { $0.gatheringRows(rows) })
  }

  /// This state with the sequences `rows` replaced by those of `other`.
  package func replacingRows(_ rows: [Int], with other: Self) -> Self {
    var result = components
    for (index, component) in other.components.enumerated() {
      for (source, target) in rows.enumerated() {
        for column in 0..<component.columns { result[index][target, column] = component[source, column] }
      }
    }
    return Self(components: result)
  }
}

/// The state of a simple RNN or a GRU: h `[B, H]`, which is also the cell's output.
public struct HiddenState<Scalar: TensorScalar>: RecurrentState, Hashable {
  public var hidden: Matrix<Scalar>

  public init(hidden: Matrix<Scalar>) { self.hidden = hidden }

  public static var componentNames: [String] { ["hidden"] }
  public var components: [Matrix<Scalar>] { [hidden] }
  public init(components: [Matrix<Scalar>]) { hidden = components[0] }
}

/// The state of an LSTM: h `[B, H]`, which is also the cell's output, and the cell's memory c `[B, H]`.
public struct LSTMState<Scalar: TensorScalar>: RecurrentState, Hashable {
  public var hidden: Matrix<Scalar>
  public var cell: Matrix<Scalar>

  public init(hidden: Matrix<Scalar>, cell: Matrix<Scalar>) {
    self.hidden = hidden
    self.cell = cell
  }

  public static var componentNames: [String] { ["hidden", "cell"] }
  public var components: [Matrix<Scalar>] { [hidden, cell] }
  public init(components: [Matrix<Scalar>]) {
    hidden = components[0]
    cell = components[1]
  }
}
