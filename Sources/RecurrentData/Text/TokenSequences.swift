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

  /// The words of a ``ColumnFile``. Where the tokens do not stand in the first column, a range ("3-4") or a decimal ("3.1")
  /// there says that the line is no word (CoNLL-U).
  ///
  /// - Parameters:
  ///   - tokens: the column of the tokens, from 1.
  ///   - labels: the column of the labels; `nil`: there are none.
  /// - Throws: ``DataError``: text that is not UTF-8, a line without these columns.
  public init(
    columns bytes: [UInt8], source: String, tokens tokenColumn: Int, labels labelColumn: Int?
  ) throws(DataError) {
    // Words in the first column may be numbers themselves.
    let file = try ColumnFile(bytes, source: source, isNumbered: tokenColumn > 1)
    let needed = max(tokenColumn, labelColumn ?? 0)
    var sequences: [[Token]] = []
    for sentence in 0..<file.sentenceCount {
      var tokens: [Token] = []
      for word in file.words[file.starts[sentence]..<file.starts[sentence + 1]] {
        _ = try file.cell(needed, of: word)
        let cell = try file.cell(tokenColumn, of: word)
        let label = try labelColumn.map { (number) throws(DataError) in try file.cell(number, of: word) }
        tokens.append(
          Token(
            text: String(decoding: bytes[cell], as: UTF8.self), line: word.line,
            column: file.column(of: cell, in: word),
            label: label.map { String(decoding: bytes[$0], as: UTF8.self) }))
      }
      sequences.append(tokens)
    }
    (self.source, self.sequences) = (source, sequences)
  }

  /// Lines without their ends, as places in files count them; the last is there whether or not it ends.
  private static func lines(_ bytes: [UInt8], _ source: String) throws(DataError) -> [String] {
    let text = try TextSource(name: source, bytes: bytes)
    if text.bytes.count == text.start { throw .text(.empty, at: DataError.Place(source)) }
    return TextLines(text).ranges.map { String(decoding: bytes[$0], as: UTF8.self) }
  }

  /// `file:line:column` of a token.
  public func place(sequence: Int, step: Int) -> DataError.Place {
    let token = sequences[sequence][step]
    return DataError.Place(source, line: token.line, column: token.column)
  }
}
