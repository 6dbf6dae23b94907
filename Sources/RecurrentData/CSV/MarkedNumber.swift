/// Numbers as people write them for people: `2,005.68`, `1\'100.28`, `€100.28`, `100 %`. They are words to the reader, which
/// guesses at no mark; this tells them from other words, so that an error or a note can say what to do.
package enum MarkedNumber {
  /// Whether a text is a number with thousands marks, or with a sign of currency or a unit before or behind it.
  package static func matches(_ text: String) -> Bool {
    let whole = text.filter { !isBlank($0) }
    let bare = withoutUnit(whole)
    if bare.count < whole.count, isNumber(bare, mayBeGrouped: true) { return true }
    return hasThousandsMarks(text)
  }

  /// Whether most of some texts are such numbers.
  package static func prevail(in texts: some Collection<String>) -> Bool {
    2 * texts.count(where: matches) > texts.count
  }

  // MARK: - Thousands

  private static let marks: Set<Character> = [
    ",", ".", "\'", "’", "_", " ", "\u{A0}", "\u{2009}", "\u{202F}",
  ]

  /// One to three digits, then groups of three after one and the same mark, then decimals after another.
  private static func hasThousandsMarks(_ text: String) -> Bool {
    let digits = text.first == "-" || text.first == "+" ? text.dropFirst() : text[...]
    guard let mark = digits.first(where: { !isDigit($0) }), marks.contains(mark) else { return false }
    var groups = digits.split(separator: mark, omittingEmptySubsequences: false)
    if let last = groups.popLast() {
      let pieces = last.split(omittingEmptySubsequences: false) { $0 == "." || $0 == "," }
      guard pieces.count <= 2, pieces.count == 1 || isDigits(pieces[1]) else { return false }
      groups.append(pieces[0])
    }
    return groups.count > 1 && (1...3).contains(groups[0].count) && groups.allSatisfy(isDigits)
      && groups.dropFirst().allSatisfy { $0.count == 3 }
  }

  // MARK: - Units

  private static let units: Set<String> = [
    "%", "‰", "°", "°c", "°f", "k", "w", "kw", "mw", "gw", "wh", "kwh", "mwh", "gwh", "v", "kv", "hz", "khz",
    "mhz",
    "m", "km", "cm", "mm", "m/s", "km/h", "mph", "kg", "g", "t", "l", "ml", "m3", "m³", "m2", "m²", "pa",
    "hpa", "kpa",
    "mbar", "s", "ms", "min", "h", "eur", "usd", "gbp", "chf", "jpy",
  ]

  private static func withoutUnit(_ text: String) -> Substring {
    var rest = text[...]
    while let first = rest.first, first.isCurrencySymbol { rest = rest.dropFirst() }
    let end = rest.lastIndex(where: isDigit).map(rest.index(after:)) ?? rest.startIndex
    var unit = rest[end...]
    // A digit may belong to the unit: cubic metres.
    if let letter = rest.firstIndex(where: \.isLetter), letter < end { unit = rest[letter...] }
    if unit.allSatisfy(\.isCurrencySymbol) || units.contains(unit.lowercased()) {
      rest = rest[..<unit.startIndex]
    }
    return rest
  }

  /// Digits, with a decimal mark or thousands marks.
  private static func isNumber(_ text: Substring, mayBeGrouped: Bool) -> Bool {
    let digits = text.first == "-" || text.first == "+" ? text.dropFirst() : text
    let pieces = digits.split(omittingEmptySubsequences: false) { $0 == "." || $0 == "," }
    return (1...2).contains(pieces.count) && pieces.allSatisfy(isDigits)
      || mayBeGrouped && hasThousandsMarks(String(text))
  }

  private static func isBlank(_ character: Character) -> Bool {
    [" ", "\u{A0}", "\u{2009}", "\u{202F}"].contains(character)
  }

  private static func isDigit(_ character: Character) -> Bool { ("0"..."9").contains(character) }

  private static func isDigits(_ text: Substring) -> Bool { !text.isEmpty && text.allSatisfy(isDigit) }
}
