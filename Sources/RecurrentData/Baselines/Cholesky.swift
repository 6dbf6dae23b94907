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
      for first in stride(from: 0, to: size, by: Self.block) {
        let rows = first..<min(first + Self.block, size)
        let diagonals = rows.map { lower[$0 * size + $0] }
        for firstColumn in stride(from: 0, through: first, by: Self.block) {
          let columns = firstColumn..<min(firstColumn + Self.block, size)
          Self.subtractProducts(lower, size, rows, columns)
          for row in rows {
            for column in columns where column < row {
              // What the columns of this block add to the products.
              let product = innerProduct(
                lower + row * size + firstColumn, lower + column * size + firstColumn,
                count: column - firstColumn)
              lower[row * size + column] =
                isDropped[column]
                ? 0 : (lower[row * size + column] - product) / lower[column * size + column]
            }
            guard columns.contains(row) else { continue }
            let own = lower + row * size + firstColumn
            let pivot = lower[row * size + row] - innerProduct(own, own, count: row - firstColumn)
            isDropped[row] = !(pivot > Self.tolerance * diagonals[row - first])
            lower[row * size + row] = isDropped[row] ? 1 : pivot.squareRoot()
          }
        }
      }
    }
    self.size = size
    self.lower = lower
    self.isDropped = isDropped
  }

  /// Rows and columns that are worked on together, and how much of them at a time: both stay in the core's own cache.
  private static let block = 64
  private static let depth = 512

  /// Subtracts from each element of `rows` and `columns` the products of the columns before those.
  private static func subtractProducts(
    _ lower: UnsafeMutablePointer<Double>, _ size: Int, _ rows: Range<Int>, _ columns: Range<Int>
  ) {
    for first in stride(from: 0, to: columns.lowerBound, by: depth) {
      let count = min(depth, columns.lowerBound - first)
      for row in rows {
        let own = lower + row * size + first
        for column in columns where column <= row {
          lower[row * size + column] -= innerProduct(own, lower + column * size + first, count: count)
        }
      }
    }
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
