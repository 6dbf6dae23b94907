internal import Foundation
internal import RecurrentCore

/// L with L Lᵀ = Σ, lower triangular.
struct CholeskyFactor: Sendable, Hashable {
  let size: Int
  /// `[D, D]`, zero above the diagonal.
  let elements: [Double]
  /// log √|Σ|.
  let logRootDeterminant: Double

  /// `nil` where Σ is not positive definite, or not to the precision of its numbers.
  init?(_ matrix: Matrix<Double>) {
    let size = matrix.rows
    guard matrix.columns == size else { return nil }
    var lower = [Double](repeating: 0, count: size * size)
    var logarithm = 0.0
    for i in 0..<size {
      for j in 0...i {
        var sum = matrix.elements[i * size + j]
        for k in 0..<j { sum -= lower[i * size + k] * lower[j * size + k] }
        if i != j {
          lower[i * size + j] = sum / lower[j * size + j]
          continue
        }
        // What is left of a variance after the dimensions before must be more than their rounding, and have an inverse.
        guard sum > 1e-14 * abs(matrix.elements[i * size + i]) && sum.isNormal else { return nil }
        lower[i * size + i] = sum.squareRoot()
        logarithm += log(lower[i * size + i])
      }
    }
    (self.size, elements, logRootDeterminant) = (size, lower, logarithm)
  }

  /// Dᵀ Σ⁻¹ D.
  func squaredDistance(_ difference: UnsafePointer<Double>, _ room: UnsafeMutablePointer<Double>) -> Double {
    elements.withUnsafeBufferPointer { lower in
      var sum = 0.0
      for i in 0..<size {
        var rest = difference[i]
        for k in 0..<i { rest -= lower[i * size + k] * room[k] }
        room[i] = rest / lower[i * size + i]
        sum += room[i] * room[i]
      }
      return sum
    }
  }
}
