import Foundation
import RecurrentTestSupport
import Testing

/// Sums whose order is fixed by the length alone, and the log-softmax built on one.
@Suite struct ReductionTests {
  func checkSumOfSquares<T: KernelScalar>(_ type: T.Type) {
    var generator = SeededGenerator(1)
    for n in [0, 1, 2, 7, 8, 15, 16, 17, 31, 32, 33, 100, 1000, 4099] {
      let x = generator.values(n, of: type, scale: 100)
      for kernels in everyLevel(of: type) {
        let expected = NaiveKernels.sumOfSquares(x, fused: kernels.isFused)
        var lanes = kernels.squareLanes
        #expect(kernels.sumOfSquares(n, x, &lanes) == expected, "n \(n) level \(kernels.level)")
        // Piece after piece, of whole lanes but for the last.
        let first = n / 3 / lanes.count * lanes.count
        lanes = kernels.squareLanes
        let begun = kernels.sumOfSquares(first, x, &lanes)
        #expect(begun == NaiveKernels.sumOfSquares(Array(x[..<first]), fused: kernels.isFused))
        #expect(kernels.sumOfSquares(n - first, Array(x[first...]), &lanes) == expected)
      }
    }
  }

  @Test func sumOfSquaresFloat() { checkSumOfSquares(Float.self) }
  @Test func sumOfSquaresDouble() { checkSumOfSquares(Double.self) }

  /// Kahan's sum, so that the oracle's own error does not grow with n.
  func compensatedSum(_ terms: [Double]) -> Double {
    var (sum, lost) = (0.0, 0.0)
    for term in terms {
      let next = term - lost
      let total = sum + next
      lost = (total - sum) - next
      sum = total
    }
    return sum
  }

  /// Against the definition in Double, element by element.
  func logSoftmaxError<T: KernelScalar>(_ type: T.Type, scale: Double, rows: Int, n: Int) -> Double {
    var generator = SeededGenerator(UInt64(n))
    let x = generator.values(rows * n, of: type, scale: scale)
    var worst = 0.0
    for kernels in everyLevel(of: type) {
      var y = x
      y.withUnsafeMutableBufferPointer { y in  // in place
        kernels.logSoftmax(rows, n, y.baseAddress, y.baseAddress)
      }
      for row in 0..<rows {
        let values = x[(row * n)..<((row + 1) * n)].map { Double($0) }
        let greatest = values.max()!
        let logSum = Foundation.log(compensatedSum(values.map { Foundation.exp($0 - greatest) }))
        for (index, value) in values.enumerated() {
          let expected = (value - greatest) - logSum
          worst = max(worst, abs(Double(y[row * n + index]) - expected) / max(1, abs(expected)))
        }
      }
    }
    return worst
  }

  // Bounds: a sum of terms of about 1 ulp each, its logarithm and two subtractions; 4 units of 2^-24 (2^-53) of the
  // result, doubled for Double because the oracle rounds as often as the kernel.
  @Test(arguments: [1, 2, 3, 10, 16, 17, 128, 1000]) func logSoftmaxMatchesDefinition(_ n: Int) {
    for scale in [0.1, 5, 80] {
      #expect(logSoftmaxError(Float.self, scale: scale, rows: 5, n: n) <= 0x1p-22)
      #expect(logSoftmaxError(Double.self, scale: scale, rows: 5, n: n) <= 0x1p-50)
    }
  }

  func checkExtremes<T: KernelScalar>(_ type: T.Type) {
    for kernels in everyLevel(of: type) {
      let rows: [[T]] = [
        [1e30, 1e30, -1e30],  // no overflow
        [.nan, 0, 1],
        [0, -.infinity, 0],  // an impossible class
      ]
      var y = [T](repeating: 0, count: 9)
      kernels.logSoftmax(3, 3, rows.flatMap { $0 }, &y)
      #expect(abs(y[0] + T(Foundation.log(2.0))) <= y[0].ulp && y[0] == y[1] && y[2] < -1e29)
      let propagated = y[3..<6].filter(\.isNaN).count
      #expect(propagated == 3)
      #expect(y[7] == -.infinity && y[6] == y[8] && y[6].isFinite)
    }
  }

  @Test func extremesFloat() { checkExtremes(Float.self) }
  @Test func extremesDouble() { checkExtremes(Double.self) }
}
