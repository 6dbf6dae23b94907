/// Elementwise arithmetic, for the stepwise form of cells and for tests. Fused sweeps use the kernels instead.
extension Matrix {
  /// a + b, elementwise. Precondition, here and in the other operators of two matrices: one shape.
  public static func + (left: Matrix, right: Matrix) -> Matrix { left.zip(right, "+") { $0 + $1 } }
  /// a − b, elementwise.
  public static func - (left: Matrix, right: Matrix) -> Matrix { left.zip(right, "-") { $0 - $1 } }
  /// The Hadamard (elementwise) product.
  public static func * (left: Matrix, right: Matrix) -> Matrix { left.zip(right, "*") { $0 * $1 } }
  /// c · a for a number c.
  public static func * (factor: Scalar, right: Matrix) -> Matrix { right.map { factor * $0 } }
  /// a ← a + b, elementwise.
  public static func += (left: inout Matrix, right: Matrix) { left = left + right }

  /// `function` of each element.
  public func map(_ function: (Scalar) -> Scalar) -> Matrix {
    Matrix(rows: rows, columns: columns, elements: elements.map(function))
  }

  /// f(a), elementwise, by the vector kernels.
  public func applying(_ activation: Activation) -> Matrix {
    var result = self
    result.elements.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      Scalar._activation(activation.kernelCode, buffer.count, base, base)
    }
    return result
  }

  /// The columns `range` as a matrix of their own.
  public func columns(_ range: Range<Int>) -> Matrix {
    var result = Matrix(zeros: rows, range.count)
    for row in 0..<rows {
      for (target, source) in range.enumerated() {
        result.elements[row * range.count + target] = elements[row * columns + source]
      }
    }
    return result
  }

  /// Rows of `self` followed by the rows of `other`'s columns: [a | b].
  public func joiningColumns(_ other: Matrix) -> Matrix {
    precondition(rows == other.rows, "cannot join \(rows) rows with \(other.rows) rows")
    var result = [Scalar]()
    result.reserveCapacity(rows * (columns + other.columns))
    for row in 0..<rows {
      result += elements[row * columns..<(row + 1) * columns]
      result += other.elements[row * other.columns..<(row + 1) * other.columns]
    }
    return Matrix(rows: rows, columns: columns + other.columns, elements: result)
  }

  private func zip(_ other: Matrix, _ name: String, _ function: (Scalar, Scalar) -> Scalar) -> Matrix {
    precondition(
      rows == other.rows && columns == other.columns,
      "\(name) needs two matrices of one shape, found [\(rows), \(columns)] and [\(other.rows), \(other.columns)]"
    )
    var result = self
    for index in elements.indices {
      result.elements[index] = function(elements[index], other.elements[index])
    }
    return result
  }
}
