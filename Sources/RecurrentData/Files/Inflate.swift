/// Decompression of the deflate format (RFC 1951).
///
/// Memory grows with what has really been decoded and never beyond `limit`, whatever the data claim.
struct Inflate {
  private(set) var reader: BitReader
  private(set) var output: [UInt8]
  private let start: Int
  private let limit: Int

  /// - Parameters:
  ///   - output: earlier members' contents; copies never reach back into them.
  ///   - limit: the largest allowed size of `output`.
  init(_ bytes: [UInt8], from position: Int, appendingTo output: consuming [UInt8], limit: Int) {
    reader = BitReader(bytes, from: position)
    start = output.count
    self.output = output
    self.limit = limit
  }

  /// Decodes blocks until the one marked last.
  mutating func run() throws(GzipFault) {
    var isLast = false
    while !isLast {
      isLast = try reader.bits(1) == 1
      switch try reader.bits(2) {
      case 0: try storedBlock()
      case 1: try compressedBlock(literals: Self.fixedLiterals(), distances: Self.fixedDistances())
      case 2:
        let codes = try readCodes()
        try compressedBlock(literals: codes.literals, distances: codes.distances)
      default: throw .badBlockType
      }
    }
    reader.skipToByteBoundary()
  }

  private mutating func storedBlock() throws(GzipFault) {
    reader.skipToByteBoundary()
    let length = try reader.bits(16)
    guard try reader.bits(16) == length ^ 0xFFFF else { throw .storedLengthMismatch }
    try reserve(length)
    try reader.copyBytes(length, into: &output)
  }

  private func reserve(_ count: Int) throws(GzipFault) {
    if output.count + count > limit { throw .tooLarge(limit: limit) }
  }

  private mutating func compressedBlock(literals: HuffmanCode, distances: HuffmanCode) throws(GzipFault) {
    while true {
      let symbol = try reader.symbol(literals)
      if symbol < 256 {
        try reserve(1)
        output.append(UInt8(symbol))
      } else if symbol == 256 {
        return
      } else {
        guard symbol <= 285 else { throw .badSymbol }
        let length = Self.lengthBase[symbol - 257] + (try reader.bits(Self.lengthExtraBits[symbol - 257]))
        let distanceSymbol = try reader.symbol(distances)
        guard distanceSymbol < 30 else { throw .badSymbol }
        let distance =
          Self.distanceBase[distanceSymbol] + (try reader.bits(Self.distanceExtraBits(distanceSymbol)))
        try copy(length: length, distance: distance)
      }
    }
  }

  /// The source may overlap the destination: byte by byte, a distance of 1 repeats one byte.
  private mutating func copy(length: Int, distance: Int) throws(GzipFault) {
    let available = output.count - start
    guard distance <= available else { throw .distanceTooFar(distance: distance, available: available) }
    try reserve(length)
    var source = output.count - distance
    for _ in 0..<length {
      output.append(output[source])
      source += 1
    }
  }

  /// The two codes of a dynamic block, themselves Huffman coded (RFC 1951, section 3.2.7).
  private mutating func readCodes() throws(GzipFault) -> (literals: HuffmanCode, distances: HuffmanCode) {
    let literalCount = try reader.bits(5) + 257
    let distanceCount = try reader.bits(5) + 1
    guard literalCount <= 286, distanceCount <= 30 else { throw .badCode }

    var metaLengths = [Int](repeating: 0, count: 19)
    for index in 0..<(try reader.bits(4) + 4) { metaLengths[Self.metaOrder[index]] = try reader.bits(3) }
    let meta = try HuffmanCode(lengths: metaLengths)

    var lengths: [Int] = []
    while lengths.count < literalCount + distanceCount {
      let symbol = try reader.symbol(meta)
      switch symbol {
      case 0...15: lengths.append(symbol)
      case 16:
        guard let last = lengths.last else { throw .badCode }
        lengths += [Int](repeating: last, count: try reader.bits(2) + 3)
      case 17: lengths += [Int](repeating: 0, count: try reader.bits(3) + 3)
      default: lengths += [Int](repeating: 0, count: try reader.bits(7) + 11)
      }
    }
    // A run may not cross the end, and a block without an end-of-block word could never stop.
    guard lengths.count == literalCount + distanceCount, lengths[256] > 0 else { throw .badCode }
    return (
      try HuffmanCode(lengths: lengths[..<literalCount]),
      try HuffmanCode(lengths: lengths[literalCount...], mayBeIncomplete: true)
    )
  }
}

// MARK: - The format's tables (RFC 1951, sections 3.2.5 to 3.2.7)

extension Inflate {
  private static let metaOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]

  private static let lengthExtraBits = (0..<29).map { $0 < 8 || $0 == 28 ? 0 : ($0 - 4) / 4 }

  /// Shortest copy of each symbol: 3, 4, … 10, 11, 13, … 227; the last symbol is 258 alone.
  private static let lengthBase: [Int] = {
    var bases = [3]
    for bits in lengthExtraBits.dropLast(2) { bases.append(bases.last! + 1 << bits) }
    return bases + [258]
  }()

  private static func distanceExtraBits(_ symbol: Int) -> Int { symbol < 4 ? 0 : (symbol - 2) / 2 }

  private static let distanceBase: [Int] = {
    var bases = [1]
    for symbol in 0..<29 { bases.append(bases.last! + 1 << distanceExtraBits(symbol)) }
    return bases
  }()

  private static func fixedLiterals() throws(GzipFault) -> HuffmanCode {
    try HuffmanCode(lengths: (0..<288).map { $0 < 144 ? 8 : $0 < 256 ? 9 : $0 < 280 ? 7 : 8 })
  }

  /// 30 symbols are defined; words 30 and 31 complete the code and are refused when met.
  private static func fixedDistances() throws(GzipFault) -> HuffmanCode {
    try HuffmanCode(lengths: [Int](repeating: 5, count: 32))
  }
}
