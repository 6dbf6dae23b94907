/// Solves symmetric positive semidefinite systems G x = b by G = L Lᵀ.
///
/// A column that depends on earlier ones, within `tolerance` of its diagonal element, is left out: its x is 0. That is
/// the basic solution, as a pivoted decomposition would find it.
struct Cholesky {
  let size: Int
  /// Row-major lower triangle.
  private let lower: [Double]
  private let isDropped: [Bool]

  var droppedCount: Int { isDropped.count(where: { $0 }) }

  /// Products of 64-bit numbers leave about 1e-16 · size of a dependent column's diagonal element; 1e-12 lies well
  /// above that, and corresponds to columns that agree to six digits.
  static let tolerance = 1e-12

  init(_ matrix: [Double], size: Int) {
    precondition(
      matrix.count == size * size, "Cholesky: \(matrix.count) elements, expected \(size) x \(size)")
    var lower = matrix
    var isDropped = [Bool](repeating: false, count: size)
    lower.withUnsafeMutableBufferPointer { buffer in
      guard let lower = buffer.baseAddress else { return }
      for row in 0..<size {
        let start = row * size
        let diagonal = lower[start + row]
        for column in 0..<row {
          let product = innerProduct(lower + start, lower + column * size, count: column)
          lower[start + column] =
            isDropped[column] ? 0 : (lower[start + column] - product) / lower[column * size + column]
        }
        let pivot = diagonal - innerProduct(lower + start, lower + start, count: row)
        isDropped[row] = !(pivot > Self.tolerance * diagonal)
        lower[start + row] = isDropped[row] ? 1 : pivot.squareRoot()
      }
    }
    self.size = size
    self.lower = lower
    self.isDropped = isDropped
  }

  func solve(_ rightSide: [Double]) -> [Double] {
    var x = rightSide
    for row in 0..<size {
      var sum = x[row]
      for column in 0..<row { sum -= lower[row * size + column] * x[column] }
      x[row] = isDropped[row] ? 0 : sum / lower[row * size + row]
    }
    for row in (0..<size).reversed() {
      x[row] = isDropped[row] ? 0 : x[row] / lower[row * size + row]
      for column in 0..<row { x[column] -= lower[row * size + column] * x[row] }
    }
    return x
  }
}
