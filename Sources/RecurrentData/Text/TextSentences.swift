/// Where one sentence of a text ends and the next begins.
public enum SentenceCut: String, Sendable, Hashable, CaseIterable, Codable {
  /// Every line is one.
  case lines
  /// A line is cut behind the marks that end a sentence too: `。！？｡．` wherever they stand, and `.`, `!`, `?` where white space or
  /// the line's end follows. Closing quotes and brackets behind the mark go with it.
  case marks
}

/// The sentences of a text, each a string without white space at its ends; lines of nothing else are left out.
public struct TextSentences: Sendable, Hashable {
  /// The file's path, or the name given to the text.
  public let source: String
  /// In their order.
  public let sentences: [String]
  /// The line that each stands on, from 1.
  public let lines: [Int]

  /// The sentences of a text in memory.
  ///
  /// - Parameters:
  ///   - bytes: text in UTF-8.
  ///   - source: the name for error messages.
  ///   - cut: default: a line each.
  /// - Throws: ``DataError``: text that is not UTF-8, or without a sentence.
  public init(bytes: [UInt8], source: String = "text", cut: SentenceCut = .lines) throws(DataError) {
    let text = try TextSource(name: source, bytes: bytes)
    var sentences: [String] = []
    var lines: [Int] = []
    for (number, range) in TextLines(text).ranges.enumerated() where !bytes[range].isBlankText {
      for sentence in Self.pieces(of: String(decoding: bytes[range], as: UTF8.self), cut) {
        sentences.append(sentence)
        lines.append(number + 1)
      }
    }
    if sentences.isEmpty { throw .text(.empty, at: DataError.Place(source)) }
    (self.source, self.sentences, self.lines) = (source, sentences, lines)
  }

  /// The sentences of a file, which is unpacked if it is compressed.
  ///
  /// - Throws: ``DataError``, besides, where the file cannot be read.
  public init(contentsOf path: String, cut: SentenceCut = .lines) throws(DataError) {
    try self.init(bytes: try DataFile.read(path), source: path, cut: cut)
  }

  /// Sentences that are in memory: one at least.
  ///
  /// - Precondition: not empty.
  public init(_ sentences: [String], source: String = "text") {
    precondition(!sentences.isEmpty, "TextSentences: no sentence")
    (self.source, self.sentences, lines) = (source, sentences, Array(1...sentences.count))
  }

  /// The sentences of one line.
  package static func pieces(of line: String, _ cut: SentenceCut) -> [String] {
    let scalars = Array(line.unicodeScalars)
    var pieces: [String] = []
    var start = 0
    func end(at place: Int) {
      var piece = scalars[start..<place]
      while let first = piece.first, first.properties.isWhitespace { piece.removeFirst() }
      while let last = piece.last, last.properties.isWhitespace { piece.removeLast() }
      start = place
      if piece.isEmpty { return }
      var text = String.UnicodeScalarView()
      text.append(contentsOf: piece)
      pieces.append(String(text))
    }
    var place = 0
    while cut == .marks && place < scalars.count {
      let isWide = wideMarks.contains(scalars[place])
      guard isWide || narrowMarks.contains(scalars[place]) else {
        place += 1
        continue
      }
      var hasWide = isWide
      place += 1
      while place < scalars.count, isMark(scalars[place]) || closers.contains(scalars[place]) {
        hasWide = hasWide || wideMarks.contains(scalars[place])
        place += 1
      }
      if hasWide || place == scalars.count || scalars[place].properties.isWhitespace { end(at: place) }
    }
    end(at: scalars.count)
    return pieces
  }

  private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
    wideMarks.contains(scalar) || narrowMarks.contains(scalar)
  }

  private static let wideMarks = Set("。！？｡．".unicodeScalars)
  private static let narrowMarks = Set(".!?".unicodeScalars)
  private static let closers = Set("”’」』）】》)\"']".unicodeScalars)
}
