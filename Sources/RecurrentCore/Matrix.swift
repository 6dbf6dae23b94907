/// A dense matrix `[rows, columns]`, row-major: element (i, j) is `elements[i * columns + j]`.
///
/// The time step's view of a batch: one row a sequence. There is no tensor of more dimensions in the package; time is
/// an axis of ``SequenceBatch``.
public struct Matrix<Scalar: TensorScalar>: Sendable, Hashable {
  /// B in a step of a batch.
  public let rows: Int
  /// F, features of a row.
  public let columns: Int
  /// Row by row, `rows * columns` of them. Whoever replaces them keeps their count.
  public var elements: [Scalar]

  /// Wraps `elements`, row by row. Precondition: `elements.count == rows * columns`.
  @inlinable
  public init(rows: Int, columns: Int, elements: [Scalar]) {
    precondition(rows >= 0 && columns >= 0, "a matrix cannot be \(rows) x \(columns)")
    precondition(
      elements.count == rows * columns,
      "matrix [\(rows), \(columns)] needs \(rows * columns) elements, found \(elements.count)")
    self.rows = rows
    self.columns = columns
    self.elements = elements
  }

  /// All elements zero.
  @inlinable
  public init(zeros rows: Int, _ columns: Int) {
    self.init(rows: rows, columns: columns, elements: [Scalar](repeating: 0, count: rows * columns))
  }

  /// One row for each inner array. Precondition: all of one length.
  public init(_ rowValues: [[Scalar]]) {
    self.init(rows: rowValues.count, columns: rowValues.first?.count ?? 0, elements: rowValues.flatMap { $0 })
  }

  /// Element (row, column). Precondition: it lies inside. Checked at every call: loops over whole matrices go over
  /// ``elements``.
  public subscript(row: Int, column: Int) -> Scalar {
    get {
      precondition(row >= 0 && row < rows && column >= 0 && column < columns, outOfRange(row, column))
      return elements[row * columns + column]
    }
    set {
      precondition(row >= 0 && row < rows && column >= 0 && column < columns, outOfRange(row, column))
      elements[row * columns + column] = newValue
    }
  }

  /// The elements of one row.
  public func row(_ index: Int) -> [Scalar] {
    Array(elements[index * columns..<(index + 1) * columns])
  }

  /// The rows at `indices`, in that order.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func gatheringRows(_ indices: [Int]) -> Matrix {
    let count = indices.count * columns
    let result = [Scalar](unsafeUninitializedCapacity: count) { target, initialized in
      for row in indices {
        for column in 0..<columns {
          target.initializeElement(at: initialized, to: elements[row * columns + column])
          initialized += 1
        }
      }
    }
    return Matrix(rows: indices.count, columns: columns, elements: result)
  }

  private func outOfRange(_ row: Int, _ column: Int) -> String {
    "element (\(row), \(column)) of a matrix [\(rows), \(columns)]"
  }
}
