/// A column that looks like times in a table whose rows are counted, because no column was found to hold times that can be
/// read. A guess: it is told, and changes nothing.
public struct UnreadTimes: Equatable, Sendable {
  /// The column's name.
  public let column: String
  /// Its first value.
  public let example: String
  let notation: Notation

  enum Notation: Equatable, Sendable {
    /// A notation that is not known, such as one with two digits for the year.
    case unknown
    /// One that is known, though not in the first row.
    case known
    case since1970(EpochUnit)
    /// As spreadsheets count.
    case daysSince1900
  }

  /// One line: what was found, what follows, and what to do.
  public func describe() -> String {
    let name = quoted(column)
    let remedy =
      switch notation {
      case .unknown: "write them as 2021-01-02T03:04, the year in four digits"
      case .known: "add --time \(name) to see which row has none"
      case .daysSince1900:
        "write them as 2021-01-02T03:04 if they are days since 1900, as spreadsheets count them"
      case .since1970(.finer): "write them in seconds or milliseconds since 1970 and add --time \(name)"
      case .since1970(let unit): "add --time \(name) if they are \(unit) since 1970"
      }
    return
      "column \(name) looks like times, such as \(quoted(example)), and is not read as times: rows are counted and no calendar is used; \(remedy), or add --time none if it holds none"
  }
}

extension TimeColumnFinder {
  /// The column that most looks like times: one whose name says so, otherwise one whose texts do.
  func unreadTimes() -> UnreadTimes? {
    let isNamed = names.map(TimeLikeness.isNamed)
    for wanted in [true, false] {
      for column in names.indices where isNamed[column] == wanted {
        if let found = unreadTimes(column, isNamed: wanted) { return found }
      }
    }
    return nil
  }

  private func unreadTimes(_ column: Int, isNamed: Bool) -> UnreadTimes? {
    let texts = samples(column)
    guard let first = texts.first else { return nil }
    let isNumeric = texts.allSatisfy { $0.isNumber }
    let notation: UnreadTimes.Notation
    if isNumeric {
      // A number is likely a quantity, whatever it looks like, unless all of its digits are those of a date and a clock.
      let numbers = texts.map(\.text)
      if isNamed {
        guard
          let found = TimeLikeness.notation(ofNumbers: numbers)
            ?? TimeLikeness.notation(ofDays: numbers, in: names[column])
        else { return nil }
        notation = found
      } else {
        guard TimeLikeness.areDatesWithClock(numbers) else { return nil }
        notation = .unknown
      }
    } else if texts.contains(where: { WrittenTime.isTime($0.text) }) {
      notation = .known
    } else {
      let looksLikeTimes =
        isNamed
        ? texts.contains { $0.text.contains(where: \.isNumber) }
        : texts.allSatisfy { TimeLikeness.isTimeLike($0.text) }
      guard looksLikeTimes else { return nil }
      notation = .unknown
    }
    return UnreadTimes(column: names[column], example: first.text, notation: notation)
  }

  /// Some of its values, the first among them.
  private func samples(_ column: Int) -> [(text: String, isNumber: Bool)] {
    let present = (firstRow..<reader.grid.rowCount).lazy.filter {
      reader.value(row: $0, column: column) != .missing
    }
    let rows = present.prefix(100)
    return rows.map { row in
      let value = reader.value(row: row, column: column)
      return (reader.string(row: row, column: column), value != .text)
    }
  }
}

/// What a name, a text and a number say about being a time.
enum TimeLikeness {
  private static let names: Set<String> = [
    "time", "times", "date", "dates", "datetime", "timestamp", "timestamps", "epoch", "unixtime", "utc",
    "datum", "zeit", "zeitstempel", "ts", "tstamp", "unix",
  ]
  private static let dateNames: Set<String> = ["date", "dates", "datetime", "timestamp", "datum"]

  /// Whether a word of the name is one for time.
  static func isNamed(_ name: String) -> Bool { has(names, in: name) }

  private static func has(_ words: Set<String>, in name: String) -> Bool {
    name.lowercased().split { !$0.isLetter }.contains { words.contains(String($0)) }
  }

  // MARK: - Numbers

  /// How they would be times; `nil` where they would not.
  static func notation(ofNumbers texts: [String]) -> UnreadTimes.Notation? {
    if texts.allSatisfy(isCompactDate) { return .unknown }
    let numbers = texts.compactMap { Double($0.replacing(",", with: ".")) }
    guard numbers.count == texts.count, let first = numbers.first, let unit = EpochUnit(first),
      numbers.allSatisfy(unit.range.contains)
    else { return nil }
    return .since1970(unit)
  }

  /// Days since 1900 from 1954 to 2119 that never go back, in a column that is called a date.
  static func notation(ofDays texts: [String], in name: String) -> UnreadTimes.Notation? {
    let numbers = texts.compactMap { Double($0.replacing(",", with: ".")) }
    let areDays =
      has(dateNames, in: name) && numbers.count == texts.count && numbers.count > 1
      && numbers.allSatisfy { (20_000..<80_000).contains($0) }
      && zip(numbers, numbers.dropFirst()).allSatisfy { $0 < $1 && $1 - $0 <= 366 }
    return areDays ? .daysSince1900 : nil
  }

  /// Whether all are dates with at least an hour, in one order: no column of quantities is.
  static func areDatesWithClock(_ texts: [String]) -> Bool {
    texts.count >= 3 && texts.allSatisfy { $0.utf8.count >= 10 && isCompactDate($0) }
      && zip(texts, texts.dropFirst()).allSatisfy { $0.utf8.count == $1.utf8.count && $0 < $1 }
  }

  /// `20210102`, `2021010203`, `202101020304` or `20210102030405`.
  private static func isCompactDate(_ text: String) -> Bool {
    guard [8, 10, 12, 14].contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) })
    else { return false }
    let digits = text.utf8.map { Int($0) - 0x30 }
    func pair(_ index: Int) -> Int { index + 1 < digits.count ? digits[index] * 10 + digits[index + 1] : 0 }
    let year = pair(0) * 100 + pair(2)
    return (1900...2100).contains(year)
      && TimeStamp(
        year: year, month: pair(4), day: pair(6), hour: pair(8), minute: pair(10), second: pair(12)) != nil
  }

  // MARK: - Texts

  private static let months = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
  ]
  private static let otherWords: Set<String> = [
    "t", "z", "am", "pm", "utc", "gmt", "mon", "tue", "wed", "thu", "fri", "sat", "sun",
  ]

  /// Whether a text is made of numbers as a date or a clock has them, with names of months and the like.
  static func isTimeLike(_ text: String) -> Bool {
    let text = text.lowercased()
    guard text.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || " -/.:,+".contains($0)) }) else {
      return false
    }
    if isPartOfYear(text) { return true }
    let words = text.split { !$0.isLetter }.map(String.init)
    let numbers = text.split { !$0.isNumber }.map(String.init)
    let monthCount = words.count { word in months.contains { word.hasPrefix($0) } }
    guard words.count - monthCount == words.count(where: otherWords.contains), monthCount <= 1 else {
      return false
    }
    if monthCount == 1 { return (1...7).contains(numbers.count) }
    if isClock(text) { return true }
    let separator = text.first { !$0.isNumber }
    return numbers.count >= 3 && (separator == "-" || separator == "/" || separator == ".")
      && isDate(Array(numbers.prefix(3))) && (numbers.count == 3 || text.contains(":"))
  }

  /// `2021-q1`, `2021-w09`, `2021-w09-1` or `2021-074`: a quarter, a week, a day of a week or of the year.
  private static func isPartOfYear(_ text: String) -> Bool {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard (2...3).contains(parts.count), parts[0].utf8.count == 4, let year = Int(parts[0]),
      (1800...2100).contains(year)
    else { return false }
    let number = Int(parts[1].drop { $0.isLetter }) ?? 0
    switch (parts[1].first, parts[1].utf8.count) {
    case ("q", 2): return parts.count == 2 && (1...4).contains(number)
    case ("w", 3): return (1...53).contains(number) && (parts.count == 2 || "1"..."7" ~= parts[2])
    case (_, 3): return parts.count == 2 && parts[1].allSatisfy(\.isNumber) && (1...366).contains(number)
    default: return false
    }
  }

  /// Two numbers of a day and a month, and a year of two or four digits, in any order.
  private static func isDate(_ numbers: [String]) -> Bool {
    let years = numbers.filter { $0.utf8.count == 4 }
    guard years.count <= 1, numbers.allSatisfy({ $0.utf8.count <= 2 || $0.utf8.count == 4 }) else {
      return false
    }
    let small = numbers.filter { $0.utf8.count <= 2 }.compactMap { Int($0) }
    return small.contains { (1...12).contains($0) } && small.count { (1...31).contains($0) } >= 2
  }

  /// `3:04`, `03:04:05.678`: a clock without a date.
  private static func isClock(_ text: String) -> Bool {
    (try? WrittenTime.clock(text.filter { $0 != " " })).map { $0.hour <= 24 && $0.minute <= 59 } ?? false
      && text.contains(":")
  }
}
