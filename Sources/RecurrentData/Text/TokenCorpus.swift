internal import RecurrentCore

/// The tokens of a text as numbers of a vocabulary: in memory, or in a temporary file of which only what is asked for is read.
public struct TokenCorpus: Sendable {
  /// Where one document of a text ends and the next begins.
  public enum Documents: String, Sendable, Hashable, CaseIterable, Codable {
    /// The text is one document.
    case none
    /// Behind each line, or run of lines, of nothing but white space. The lines' own tokens end the document before.
    case blankLines
  }

  enum Storage: Sendable {
    case memory([Int32])
    case scratch(ScratchFile, width: Int)
  }

  /// The file's path, or the name given to the text.
  public let source: String
  /// What the numbers mean.
  public let vocabulary: Vocabulary
  /// Number of tokens, at least 1.
  public let count: Int
  /// Where documents begin, ascending from 0; each has a token at least.
  public let documentStarts: [Int]
  let storage: Storage
  /// Bytes that a token takes on the disk; nil: the tokens are in memory.
  package var bytesOnDisk: Int? { if case .scratch(_, let width) = storage { width } else { nil } }
  /// The token of the storage that is number 0 here.
  let base: Int

  init(
    source: String, vocabulary: Vocabulary, count: Int, documentStarts: [Int], storage: Storage, base: Int = 0
  ) {
    (self.source, self.vocabulary, self.count) = (source, vocabulary, count)
    (self.documentStarts, self.storage, self.base) = (documentStarts, storage, base)
  }

  /// Numbers that are in memory.
  ///
  /// - Precondition: one at least, each in 0 ..< vocabulary.count; starts of documents that ascend from 0 and are below the
  ///   number of tokens.
  public init(
    ids: [Int32], vocabulary: Vocabulary, documentStarts: [Int] = [0], source: String = "text"
  ) {
    precondition(!ids.isEmpty, "TokenCorpus: no token")
    precondition(
      ids.allSatisfy { 0 <= $0 && $0 < vocabulary.count },
      "TokenCorpus: an id outside 0 ..< \(vocabulary.count)")
    precondition(
      documentStarts.first == 0 && documentStarts.last! < ids.count
        && zip(documentStarts, documentStarts.dropFirst()).allSatisfy(<),
      "TokenCorpus: starts of documents that do not ascend from 0 to below \(ids.count)")
    self.init(
      source: source, vocabulary: vocabulary, count: ids.count, documentStarts: documentStarts,
      storage: .memory(ids))
  }

  /// The tokens of each document, in their order.
  public var documents: [Range<Int>] {
    zip(documentStarts, documentStarts.dropFirst() + [count]).map { $0..<$1 }
  }

  /// The numbers of the tokens in a range. Of a corpus in a file, one reading of the system; any number of threads may ask.
  ///
  /// - Precondition: `range` within 0 ..< count. A temporary file that can no longer be read, since its device failed, ends the
  ///   process.
  public func ids(in range: Range<Int>) -> [Int32] {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= count, "TokenCorpus.ids: \(range) of \(count) tokens")
    let places = (base + range.lowerBound)..<(base + range.upperBound)
    switch storage {
    case .memory(let ids): return Array(ids[places])
    case .scratch(let file, 1): return Self.read(UInt8.self, file, places)
    case .scratch(let file, 2): return Self.read(UInt16.self, file, places)
    case .scratch(let file, _): return Self.read(Int32.self, file, places)
    }
  }

  private static func read<Number: FixedWidthInteger>(
    _ type: Number.Type, _ file: ScratchFile, _ places: Range<Int>
  ) -> [Int32] {
    let width = MemoryLayout<Number>.size
    let numbers = [Number](unsafeUninitializedCapacity: places.count) { buffer, count in
      let bytes = UnsafeMutableRawBufferPointer(start: buffer.baseAddress, count: width * places.count)
      let code = file.read(at: width * places.lowerBound, into: bytes)
      precondition(code == 0, "TokenCorpus.ids: the temporary file cannot be read (system error \(code))")
      count = places.count
    }
    return numbers as? [Int32] ?? numbers.map { Int32(truncatingIfNeeded: $0) }
  }

  /// A part of the tokens, numbered from 0, that shares the storage. A document that is cut begins at its cut.
  ///
  /// - Precondition: `range` within 0 ..< count, one token at least.
  public func part(_ range: Range<Int>) -> TokenCorpus {
    precondition(
      !range.isEmpty && range.lowerBound >= 0 && range.upperBound <= count,
      "TokenCorpus.part: \(range) of \(count) tokens")
    let starts = documentStarts.filter { $0 > range.lowerBound && $0 < range.upperBound }
    return TokenCorpus(
      source: source, vocabulary: vocabulary, count: range.count,
      documentStarts: [0] + starts.map { $0 - range.lowerBound }, storage: storage,
      base: base + range.lowerBound)
  }

  /// How often each token of the vocabulary occurs. Reads all tokens once.
  public func countTokens() -> [Int] {
    var counts = [Int](repeating: 0, count: vocabulary.count)
    for start in stride(from: 0, to: count, by: 1 << 16) {
      for id in ids(in: start..<min(start + 1 << 16, count)) { counts[Int(id)] += 1 }
    }
    return counts
  }
}
