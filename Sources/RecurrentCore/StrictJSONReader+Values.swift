extension StrictJSONReader {
  /// A number as JSON writes it.
  package enum Number {
    /// Written without point and exponent, and within `Int`; −0 is a decimal.
    case whole(Int)
    case decimal(Double)
  }

  /// Any number: an optional sign, digits without a leading zero, an optional fraction and exponent.
  package mutating func number() throws(StrictJSONError) -> Number {
    let start = position
    var text: [UInt8] = []
    if next == UInt8(ascii: "-") { takeByte(into: &text) }
    guard let first = next, Self.isDigit(first) else {
      position = start
      throw unexpected("a JSON value")
    }
    if first == UInt8(ascii: "0") { takeByte(into: &text) } else { try takeDigits(into: &text) }
    var isWhole = true
    if next == UInt8(ascii: ".") {
      isWhole = false
      takeByte(into: &text)
      try takeDigits(into: &text)
    }
    if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
      isWhole = false
      takeByte(into: &text)
      if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { takeByte(into: &text) }
      try takeDigits(into: &text)
    }
    let written = String(decoding: text, as: UTF8.self)
    if isWhole, written != "-0", let whole = Int(written) { return .whole(whole) }
    guard let decimal = Double(written), decimal.isFinite else { throw failure(.numberOutOfRange, at: start) }
    return .decimal(decimal)
  }

  /// The word (`true`, `false`, `null`) that stands here. A word cut short is refused at its first letter.
  package mutating func word(_ text: StaticString) throws(StrictJSONError) {
    let start = position
    for index in 0..<text.utf8CodeUnitCount {
      guard take(text.utf8Start[index]) else {
        position = start
        throw unexpected("a JSON value")
      }
    }
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

  private mutating func takeByte(into text: inout [UInt8]) {
    guard let byte = next else { return }
    text.append(byte)
    _ = take(byte)
  }

  /// One digit or more.
  private mutating func takeDigits(into text: inout [UInt8]) throws(StrictJSONError) {
    guard let first = next, Self.isDigit(first) else { throw unexpected("a digit") }
    while let byte = next, Self.isDigit(byte) { takeByte(into: &text) }
  }
}
