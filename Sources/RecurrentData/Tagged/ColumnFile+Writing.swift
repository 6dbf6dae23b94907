extension ColumnFile {
  /// The file with other texts in one column; every other byte is as it was.
  ///
  /// - Parameter values: by sentences, one for each word.
  /// - Returns: the bytes of the new file.
  /// - Throws: ``DataError``: there is no such column, or a text cannot stand in a cell.
  /// - Precondition: as many sentences and words as the file has.
  public func replacing(_ key: ColumnKey, with values: [[String]]) throws(DataError) -> [UInt8] {
    let number = try number(of: key)
    return try rewritten(values) { (word, text) throws(DataError) in
      let cell = try cell(number, of: word)
      return Change(range: cell, text: text, of: word)
    }
  }

  /// The file with one more column, the last: after a tab, or after a space where the file's columns stand between spaces.
  ///
  /// - Parameters:
  ///   - values: by sentences, one for each word.
  ///   - aside: what lines get that have columns and are no words, as ranges in CoNLL-U; default "_".
  /// - Returns: the bytes of the new file.
  /// - Throws: ``DataError``: a text that cannot stand in a cell.
  /// - Precondition: as many sentences and words as the file has.
  public func appending(_ values: [[String]], aside: String = "_") throws(DataError) -> [UInt8] {
    let isSpaced =
      !words.contains { bytes[$0.bytes].contains(.tab) }
      && words.contains { Self.cells($0.bytes, in: bytes).count > 1 }
    let addition = { (line: Range<Int>, text: String) -> (at: Int, text: String) in
      let cells = Self.cells(line, in: self.bytes)
      let isTabbed = self.bytes[line].contains(.tab) || !isSpaced && cells.count == 1
      // Spaces at a line's end are no cell, but an empty last cell is one.
      return (cells.last?.upperBound ?? line.upperBound, (isTabbed ? "\t" : " ") + text)
    }
    var asideChanges: [Change] = []
    for line in asides {
      let (end, text) = addition(line, aside)
      asideChanges.append(Change(range: end..<end, text: text, cell: aside, line: line))
    }
    return try rewritten(values, besides: asideChanges) { (word, text) throws(DataError) in
      let (end, added) = addition(word.bytes, text)
      return Change(range: end..<end, text: added, cell: text, line: word.bytes)
    }
  }

  /// Other bytes for a range of the file.
  private struct Change {
    let range: Range<Int>
    let text: String
    /// What becomes the cell.
    let cell: String
    let line: Range<Int>

    init(range: Range<Int>, text: String, cell: String, line: Range<Int>) {
      (self.range, self.text, self.cell, self.line) = (range, text, cell, line)
    }

    init(range: Range<Int>, text: String, of word: Word) {
      self.init(range: range, text: text, cell: text, line: word.bytes)
    }
  }

  private func rewritten(
    _ values: [[String]], besides others: [Change] = [],
    change: (Word, String) throws(DataError) -> Change
  ) throws(DataError) -> [UInt8] {
    precondition(
      values.count == sentenceCount
        && values.indices.allSatisfy { values[$0].count == wordCount(sentence: $0) },
      "ColumnFile: values for \(values.map(\.count)) words, the file has other sentences or words")
    var changes = others
    for sentence in 0..<sentenceCount {
      for (offset, text) in values[sentence].enumerated() {
        let change = try change(words[starts[sentence] + offset], text)
        let isTabbed = bytes[change.line].contains(.tab) || change.text.hasPrefix("\t")
        guard Self.isCell(text, tabbed: isTabbed) else {
          throw .sequence(
            .notACell(text: text, separator: isTabbed ? "tab" : "white space"),
            at: place(sentence: sentence, word: offset))
        }
        changes.append(change)
      }
    }
    changes.sort { $0.range.lowerBound < $1.range.lowerBound }
    var (result, end): ([UInt8], Int) = ([], 0)
    result.reserveCapacity(bytes.count + changes.reduce(0) { $0 + $1.text.utf8.count })
    for change in changes {
      result += bytes[end..<change.range.lowerBound]
      result += change.text.utf8
      end = change.range.upperBound
    }
    return result + bytes[end...]
  }

  /// Not empty, since a word of spaces alone would be a blank line, and free of what separates cells and lines.
  private static func isCell(_ text: String, tabbed: Bool) -> Bool {
    !text.utf8.isBlankText
      && text.utf8.allSatisfy { byte in
        byte != 0 && byte != .tab && byte != .lineFeed && byte != .carriageReturn
          && (tabbed || byte != .space)
      }
  }
}
