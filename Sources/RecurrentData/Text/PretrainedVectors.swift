internal import RecurrentCore

/// Vectors of words from a file of text (GloVe, word2vec, fastText), of which only the wanted ones are kept.
///
/// One word a line, then its numbers, between spaces or tabs. A first line of two whole numbers says how many words and numbers there are. A word may hold
/// spaces itself: what stands before the last numbers is the word.
public struct PretrainedVectors: Sendable, Hashable {
  /// The words that were found, in the order of the file, each once: where it comes twice, the first counts.
  public let words: [String]
  /// `[words.count, dimension]` row-major.
  public let values: [Float]
  /// Numbers of a vector.
  public let dimension: Int
  /// Vectors of the file, wanted or not.
  public let fileCount: Int

  /// The numbers of a word; nil where the file has none, or it was not wanted. Cost: one search in a table.
  public subscript(word: String) -> ArraySlice<Float>? {
    positions[word].map { values[$0 * dimension..<($0 + 1) * dimension] }
  }

  private let positions: [String: Int]

  /// Reads a file piece by piece, so that memory is taken by the wanted words alone; a compressed one is unpacked whole.
  ///
  /// - Parameters:
  ///   - wanted: the words to keep; default nil: all.
  ///   - hasCounts: whether the first line says how many words and numbers there are; default nil: where it is two whole numbers.
  /// - Throws: ``DataError``: a file that cannot be read, a line with another number of numbers, a wanted word's number that is none, no vector, or fewer than
  ///   the first line says. A word that is not wanted is not looked at but for the number of its cells.
  public init(
    contentsOf path: String, wanted: Set<String>? = nil, hasCounts: Bool? = nil
  ) throws(DataError) {
    var reader = PretrainedVectorReader(source: path, wanted: wanted, hasCounts: hasCounts)
    try TextPieces(contentsOf: path).forEach { piece throws(DataError) in
      // What follows a fault is not looked at.
      if reader.failure == nil { reader.add(Array(piece)[...]) }
    }
    try self.init(reader)
  }

  /// Reads a text that is already in memory.
  ///
  /// - Parameters:
  ///   - source: its name, for errors.
  ///   - wanted, hasCounts: as for a file.
  /// - Throws: ``DataError``: as for a file.
  public init(
    _ bytes: [UInt8], source: String, wanted: Set<String>? = nil, hasCounts: Bool? = nil
  ) throws(DataError) {
    var reader = PretrainedVectorReader(source: source, wanted: wanted, hasCounts: hasCounts)
    reader.add(bytes[...])
    try self.init(reader)
  }

  private init(_ reader: PretrainedVectorReader) throws(DataError) {
    let vectors = try reader.finished()
    (words, values, dimension) = (vectors.words, vectors.values, vectors.dimension)
    fileCount = vectors.lineCount
    positions = vectors.positions
  }
}
