/// Functions made of correctly rounded operations only (+ − × ÷ √), so that they give the same bits on every platform;
/// the C library's may differ in the last bit from one system to another. For random draws, not for speed.
package enum PortableMath {
  private static let ln2 = 0.693_147_180_559_945_3

  /// Natural logarithm of a positive normal number, to about 1e-15: x = m 2ᵉ with m in [√½, √2),
  /// log m = 2 artanh((m − 1) / (m + 1)) by its series.
  package static func log(_ x: Double) -> Double {
    var exponent = Double(x.exponent)
    var mantissa = x.significand
    if mantissa > 2.0.squareRoot() {
      mantissa /= 2
      exponent += 1
    }
    let s = (mantissa - 1) / (mantissa + 1)
    let square = s * s
    // |s| <= 0.172, so the term after s^23 / 23 is below 1e-20.
    var sum = 0.0
    for odd in stride(from: 23, through: 1, by: -2) { sum = sum * square + 1 / Double(odd) }
    return exponent * ln2 + 2 * s * sum
  }

  /// sin 2πx and cos 2πx for x in [0, 1), to about 1e-15: the eighth of the circle is found exactly, the rest is
  /// Taylor's series on [0, π/4].
  package static func sineAndCosine(turns x: Double) -> (sine: Double, cosine: Double) {
    let quarter = (x * 4).rounded(.toNearestOrEven)
    let angle = (x - quarter / 4) * (2 * Double.pi)
    let square = angle * angle
    var sine = 0.0
    var cosine = 0.0
    for k in stride(from: 9, through: 0, by: -1) {
      sine = 1 - square / Double((2 * k + 2) * (2 * k + 3)) * (k == 9 ? 1 : sine)
      cosine = 1 - square / Double((2 * k + 1) * (2 * k + 2)) * (k == 9 ? 1 : cosine)
    }
    sine *= angle
    switch Int(quarter) & 3 {
    case 0: return (sine, cosine)
    case 1: return (cosine, -sine)
    case 2: return (-sine, -cosine)
    default: return (-cosine, sine)
    }
  }
}
