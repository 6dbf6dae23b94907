internal import Foundation

/// What a cell says, read as a number.
enum ParsedNumber: Equatable {
  case number(Double)
  /// A word for infinity, or digits beyond the largest `Double`.
  case notFinite
  case text
}

/// Reads decimal numbers from bytes: sign, digits with one decimal mark, exponent. Nothing else: no thousands
/// separators, no hexadecimal, no locale. The result is the nearest `Double`.
struct NumberParser {
  let decimalMark: UInt8

  init(decimalComma: Bool) { decimalMark = UInt8(ascii: decimalComma ? "," : ".") }

  /// Powers of ten that a `Double` holds exactly.
  private static let exactPowers: [Double] = (0...22).map { pow(10, Double($0)) }

  func parse(_ bytes: [UInt8], _ range: Range<Int>) -> ParsedNumber {
    let end = range.upperBound
    var index = range.lowerBound
    guard index < end else { return .text }
    let isNegative = bytes[index] == UInt8(ascii: "-")
    if isNegative || bytes[index] == UInt8(ascii: "+") { index += 1 }

    var (mantissa, digits, significant, decimals) = (UInt64(0), 0, 0, 0)
    var seenMark = false
    scan: while index < end {
      switch bytes[index] {
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        let digit = UInt64(bytes[index] - UInt8(ascii: "0"))
        digits += 1
        if significant > 0 || digit > 0 { significant += 1 }
        if significant <= 19 { mantissa = mantissa * 10 + digit }
        if seenMark { decimals += 1 }
      case decimalMark where !seenMark: seenMark = true
      default: break scan
      }
      index += 1
    }
    guard digits > 0 else { return isInfinityWord(bytes[index..<end]) ? .notFinite : .text }
    guard let exponent = exponent(bytes, from: index, to: end) else { return .text }

    let power = exponent - decimals
    if significant <= 15, abs(power) <= 22 {
      // Both factors are exact, so the one rounding of the product or quotient is the only one.
      let magnitude = Double(mantissa)
      let scaled = power < 0 ? magnitude / Self.exactPowers[-power] : magnitude * Self.exactPowers[power]
      return .number(isNegative ? -scaled : scaled)
    }
    return slowParse(bytes[range])
  }

  /// The exponent after the digits; 0 where there is none; nil where something else stands there.
  private func exponent(_ bytes: [UInt8], from start: Int, to end: Int) -> Int? {
    guard start < end else { return 0 }
    guard bytes[start] | 0x20 == UInt8(ascii: "e") else { return nil }
    var index = start + 1
    guard index < end else { return nil }
    let isNegative = bytes[index] == UInt8(ascii: "-")
    if isNegative || bytes[index] == UInt8(ascii: "+") { index += 1 }
    guard index < end else { return nil }
    var value = 0
    for byte in bytes[index..<end] {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
      value = min(value * 10 + Int(byte - UInt8(ascii: "0")), 99_999)
    }
    return isNegative ? -value : value
  }

  /// The grammar has been checked; what is left is correct rounding, which the standard library does.
  private func slowParse(_ bytes: ArraySlice<UInt8>) -> ParsedNumber {
    let text = String(decoding: bytes.map { $0 == decimalMark ? UInt8(ascii: ".") : $0 }, as: UTF8.self)
    // Every text of this grammar has a value; where a platform's parser will not return infinity it returns nil.
    let value = Double(text) ?? .infinity
    return value.magnitude <= Self.largest ? .number(value) : .notFinite
  }

  /// Squares of larger numbers, summed over a column, would overflow.
  static let largest = 1e140

  private func isInfinityWord(_ bytes: ArraySlice<UInt8>) -> Bool {
    let word = String(decoding: bytes, as: UTF8.self).lowercased()
    return word == "inf" || word == "infinity"
  }
}
