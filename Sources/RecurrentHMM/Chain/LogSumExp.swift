// Public, since what is inlined in other modules uses them.
public import Foundation
public import RecurrentCore

/// Sums of weights, kept as logarithms: ⊕ is log(eᵃ + eᵇ), ⊗ is +. Nothing underflows; a sum over all paths is log Z.
public enum LogSumExp: Semiring {
  /// −∞.
  public static var zero: Double { -.infinity }
  /// 0.
  public static var one: Double { 0 }
  /// log(eᵃ + eᵇ), shifted by the larger of the two.
  public static func sum(_ a: Double, _ b: Double) -> Double {
    let (least, greatest) = a < b ? (a, b) : (b, a)
    if least == -.infinity { return greatest }
    return greatest + log1p(exp(least - greatest))
  }
  /// a + b; −∞ where one is.
  public static func product(_ a: Double, _ b: Double) -> Double { a + b }
  /// The score itself.
  public static func weight(_ score: Double) -> Double { score }
}

/// Sums of more than two.
extension LogSumExp {
  /// log Σₖ exp(value(k)), shifted by the greatest: nothing overflows, and what is lost is lost beside something greater.
  /// −∞ of nothing possible; NaN where one is NaN.
  @inlinable
  package static func sum(_ count: Int, _ value: (Int) -> Double) -> Double {
    var greatest = -Double.infinity
    for k in 0..<count {
      let own = value(k)
      if own > greatest || own.isNaN { greatest = own }
    }
    if greatest == -.infinity { return greatest }
    var sum = 0.0
    for k in 0..<count { sum += exp(value(k) - greatest) }
    return greatest + log(sum)
  }

  /// The same of each row of terms `[R, C]`, C at least 1, with all exponentials at once by the kernels and a logarithm a row.
  ///
  /// - Parameters:
  ///   - terms: overwritten.
  ///   - target: `[R]`.
  @inlinable
  package static func sums(
    rows: Int, columns: Int, _ terms: UnsafeMutablePointer<Double>, into target: UnsafeMutablePointer<Double>
  ) {
    for row in 0..<rows {
      let own = terms + row * columns
      var greatest = own[0]
      for column in 1..<columns { greatest = max(greatest, own[column]) }
      target[row] = greatest == -.infinity ? 0 : greatest
      for column in 0..<columns { own[column] -= target[row] }
    }
    Double._exp(rows * columns, terms, terms)
    for row in 0..<rows {
      let own = terms + row * columns
      var sum = own[0]
      for column in 1..<columns { sum += own[column] }
      target[row] += log(sum)
    }
  }
}
