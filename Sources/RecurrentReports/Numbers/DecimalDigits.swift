/// A non-negative finite number as decimal digits: 0.d₁d₂d₃… × 10^point, the shortest that reads back as the value.
struct DecimalDigits {
  /// Each 0…9; the first and the last are not 0. Empty for zero.
  var digits: [UInt8]
  var point: Int

  var isZero: Bool { digits.isEmpty }

  init(_ value: Double) {
    precondition(value.isFinite && value.sign == .plus, "DecimalDigits: \(value)")
    // The standard library prints the shortest text that reads back, as 123.0, 1e-05 or 1.5e+20.
    var digits: [UInt8] = []
    var point: Int?
    var exponent = 0
    let text = Array(value.description.utf8)
    for (index, byte) in text.enumerated() {
      if byte == UInt8(ascii: ".") {
        point = digits.count
      } else if byte == UInt8(ascii: "e") {
        let tail = text[(index + 1)...].filter { $0 != UInt8(ascii: "+") }
        exponent = Int(String(decoding: tail, as: UTF8.self)) ?? 0
        break
      } else {
        digits.append(byte - UInt8(ascii: "0"))
      }
    }
    self.digits = digits
    self.point = (point ?? digits.count) + exponent
    normalize()
  }

  /// Rounded to a count of digits after the decimal point.
  func rounded(toPlaces places: Int) -> DecimalDigits { rounded(toDigits: point + places) }

  /// Rounded to a count of significant digits, half away from zero.
  func rounded(toDigits count: Int) -> DecimalDigits {
    guard count < digits.count else { return self }
    var result = self
    guard count >= 0 else {
      result.digits = []
      result.normalize()
      return result
    }
    let roundsUp = digits[count] >= 5
    result.digits.removeLast(digits.count - count)
    if roundsUp {
      var index = count - 1
      while index >= 0, result.digits[index] == 9 {
        result.digits[index] = 0
        index -= 1
      }
      if index >= 0 {
        result.digits[index] += 1
      } else {
        result.digits.insert(1, at: 0)
        result.point += 1
      }
    }
    result.normalize()
    return result
  }

  /// The digits before the point; "0" where there are none.
  var wholeText: String {
    point <= 0 ? "0" : String((0..<point).map(character))
  }

  /// A count of digits after the point.
  func fractionText(places: Int) -> String {
    String((0..<max(places, 0)).map { character(point + $0) })
  }

  private func character(_ index: Int) -> Character {
    let digit = digits.indices.contains(index) ? digits[index] : 0
    return Character(UnicodeScalar(UInt8(ascii: "0") + digit))
  }

  private mutating func normalize() {
    let zeros = digits.prefix { $0 == 0 }.count
    digits.removeFirst(zeros)
    point -= zeros
    while digits.last == 0 { digits.removeLast() }
    if digits.isEmpty { point = 0 }
  }
}
