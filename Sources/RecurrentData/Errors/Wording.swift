import Foundation

// Numbers and pieces of files as they appear in messages. Nothing here depends on the locale.

/// 43824 as `43,824`.
func grouped(_ number: Int) -> String {
  var digits = Array(String(number.magnitude))
  var position = digits.count - 3
  while position > 0 {
    digits.insert(",", at: position)
    position -= 3
  }
  return (number < 0 ? "-" : "") + String(digits)
}

/// `1 row`, `24 rows`.
func counted(_ number: Int, _ singular: String, _ plural: String? = nil) -> String {
  "\(grouped(number)) \(number == 1 ? singular : plural ?? singular + "s")"
}

/// Six significant digits, no trailing zeros.
func short(_ number: Double) -> String {
  // The C library also prints the sign of what is not a number.
  number.isNaN ? "NaN" : String(format: "%.6g", number)
}

/// The same without a plus sign, as limits that are powers of ten are written: `1e15`, `1e-140`.
func bound(_ number: Double) -> String { short(number).replacing("e+", with: "e") }

/// `a`, `a and b`, `a, b and c`.
func listed(_ items: [String]) -> String {
  guard let last = items.last, items.count > 1 else { return items.first ?? "" }
  return items.dropLast().joined(separator: ", ") + " and " + last
}

/// The first few of many names.
func listedBriefly(_ items: [String], limit: Int = 8) -> String {
  items.count <= limit
    ? listed(items.map(quoted))
    : items.prefix(limit).map(quoted).joined(separator: ", ") + " and \(grouped(items.count - limit)) more"
}

/// A piece of somebody's file in quotation marks, on one line, cut at 40 characters.
func quoted(_ text: String) -> String {
  let flat = oneLine(text)
  return flat.count > 40 ? "\"\(flat.prefix(40))…\"" : "\"\(flat)\""
}

/// Control characters and line separators written as escapes, so that a message stays one line.
func oneLine(_ text: String) -> String {
  var line = ""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\n": line += "\\n"
    case "\r": line += "\\r"
    case "\t": line += "\\t"
    default:
      let breaks =
        scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value)
        || scalar.value == 0x2028 || scalar.value == 0x2029
      if breaks {
        line += "\\u{\(String(scalar.value, radix: 16))}"
      } else {
        line.unicodeScalars.append(scalar)
      }
    }
  }
  return line
}
