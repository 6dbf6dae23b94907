public import RecurrentCore

/// What a cell carries from one step to the next: one or more matrices `[B, size]` with names.
///
/// A state is a value: it is passed in and handed back, never kept in a layer.
public protocol RecurrentState<Scalar>: Sendable {
  /// The element type of every component.
  associatedtype Scalar: TensorScalar
  /// The names of ``components``, in their order.
  static var componentNames: [String] { get }
  /// The matrices `[B, size]`, one row a sequence; sizes may differ from component to component.
  var components: [Matrix<Scalar>] { get }
  /// Precondition: as many components as names.
  init(components: [Matrix<Scalar>])
}

extension RecurrentState {
  /// The state of the sequences `rows`, in that order.
  package func gatheringRows(_ rows: [Int]) -> Self {
    Self(components: components.map { $0.gatheringRows(rows) })
  }

  /// This state with one component multiplied by `mask`.
  func maskingHidden(_ component: Int?, by mask: Matrix<Scalar>) -> Self {
    guard let component else { preconditionFailure("recurrent dropout: no component of the state is h") }
    var result = components
    result[component] = result[component] * mask
    return Self(components: result)
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
  /// h `[B, H]`.
  public var hidden: Matrix<Scalar>

  /// A state, or the gradient of one.
  public init(hidden: Matrix<Scalar>) { self.hidden = hidden }

  /// `["hidden"]`.
  public static var componentNames: [String] { ["hidden"] }
  /// h alone.
  public var components: [Matrix<Scalar>] { [hidden] }
  /// From h. Precondition: one component.
  public init(components: [Matrix<Scalar>]) { hidden = components[0] }
}

/// The state of an LSTM: h `[B, H]`, which is also the cell's output, and the cell's memory c `[B, H]`.
public struct LSTMState<Scalar: TensorScalar>: RecurrentState, Hashable {
  /// h `[B, H]`.
  public var hidden: Matrix<Scalar>
  /// c `[B, H]`.
  public var cell: Matrix<Scalar>

  /// A state, or the gradient of one. Both `[B, H]`.
  public init(hidden: Matrix<Scalar>, cell: Matrix<Scalar>) {
    self.hidden = hidden
    self.cell = cell
  }

  /// `["hidden", "cell"]`.
  public static var componentNames: [String] { ["hidden", "cell"] }
  /// h, then c.
  public var components: [Matrix<Scalar>] { [hidden, cell] }
  /// From h and c. Precondition: two components.
  public init(components: [Matrix<Scalar>]) {
    hidden = components[0]
    cell = components[1]
  }
}
