internal import RecurrentCore

extension TokenCorpus {
  /// The tokens of a file in room that does not depend on its size but for the different words and the starts of documents:
  /// one reading counts the vocabulary, another writes 1, 2 or 4 bytes a token to a temporary file without a name. A gzip file or
  /// a pipe is first read into memory.
  ///
  /// - Parameters:
  ///   - path: text in UTF-8; with bytes that are not folded, any file.
  ///   - tokenizer: what the text is cut into.
  ///   - documents: where documents begin; default: the file is one.
  ///   - rule: of the vocabulary; default: all tokens, and ``Vocabulary/usualUnknown`` for others.
  ///   - scratchFolder: where the temporary file has room; default: `TMPDIR`, or `/tmp`.
  /// - Throws: ``DataError``: no such file, text that is not UTF-8, no token, no room for the temporary file.
  public init(
    contentsOf path: String, tokenizer: Tokenizer, documents: Documents = .none,
    rule: Vocabulary.Rule = Vocabulary.Rule(), scratchFolder: String? = nil
  ) throws(DataError) {
    self = try CorpusReader(try TextPieces(contentsOf: path), tokenizer, documents)
      .read(rule, into: .scratch(folder: scratchFolder))
  }

  /// The same in one reading, for a vocabulary that is known, such as that of the training text.
  ///
  /// - Throws: ``DataError``, besides, `vocabulary` for a token that it does not have, if none stands for unknown ones.
  public init(
    contentsOf path: String, tokenizer: Tokenizer, vocabulary: Vocabulary, documents: Documents = .none,
    scratchFolder: String? = nil
  ) throws(DataError) {
    self = try CorpusReader(try TextPieces(contentsOf: path), tokenizer, documents)
      .read(vocabulary, into: .scratch(folder: scratchFolder))
  }

  /// The tokens of a text in memory, with a vocabulary of its own, four bytes a token.
  ///
  /// - Parameters:
  ///   - bytes: text in UTF-8; with bytes that are not folded, anything.
  ///   - source: the name for error messages.
  ///   - tokenizer: what the text is cut into.
  ///   - documents: where documents begin; default: the text is one.
  ///   - rule: of the vocabulary; default: all tokens, and ``Vocabulary/usualUnknown`` for others.
  /// - Throws: ``DataError``: text that is not UTF-8, or no token.
  public init(
    bytes: [UInt8], source: String = "text", tokenizer: Tokenizer, documents: Documents = .none,
    rule: Vocabulary.Rule = Vocabulary.Rule()
  ) throws(DataError) {
    self = try CorpusReader(.memory(bytes, source: source), tokenizer, documents).read(rule, into: .memory)
  }

  /// The tokens of a text in memory, with a vocabulary that is known.
  ///
  /// - Throws: ``DataError``, besides, `vocabulary` for a token that it does not have, if none stands for unknown ones.
  public init(
    bytes: [UInt8], source: String = "text", tokenizer: Tokenizer, vocabulary: Vocabulary,
    documents: Documents = .none
  ) throws(DataError) {
    self = try CorpusReader(.memory(bytes, source: source), tokenizer, documents)
      .read(vocabulary, into: .memory)
  }
}

/// Makes a corpus from the pieces of a text.
struct CorpusReader {
  enum Target {
    case memory
    case scratch(folder: String?)
  }

  /// The longest word, in bytes: a file without white space must not be one word in memory.
  private static let longestWord = 1 << 20

  private let text: TextPieces
  private let tokenizer: Tokenizer
  private let documents: TokenCorpus.Documents

  init(_ text: TextPieces, _ tokenizer: Tokenizer, _ documents: TokenCorpus.Documents) {
    (self.text, self.tokenizer, self.documents) = (text, tokenizer, documents)
  }

  private var place: DataError.Place { DataError.Place(text.source) }

  func read(_ rule: Vocabulary.Rule, into target: Target) throws(DataError) -> TokenCorpus {
    var counts: [Int] = []
    let scanner = try scan(TokenScanner(tokenizer, words: ByteStrings(), findsDocuments: false)) {
      keys, _ throws(DataError) in
      for key in keys {
        let number = Int(key)
        if number >= counts.count {
          counts.append(contentsOf: repeatElement(0, count: max(number + 1, 2 * counts.count) - counts.count))
        }
        counts[number] += 1
      }
    }
    let vocabulary = try Vocabulary(
      Self.tokenCounts(counts, rule, scanner), rule, source: text.source)
    let corpus = try read(vocabulary, into: target, words: scanner.words)
    guard corpus.count == scanner.count else { throw .file(.changed, path: text.source) }
    return corpus
  }

  func read(_ vocabulary: Vocabulary, into target: Target, words: ByteStrings = ByteStrings())
    throws(DataError) -> TokenCorpus
  {
    var writer = try CorpusWriter(target, vocabulary, source: text.source)
    let scanner = try scan(
      TokenScanner(tokenizer, words: words, findsDocuments: documents == .blankLines)
    ) { keys, scanner throws(DataError) in
      try writer.write(keys, scanner)
    }
    return TokenCorpus(
      source: text.source, vocabulary: vocabulary, count: scanner.count,
      documentStarts: [0]
        + scanner.documentStarts.filter { $0 < scanner.count },
      storage: writer.storage)
  }

  /// One reading of the text: its keys piece by piece, and the scanner as it is at the end.
  private func scan(
    _ start: TokenScanner, _ body: ([UInt32], TokenScanner) throws(DataError) -> Void
  ) throws(DataError) -> TokenScanner {
    var scanner = start
    var decoder = ScalarDecoder(source: text.source)
    var isEmpty = true
    func handOver() throws(DataError) {
      try body(scanner.keys, scanner)
      scanner.taken += scanner.keys.count
      scanner.keys.removeAll(keepingCapacity: true)
    }
    try text.forEach { bytes throws(DataError) in
      isEmpty = isEmpty && bytes.isEmpty
      if tokenizer.readsAnyBytes {
        for byte in bytes { scanner.take(byte: byte) }
      } else {
        try decoder.decode(bytes, into: &scanner)
      }
      guard scanner.openWordLength <= Self.longestWord else {
        throw .vocabulary(
          .longWord(limit: Self.longestWord), at: DataError.Place(text.source, line: scanner.line))
      }
      try handOver()
    }
    try decoder.finish(scanner)
    scanner.endWord()
    try handOver()
    if isEmpty { throw .text(.empty, at: place) }
    if scanner.count == 0 {
      throw .vocabulary(.noToken(unit: tokenizer.unit, folding: tokenizer.folding), at: place)
    }
    return scanner
  }

  /// The counts by token. Words that the vocabulary will not have are left out before they become strings: there may be
  /// millions.
  private static func tokenCounts(_ counts: [Int], _ rule: Vocabulary.Rule, _ scanner: TokenScanner)
    -> TokenCounts
  {
    var least = 1
    if rule.unknown != nil {
      least = max(1, rule.minimumCount)
      if let limit = rule.limit, limit >= 1, limit < counts.count {
        least = max(least, counts.sorted(by: >)[limit])
      }
    }
    var result = TokenCounts()
    for (key, count) in counts.enumerated() where count >= least {
      result.add(scanner.token(of: UInt32(key)), times: count)
    }
    return result
  }
}
