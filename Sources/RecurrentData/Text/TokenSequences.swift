/// Sequences of tokens read from a text, each token with its place and, where the text has them, its label.
public struct TokenSequences: Sendable, Hashable {
  /// One token of a sequence.
  public struct Token: Sendable, Hashable {
    /// As it stands in the text.
    public let text: String
    /// From 1.
    public let line: Int
    /// From 1, in Unicode scalars.
    public let column: Int
    /// What the text says it is; `nil` where it has no such column.
    public let label: String?
  }

  /// What a line is cut into.
  public enum Unit: String, Sendable, Hashable, CaseIterable, Codable {
    /// At white space.
    case words
    /// Every Unicode scalar by itself, white space left out.
    case characters
  }

  /// The file's path, or the name given to the text.
  public let source: String
  /// In the order of the text.
  public let sequences: [[Token]]

  /// One sequence a line; an empty line is a sequence of no step.
  ///
  /// - Throws: ``DataError``: text that is not UTF-8, or a file without a byte.
  public init(lines bytes: [UInt8], source: String, unit: Unit) throws(DataError) {
    let lines = try Self.lines(bytes, source)
    self.source = source
    sequences = lines.enumerated().map { number, line in
      var tokens: [Token] = []
      var (word, begin, column) = (String.UnicodeScalarView(), 1, 0)
      func end() {
        if !word.isEmpty {
          tokens.append(Token(text: String(word), line: number + 1, column: begin, label: nil))
        }
        word = String.UnicodeScalarView()
      }
      for scalar in line.unicodeScalars {
        column += 1
        if scalar.properties.isWhitespace {
          end()
          continue
        }
        if word.isEmpty { begin = column }
        word.append(scalar)
        if unit == .characters { end() }
      }
      end()
      return tokens
    }
  }

  /// Columns between tabs, or between spaces where the line has no tab; an empty line ends a sequence. Lines that begin with
  /// "#" are remarks, but not where they have a tab, or stand among words between spaces. Where the tokens do not stand in the first column, a range
  /// ("3-4") or a decimal ("3.1") there says that the line is no word (CoNLL-U).
  ///
  /// - Parameters:
  ///   - tokens: the column of the tokens, from 1.
  ///   - labels: the column of the labels; `nil`: there are none.
  /// - Throws: ``DataError``: text that is not UTF-8, a line without these columns.
  public init(
    columns bytes: [UInt8], source: String, tokens tokenColumn: Int, labels labelColumn: Int?
  ) throws(DataError) {
    let needed = max(tokenColumn, labelColumn ?? 0)
    var (sequences, current): ([[Token]], [Token]) = ([], [])
    var isTabbed = false
    for (number, line) in try Self.lines(bytes, source).enumerated() {
      if line.allSatisfy(\.isWhitespace) {
        if !current.isEmpty { sequences.append(current) }
        current = []
        continue
      }
      // A word may be "#": a remark has no columns.
      let hasTabs = line.contains("\t")
      if line.hasPrefix("#") && !hasTabs && (current.isEmpty || isTabbed) { continue }
      isTabbed = hasTabs
      let cells =
        hasTabs
        ? line.split(separator: "\t", omittingEmptySubsequences: false) : line.split(separator: " ")
      if tokenColumn > 1 && Self.isNoWord(cells[0]) { continue }
      guard cells.count >= needed else {
        throw .text(
          .missingColumn(found: cells.count, needed: needed),
          at: DataError.Place(source, line: number + 1))
      }
      let before = cells[..<(tokenColumn - 1)].reduce(0) { $0 + $1.unicodeScalars.count + 1 }
      current.append(
        Token(
          text: String(cells[tokenColumn - 1]), line: number + 1, column: before + 1,
          label: labelColumn.map { String(cells[$0 - 1]) }))
    }
    if !current.isEmpty { sequences.append(current) }
    if sequences.isEmpty { throw .text(.empty, at: DataError.Place(source)) }
    (self.source, self.sequences) = (source, sequences)
  }

  /// Lines without their ends; the last is there whether or not it ends.
  private static func lines(_ bytes: [UInt8], _ source: String) throws(DataError) -> [Substring] {
    let text = try TextSource(name: source, bytes: bytes)
    if text.bytes.count == text.start { throw .text(.empty, at: DataError.Place(source)) }
    let whole = String(decoding: bytes[text.start...], as: UTF8.self)
    var lines = whole.split(omittingEmptySubsequences: false) { $0.isNewline }
    if lines.last?.isEmpty == true { lines.removeLast() }
    return lines
  }

  /// "3-4" and "3.1" as CoNLL-U numbers what is no word.
  private static func isNoWord(_ cell: Substring) -> Bool {
    let parts = cell.split(omittingEmptySubsequences: false) { $0 == "-" || $0 == "." }
    return parts.count == 2 && parts.allSatisfy { !$0.isEmpty && $0.allSatisfy { "0123456789".contains($0) } }
  }

  /// `file:line:column` of a token.
  public func place(sequence: Int, step: Int) -> DataError.Place {
    let token = sequences[sequence][step]
    return DataError.Place(source, line: token.line, column: token.column)
  }
}
