/// A file of one token a line in columns (CoNLL, CoNLL-U), kept byte for byte, so that it can be written with one column
/// replaced or added and everything else as it was.
///
/// Columns stand between tabs, or between spaces where the line has no tab; a blank line ends a sentence. Lines that begin
/// with "#" are remarks, but not where they have a tab, or stand among words between spaces. Where the first column numbers
/// the words, a range ("3-4") or a decimal ("3.1") there says that the line is no word. Lines end with LF, CRLF or CR.
public struct ColumnFile: Sendable, Hashable {
  /// One line that is a word.
  struct Word: Sendable, Hashable {
    /// From 1.
    let line: Int
    let bytes: Range<Int>
  }

  /// The file's path, or the name given to the text.
  public let source: String
  /// The file as it was read, unpacked if it was compressed.
  public let bytes: [UInt8]
  /// Whether the first column numbers the words, so that ranges and decimals there are no words.
  public let isNumbered: Bool
  let words: [Word]
  /// Lines that have columns and are no words.
  let asides: [Range<Int>]
  /// For each sentence, the index of its first word in `words`; one more at the end.
  let starts: [Int]

  /// Reads a file, unpacked if it is compressed.
  ///
  /// - Parameters:
  ///   - isNumbered: as ``isNumbered``; default nil: where every line with columns begins with a number, a range or a decimal, and has
  ///     ten columns, as in CoNLL-U.
  ///   - limit: of bytes, unpacked.
  /// - Throws: ``DataError``: a file that cannot be read, is not UTF-8 or has no word.
  public init(
    contentsOf path: String, isNumbered: Bool? = nil, limit: Int = DataFile.defaultLimit
  ) throws(DataError) {
    try self.init(try DataFile.read(path, limit: limit), source: path, isNumbered: isNumbered)
  }

  /// Reads a text in UTF-8 that is already in memory.
  ///
  /// - Throws: ``DataError``: not UTF-8, or without a word.
  public init(_ bytes: [UInt8], source: String, isNumbered: Bool? = nil) throws(DataError) {
    let text = try TextSource(name: source, bytes: bytes)
    let lines = TextLines(text).ranges
    var (words, sentences): ([Word], [Int]) = ([], [])
    var isTabbed = false
    var isSentenceOpen = false
    for (index, line) in lines.enumerated() {
      let content = bytes[line]
      if content.isBlankText {
        isSentenceOpen = false
        continue
      }
      // A word may be "#": a remark has no columns.
      let hasTabs = content.contains(.tab)
      if content.first == UInt8(ascii: "#"), !hasTabs, !isSentenceOpen || isTabbed { continue }
      isTabbed = hasTabs
      if !isSentenceOpen { sentences.append(words.count) }
      isSentenceOpen = true
      words.append(Word(line: index + 1, bytes: line))
    }
    let numbered = isNumbered ?? Self.looksNumbered(words, in: bytes)
    (self.source, self.bytes, self.isNumbered) = (source, bytes, numbered)
    if numbered {
      let isWord = words.map { !Self.isNoWord(bytes[Self.firstCell($0.bytes, in: bytes)]) }
      asides = zip(words, isWord).compactMap { $1 ? nil : $0.bytes }
      // A sentence of such lines alone is none.
      var (kept, starts): ([Word], [Int]) = ([], [])
      for (sentence, first) in sentences.enumerated() {
        let end = sentence + 1 < sentences.count ? sentences[sentence + 1] : words.count
        let own = (first..<end).filter { isWord[$0] }.map { words[$0] }
        if own.isEmpty { continue }
        starts.append(kept.count)
        kept += own
      }
      (self.words, self.starts) = (kept, starts + [kept.count])
    } else {
      (self.words, asides, starts) = (words, [], sentences + [words.count])
    }
    if self.words.isEmpty { throw .text(.empty, at: DataError.Place(source)) }
  }

  /// Sentences that have a word.
  public var sentenceCount: Int { starts.count - 1 }

  /// Words of all sentences.
  public var wordCount: Int { words.count }

  /// Words of a sentence, counted from 0.
  public func wordCount(sentence: Int) -> Int { starts[sentence + 1] - starts[sentence] }

  /// The columns of the line that has the fewest.
  public var columnCount: Int { words.lazy.map { Self.cells($0.bytes, in: bytes).count }.min() ?? 0 }

  /// Refuses lines of different numbers of columns, as prose has them: which one is the last would change from line to line.
  ///
  /// - Throws: ``DataError``: the first word's line that has others than the one above it, with its number.
  public func requireEvenColumns() throws(DataError) {
    guard let first = words.first else { return }
    let expected = Self.cells(first.bytes, in: bytes).count
    for word in words {
      let found = Self.cells(word.bytes, in: bytes).count
      if found == expected { continue }
      throw .text(
        .otherColumns(found: found, expected: expected, line: first.line),
        at: DataError.Place(source, line: word.line))
    }
  }

  // MARK: - Reading columns

  /// The number, from 1, of a column; names are those of CoNLL-U (`form`, `upos`, …), in any case.
  ///
  /// - Throws: ``DataError``: a number below 1 or another name.
  public func number(of key: ColumnKey) throws(DataError) -> Int { try key.conlluNumber(in: source) }

  /// The cells of a column, by sentences.
  ///
  /// - Throws: ``DataError``: there is no such name, or a word has not so many columns, with its line.
  public func column(_ key: ColumnKey) throws(DataError) -> [[String]] {
    let number = try number(of: key)
    var column: [[String]] = []
    for sentence in 0..<sentenceCount {
      var cells: [String] = []
      for word in words[starts[sentence]..<starts[sentence + 1]] {
        cells.append(String(decoding: bytes[try cell(number, of: word)], as: UTF8.self))
      }
      column.append(cells)
    }
    return column
  }

  /// `file:line:column` of a cell; without a column: of the word's line.
  ///
  /// - Parameters:
  ///   - sentence: from 0.
  ///   - word: from 0.
  ///   - column: from 1.
  public func place(sentence: Int, word: Int, column: Int? = nil) -> DataError.Place {
    let word = words[starts[sentence] + word]
    let cells = Self.cells(word.bytes, in: bytes)
    guard let column, (1...cells.count).contains(column) else {
      return DataError.Place(source, line: word.line)
    }
    return DataError.Place(source, line: word.line, column: self.column(of: cells[column - 1], in: word))
  }

  /// Scalars before a cell on its line, and one.
  func column(of cell: Range<Int>, in word: Word) -> Int {
    1 + bytes[word.bytes.lowerBound..<cell.lowerBound].count { $0 & 0xC0 != 0x80 }
  }

  /// The bytes of a word's cell; columns count from 1.
  func cell(_ number: Int, of word: Word) throws(DataError) -> Range<Int> {
    let cells = Self.cells(word.bytes, in: bytes)
    guard cells.count >= number else {
      throw .text(
        .missingColumn(found: cells.count, needed: number), at: DataError.Place(source, line: word.line))
    }
    return cells[number - 1]
  }

  /// The cells of a line that is not blank.
  static func cells(_ line: Range<Int>, in bytes: [UInt8]) -> [Range<Int>] {
    let content = bytes[line]
    let cells =
      content.contains(.tab)
      ? content.split(separator: .tab, omittingEmptySubsequences: false) : content.split(separator: .space)
    return cells.map(\.indices)
  }

  // MARK: - Numbers of words

  private static func firstCell(_ line: Range<Int>, in bytes: [UInt8]) -> Range<Int> {
    let content = bytes[line]
    if content.contains(.tab) { return line.lowerBound..<(content.firstIndex(of: .tab) ?? line.upperBound) }
    return cells(line, in: bytes)[0]
  }

  private static func looksNumbered(_ words: [Word], in bytes: [UInt8]) -> Bool {
    words.allSatisfy { word in
      let cells = cells(word.bytes, in: bytes)
      let first = bytes[cells[0]]
      return cells.count == ColumnKey.conlluNames.count && (isDigits(first) || isNoWord(first))
    }
  }

  /// "3-4" and "3.1" as CoNLL-U numbers what is no word.
  private static func isNoWord(_ cell: ArraySlice<UInt8>) -> Bool {
    let parts = cell.split(omittingEmptySubsequences: false) {
      $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".")
    }
    return parts.count == 2 && parts.allSatisfy(isDigits)
  }

  private static func isDigits(_ cell: ArraySlice<UInt8>) -> Bool {
    !cell.isEmpty && cell.allSatisfy { (0x30...0x39).contains($0) }
  }
}
