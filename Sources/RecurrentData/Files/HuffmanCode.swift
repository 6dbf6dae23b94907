/// A canonical Huffman code given by the lengths of its words (RFC 1951, section 3.2.2), as one look-up table.
///
/// The table has one entry for each value of the next `longestWord` bits: `symbol << 4 | length`, or 0 where no word fits.
struct HuffmanCode {
  let longestWord: Int
  let mask: Int
  private let table: [UInt16]

  /// - Parameter lengths: word length of each symbol, 0 (unused) to 15.
  /// - Throws: `badCode` unless the words use up every bit pattern. Two exceptions are legal in a code of distances:
  ///   no word at all, and a single word of one bit.
  init(lengths: some Collection<Int>, mayBeIncomplete: Bool = false) throws(GzipFault) {
    var counts = [Int](repeating: 0, count: 16)
    for length in lengths { counts[length] += 1 }
    counts[0] = 0
    let used = counts.reduce(0, +)
    let longest = counts.lastIndex { $0 > 0 } ?? 1

    var room = 1
    for length in 1...15 {
      room = room * 2 - counts[length]
      if room < 0 { throw .badCode }
    }
    let isComplete = room == 0
    guard isComplete || (mayBeIncomplete && (used == 0 || (used == 1 && longest == 1))) else {
      throw .badCode
    }

    var nextWord = [Int](repeating: 0, count: 17)
    for length in 1...15 { nextWord[length + 1] = (nextWord[length] + counts[length]) << 1 }

    var table = [UInt16](repeating: 0, count: 1 << longest)
    for (symbol, length) in lengths.enumerated() where length > 0 {
      let word = nextWord[length]
      nextWord[length] += 1
      var index = Self.reversed(word, bits: length)
      while index < table.count {
        table[index] = UInt16(symbol << 4 | length)
        index += 1 << length
      }
    }
    self.table = table
    longestWord = longest
    mask = (1 << longest) - 1
  }

  func entry(at index: Int) -> UInt16 { table[index] }

  /// Words are packed with their first bit lowest, so a table indexed by the next bits needs them mirrored.
  private static func reversed(_ word: Int, bits: Int) -> Int {
    var (rest, mirrored) = (word, 0)
    for _ in 0..<bits {
      mirrored = mirrored << 1 | rest & 1
      rest >>= 1
    }
    return mirrored
  }
}
