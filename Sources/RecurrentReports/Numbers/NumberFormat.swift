/// How a number is written for people: in tables, on axes, in sentences.
///
/// The text depends on the value and the format alone, never on the locale: a point for the decimals, a comma between
/// thousands where asked for. Rounding is half away from zero on the shortest decimal that reads back as the same
/// value, so 2.675 with two decimals is 2.68, as a reader expects who sees only the decimal.
public struct NumberFormat: Sendable, Hashable {
  enum Style: Sendable, Hashable {
    case fixed(Int), significant(Int), scientific(Int), shortest
  }

  let style: Style
  var groupsThousands = false

  /// A fixed count of digits after the point: `fixed(2)` writes 3.14159 as `3.14`.
  ///
  /// From 1e15 on, where a `Double` holds hardly a digit after the point, the form is that of `scientific`.
  public static func fixed(_ decimals: Int) -> NumberFormat {
    precondition(decimals >= 0, "NumberFormat: \(decimals) decimals")
    return NumberFormat(style: .fixed(decimals))
  }

  /// A count of significant digits: `significant(3)` writes 0.012345 as `0.0123` and 1.0 as `1.00`.
  ///
  /// Digits before the point are never replaced by zeros (12345 stays `12345`). Below 0.0001 and from 1e15 on, the
  /// form is that of `scientific`.
  public static func significant(_ digits: Int) -> NumberFormat {
    precondition(digits >= 1, "NumberFormat: \(digits) significant digits")
    return NumberFormat(style: .significant(digits))
  }

  /// One digit before the point and a fixed count after it: `scientific(2)` writes 12345 as `1.23e4`.
  public static func scientific(_ decimals: Int) -> NumberFormat {
    precondition(decimals >= 0, "NumberFormat: \(decimals) decimals")
    return NumberFormat(style: .scientific(decimals))
  }

  /// The shortest text that reads back as the same value.
  public static let shortest = NumberFormat(style: .shortest)

  /// The same format with commas between thousands: `12,345.6`.
  public var grouped: NumberFormat {
    var copy = self
    copy.groupsThousands = true
    return copy
  }

  /// The text of a value. Not-a-number is `NaN`, infinities are `∞` and `-∞`; zero has no sign.
  public func text(_ value: Double) -> String {
    guard !value.isNaN else { return "NaN" }
    guard !value.isInfinite else { return value < 0 ? "-∞" : "∞" }
    let digits = DecimalDigits(value.magnitude)
    let unsigned =
      switch style {
      case .fixed(let decimals):
        digits.rounded(toPlaces: decimals).point > Self.longest
          ? Self.scientificText(digits, decimals) : fixedText(digits, decimals)
      case .scientific(let decimals): Self.scientificText(digits, decimals)
      case .significant(let count): significantText(digits, count)
      case .shortest: shortestText(digits)
      }
    // What rounds to zero is zero.
    let isZero = !unsigned.utf8.contains { $0 > UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
    return value < 0 && !isZero ? "-" + unsigned : unsigned
  }

  /// The text of a whole number as it is: all its digits, with commas between thousands where the format groups.
  public func text(count value: Int) -> String {
    let digits = String(value.magnitude)
    return (value < 0 ? "-" : "") + (groupsThousands ? Self.grouping(digits) : digits)
  }

  /// Digits before the point; longer numbers nobody counts.
  private static let longest = 15

  private func fixedText(_ digits: DecimalDigits, _ decimals: Int) -> String {
    let rounded = digits.rounded(toPlaces: decimals)
    let whole = rounded.wholeText
    let fraction = rounded.fractionText(places: decimals)
    return (groupsThousands ? Self.grouping(whole) : whole) + (fraction.isEmpty ? "" : "." + fraction)
  }

  private func significantText(_ digits: DecimalDigits, _ count: Int) -> String {
    if digits.isZero { return fixedText(digits, count - 1) }
    let rounded = digits.rounded(toDigits: count)
    let exponent = rounded.point - 1
    if exponent < -4 || exponent >= Self.longest { return Self.scientificText(digits, count - 1) }
    return fixedText(digits, max(0, count - 1 - exponent))
  }

  private func shortestText(_ digits: DecimalDigits) -> String {
    let exponent = digits.point - 1
    if !digits.isZero, exponent < -4 || exponent >= Self.longest {
      return Self.scientificText(digits, digits.digits.count - 1)
    }
    return fixedText(digits, max(0, digits.digits.count - digits.point))
  }

  private static func scientificText(_ digits: DecimalDigits, _ decimals: Int) -> String {
    var rounded = digits.rounded(toDigits: decimals + 1)
    let exponent = rounded.isZero ? 0 : rounded.point - 1
    rounded.point -= exponent
    let fraction = rounded.fractionText(places: decimals)
    return rounded.wholeText + (fraction.isEmpty ? "" : "." + fraction) + "e\(exponent)"
  }

  private static func grouping(_ digits: String) -> String {
    var result = ""
    for (index, character) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { result.append(",") }
      result.append(character)
    }
    return result
  }
}
