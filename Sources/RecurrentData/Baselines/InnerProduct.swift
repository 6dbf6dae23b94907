// The two inner loops of least squares. Four lanes: the order of additions is fixed by the length alone, so results are the
// same on every machine with IEEE arithmetic.

/// Σ first[i] · second[i].
func innerProduct(_ first: UnsafePointer<Double>, _ second: UnsafePointer<Double>, count: Int) -> Double {
  var sums = SIMD4<Double>.zero
  let whole = count & ~3
  for index in stride(from: 0, to: whole, by: 4) { sums += lanes(first + index) * lanes(second + index) }
  var total = sums.sum()
  for index in whole..<count { total += first[index] * second[index] }
  return total
}

/// result[i] += factor · values[i].
func addScaled(
  _ factor: Double, _ values: UnsafePointer<Double>, to result: UnsafeMutablePointer<Double>, count: Int
) {
  let whole = count & ~3
  for index in stride(from: 0, to: whole, by: 4) {
    let sum = lanes(result + index) + factor * lanes(values + index)
    UnsafeMutableRawPointer(result + index).storeBytes(of: sum, as: SIMD4<Double>.self)
  }
  for index in whole..<count { result[index] += factor * values[index] }
}

@inline(__always)
private func lanes(_ pointer: UnsafePointer<Double>) -> SIMD4<Double> {
  UnsafeRawPointer(pointer).loadUnaligned(as: SIMD4<Double>.self)
}
