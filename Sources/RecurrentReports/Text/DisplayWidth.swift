/// How many terminal cells a text takes: 2 for East Asian wide characters and emoji, 0 for combining marks, else 1.
///
/// After Unicode Standard Annex 11, for the ranges that matter here; ambiguous characters count 1.
package func displayWidth(_ text: some StringProtocol) -> Int {
  text.reduce(0) { $0 + width(of: $1) }
}

/// A character is as wide as its widest scalar: a base with its marks, or an emoji sequence.
private func width(of character: Character) -> Int {
  character.unicodeScalars.reduce(0) { max($0, width(of: $1)) }
}

private func width(of scalar: UnicodeScalar) -> Int {
  switch scalar.properties.generalCategory {
  case .nonspacingMark, .enclosingMark, .format: return 0
  default: break
  }
  switch scalar.value {
  case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97C, 0xAC00...0xD7A3, 0xF900...0xFAFF,
    0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF,
    0x1F900...0x1F9FF,
    0x20000...0x3FFFD:
    return 2
  default: return 1
  }
}

/// The text on one line and without control characters, which could move the cursor or recolour the terminal.
package func singleLine(_ text: String) -> String {
  guard text.unicodeScalars.contains(where: isControl) else { return text }
  var scalars = String.UnicodeScalarView()
  for scalar in text.unicodeScalars {
    if !isControl(scalar) {
      scalars.append(scalar)
    } else if scalar == "\n" || scalar == "\t" {
      scalars.append(" ")
    } else if scalar != "\r" {
      scalars.append("\u{FFFD}")
    }
  }
  return String(scalars)
}

private func isControl(_ scalar: UnicodeScalar) -> Bool {
  scalar.properties.generalCategory == .control || (0x202A...0x202E).contains(scalar.value)
    || (0x2066...0x2069).contains(scalar.value)
}

/// The text filled with spaces to a width in cells.
func padded(_ text: String, to width: Int, _ alignment: ReportTable.Alignment) -> String {
  let missing = max(0, width - displayWidth(text))
  let left =
    switch alignment {
    case .left: 0
    case .right: missing
    case .center: missing / 2
    }
  return String(repeating: " ", count: left) + text + String(repeating: " ", count: missing - left)
}
