/// Text that may come from a user's file or command line, fit for one line of a terminal.
///
/// Control characters, of which some move the cursor, recolour or rename the window, and characters that turn the direction
/// of writing are written as escapes. Of a text that is longer than any message needs, the middle is left out: place and
/// remedy stand at its ends.
package func terminalLine(_ text: String) -> String {
  var line = ""
  for scalar in text.unicodeScalars {
    if isHarmless(scalar) {
      line.unicodeScalars.append(scalar)
    } else {
      line += escape(scalar)
    }
  }
  guard line.utf8.count > longestLine, line.count > longestLine else { return line }
  return "\(line.prefix(longestLine * 2 / 3)) … \(line.suffix(longestLine / 3))"
}

/// A name or a word in a line of columns: as ``terminalLine(_:)``, but whole, however long it is.
///
/// - Parameter hasSpaces: whether a space may stand in it; between columns that spaces part, it is an escape too.
package func columnText(_ text: String, hasSpaces: Bool = true) -> String {
  var column = ""
  for scalar in text.unicodeScalars {
    if isHarmless(scalar) && (hasSpaces || !scalar.properties.isWhitespace) {
      column.unicodeScalars.append(scalar)
    } else {
      column += escape(scalar)
    }
  }
  return column
}

private func escape(_ scalar: Unicode.Scalar) -> String {
  scalar == "\n" ? "\\n" : "\\u{\(String(scalar.value, radix: 16))}"
}

private let longestLine = 1000

private func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.properties.generalCategory {
  case .control, .lineSeparator, .paragraphSeparator: false
  // Marks, embeddings and isolates of direction; joiners of letters are of the same category and stay.
  case .format:
    !(0x200E...0x200F).contains(scalar.value) && !(0x202A...0x202E).contains(scalar.value)
      && !(0x2066...0x2069).contains(scalar.value)
  default: true
  }
}
