/// Reads bits, least significant first, as the deflate format packs them (RFC 1951, section 3.1.1).
///
/// Never reads past the end: asking for more bits than there are throws `truncated`.
struct BitReader {
  let bytes: [UInt8]
  /// The next byte that has not been taken into `buffer`.
  private(set) var position: Int
  private var buffer: UInt64 = 0
  private var available = 0

  init(_ bytes: [UInt8], from position: Int) {
    self.bytes = bytes
    self.position = position
  }

  /// The byte that holds the next bit.
  var bytePosition: Int { position - (available + 7) / 8 }

  private mutating func fill() {
    while available <= 56, position < bytes.count {
      buffer |= UInt64(bytes[position]) << UInt64(available)
      position += 1
      available += 8
    }
  }

  mutating func bits(_ count: Int) throws(GzipFault) -> Int {
    if available < count { fill() }
    guard available >= count else { throw .truncated }
    let value = Int(buffer & ((1 << UInt64(count)) - 1))
    drop(count)
    return value
  }

  private mutating func drop(_ count: Int) {
    buffer >>= UInt64(count)
    available -= count
  }

  /// The next symbol of a Huffman code. Where fewer bits are left than the longest word has, the missing ones are
  /// looked up as zeros, and a word that would need them is refused.
  mutating func symbol(_ code: HuffmanCode) throws(GzipFault) -> Int {
    if available < code.longestWord { fill() }
    let entry = code.entry(at: Int(buffer & UInt64(code.mask)))
    let length = Int(entry & 15)
    if length == 0 { throw available < code.longestWord ? .truncated : .badSymbol }
    guard length <= available else { throw .truncated }
    drop(length)
    return Int(entry >> 4)
  }

  mutating func skipToByteBoundary() { drop(available % 8) }

  /// Copies whole bytes. Only at a byte boundary.
  mutating func copyBytes(_ count: Int, into output: inout [UInt8]) throws(GzipFault) {
    let start = bytePosition
    guard count <= bytes.count - start else { throw .truncated }
    output.append(contentsOf: bytes[start..<start + count])
    (position, buffer, available) = (start + count, 0, 0)
  }
}
