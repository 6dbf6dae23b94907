/// Least squares by Householder reflections on the whole matrix: slow, and independent of normal equations.
enum HouseholderOracle {
  /// x that minimises ‖A x − b‖, for A of full column rank given by rows.
  static func solve(_ rows: [[Double]], _ right: [Double]) -> [Double] {
    var a = rows
    var b = right
    let (m, n) = (a.count, a[0].count)
    for k in 0..<n {
      var norm = (k..<m).reduce(0) { $0 + a[$1][k] * a[$1][k] }.squareRoot()
      if a[k][k] > 0 { norm = -norm }
      // v = a_k − norm · e_k, stored apart; the reflection is x − 2 v (v·x) / (v·v).
      var v = (k..<m).map { a[$0][k] }
      v[0] -= norm
      let square = v.reduce(0) { $0 + $1 * $1 }
      for column in k..<n {
        let product = 2 * (k..<m).reduce(0) { $0 + v[$1 - k] * a[$1][column] } / square
        for row in k..<m { a[row][column] -= product * v[row - k] }
      }
      let product = 2 * (k..<m).reduce(0) { $0 + v[$1 - k] * b[$1] } / square
      for row in k..<m { b[row] -= product * v[row - k] }
    }
    var x = [Double](repeating: 0, count: n)
    for k in (0..<n).reversed() {
      x[k] = (b[k] - (k + 1..<n).reduce(0) { $0 + a[k][$1] * x[$1] }) / a[k][k]
    }
    return x
  }
}
