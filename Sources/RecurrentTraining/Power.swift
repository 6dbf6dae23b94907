/// baseⁿ, n ≥ 0, by repeated squaring: only multiplications, so the same bits on every platform, which the C library's
/// `pow` does not promise.
func power(_ base: Double, _ exponent: Int) -> Double {
  var result = 1.0
  var square = base
  var rest = exponent
  while rest > 0 {
    if rest & 1 == 1 { result *= square }
    square *= square
    rest >>= 1
  }
  return result
}
