/// Elementwise arithmetic, for the stepwise form of cells and for tests. Fused sweeps use the kernels instead.
///
/// Cells are generic over their scalar, and generic code of another module pays tens of nanoseconds an element; so what
/// loops here is compiled for `Float` and `Double`, and a call finds that form whoever makes it.
extension Matrix {
  /// a + b, elementwise. Precondition, here and in the other operators of two matrices: one shape.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public static func + (left: Matrix, right: Matrix) -> Matrix { left.zip(right, "+") { $0 + $1 } }
  /// a − b, elementwise.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public static func - (left: Matrix, right: Matrix) -> Matrix { left.zip(right, "-") { $0 - $1 } }
  /// The Hadamard (elementwise) product.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public static func * (left: Matrix, right: Matrix) -> Matrix { left.zip(right, "*") { $0 * $1 } }
  /// c · a for a number c.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public static func * (factor: Scalar, right: Matrix) -> Matrix { right.map { factor * $0 } }
  /// a ← a + b, elementwise.
  public static func += (left: inout Matrix, right: Matrix) { left = left + right }

  /// `function` of each element. A client's own generic code pays for each call of `function`; where that matters, give
  /// the client's function `@specialized` too, or use ``applying(_:)``.
  @inlinable
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func map(_ function: (Scalar) -> Scalar) -> Matrix {
    let count = elements.count
    let result = [Scalar](unsafeUninitializedCapacity: count) { target, initialized in
      elements.withUnsafeBufferPointer { source in
        for index in 0..<count { target.initializeElement(at: index, to: function(source[index])) }
      }
      initialized = count
    }
    return Matrix(rows: rows, columns: columns, elements: result)
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

  /// The columns `range` as a matrix of their own. Precondition: they are among the matrix's.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func columns(_ range: Range<Int>) -> Matrix {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= columns,
      "columns \(range) of a matrix [\(rows), \(columns)]")
    var result = [Scalar]()
    result.reserveCapacity(rows * range.count)
    for row in 0..<rows {
      result += elements[row * columns + range.lowerBound..<row * columns + range.upperBound]
    }
    return Matrix(rows: rows, columns: range.count, elements: result)
  }

  /// Rows of `self` followed by the rows of `other`'s columns: [a | b].
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
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

  @inline(__always)
  private func zip(_ other: Matrix, _ name: String, _ function: (Scalar, Scalar) -> Scalar) -> Matrix {
    precondition(
      rows == other.rows && columns == other.columns,
      "\(name) needs two matrices of one shape, found [\(rows), \(columns)] and [\(other.rows), \(other.columns)]"
    )
    let count = elements.count
    let result = [Scalar](unsafeUninitializedCapacity: count) { target, initialized in
      elements.withUnsafeBufferPointer { a in
        other.elements.withUnsafeBufferPointer { b in
          for index in 0..<count { target.initializeElement(at: index, to: function(a[index], b[index])) }
        }
      }
      initialized = count
    }
    return Matrix(rows: rows, columns: columns, elements: result)
  }
}
