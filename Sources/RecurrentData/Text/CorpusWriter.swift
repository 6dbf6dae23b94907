internal import RecurrentCore

/// Writes numbers of tokens to where a corpus keeps them.
struct CorpusWriter {
  private let vocabulary: Vocabulary
  private let source: String
  private var ids: [Int32] = []
  private let file: ScratchFile?
  private let folder: String
  /// Bytes a number: the fewest that the vocabulary needs.
  private let width: Int
  /// Numbers by keys, −1 where a key has not come yet.
  private var numbers: [Int32] = []

  init(_ target: CorpusReader.Target, _ vocabulary: Vocabulary, source: String) throws(DataError) {
    self.vocabulary = vocabulary
    self.source = source
    width = vocabulary.count <= 1 << 8 ? 1 : vocabulary.count <= 1 << 16 ? 2 : 4
    switch target {
    case .memory: (file, folder) = (nil, "")
    case .scratch(let folder):
      do throws(FileError) {
        let file = try ScratchFile(in: folder)
        (self.file, self.folder) = (file, file.folder)
      } catch {
        throw .file(.scratch(folder: error.path, reason: error.reason), path: source)
      }
    }
  }

  var storage: TokenCorpus.Storage { file.map { .scratch($0, width: width) } ?? .memory(ids) }

  mutating func write(_ keys: [UInt32], _ scanner: TokenScanner) throws(DataError) {
    try number(keys, scanner)
    guard let file else {
      for key in keys { ids.append(numbers[Int(key)]) }
      return
    }
    switch width {
    case 1: try append(keys, UInt8.self, file)
    case 2: try append(keys, UInt16.self, file)
    default: try append(keys, Int32.self, file)
    }
  }

  private mutating func number(_ keys: [UInt32], _ scanner: TokenScanner) throws(DataError) {
    for key in keys {
      let key = Int(key)
      if key >= numbers.count {
        numbers.append(
          contentsOf: repeatElement(-1, count: max(key + 1, 2 * numbers.count) - numbers.count))
      }
      if numbers[key] < 0 {
        numbers[key] = try vocabulary.id(of: scanner.token(of: UInt32(key)), source: source)
      }
    }
  }

  private func append<Number: FixedWidthInteger & BitwiseCopyable>(
    _ keys: [UInt32], _ type: Number.Type, _ file: ScratchFile
  )
    throws(DataError)
  {
    let written: [Number] = keys.map { Number(truncatingIfNeeded: numbers[Int($0)]) }
    do throws(FileError) {
      try file.append(written)
    } catch {
      throw .file(.scratch(folder: folder, reason: error.reason), path: source)
    }
  }
}
