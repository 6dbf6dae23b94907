internal import Recurrent
internal import RecurrentData

/// The lines of a stream as sentences, whatever the pieces that it comes in; lines without a word are left out.
struct SentenceLines {
  /// Of the stream, for errors.
  let name: String
  let tokenizer: Tokenizer
  private var open: [UInt8] = []
  private var line = 0

  init(name: String, tokenizer: Tokenizer) { (self.name, self.tokenizer) = (name, tokenizer) }

  /// The sentences whose lines end in a piece.
  mutating func take(_ bytes: ArraySlice<UInt8>) throws(CommandError) -> [[String]] {
    var sentences: [[String]] = []
    var rest = bytes
    while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
      open += rest[..<end]
      rest = rest[(end + 1)...]
      if let sentence = try close() { sentences.append(sentence) }
    }
    open += rest
    return sentences
  }

  /// What stands behind the last line's end.
  mutating func rest() throws(CommandError) -> [[String]] {
    if open.isEmpty { return [] }
    return try close().map { [$0] } ?? []
  }

  private mutating func close() throws(CommandError) -> [String]? {
    line += 1
    if open.last == UInt8(ascii: "\r") { open.removeLast() }
    // A mark of the byte order is no word.
    if line == 1, open.starts(with: [0xEF, 0xBB, 0xBF]) { open.removeFirst(3) }
    guard let text = String(validating: open, as: UTF8.self) else {
      throw CommandError(
        "\(name):\(line): bytes that are no UTF-8, expected text in UTF-8; convert it first", exitCode: .data)
    }
    open.removeAll(keepingCapacity: true)
    let words = tokenizer.tokens(of: text).filter { !$0.allSatisfy(\.isWhitespace) }
    return words.isEmpty ? nil : words
  }
}
