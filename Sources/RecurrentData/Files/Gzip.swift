/// Unpacks `.gz` files (RFC 1952): every member, with checksum and length checked, and nothing after the last one.
public enum Gzip {
  /// Whether the bytes begin like a gzip file.
  public static func isGzip(_ bytes: [UInt8]) -> Bool {
    bytes.count >= 2 && bytes[0] == 0x1F && bytes[1] == 0x8B
  }

  /// The unpacked contents.
  ///
  /// - Parameters:
  ///   - source: name for error messages.
  ///   - limit: largest allowed size of the contents in bytes. A small file can claim to hold a thousand times its size.
  /// - Throws: `DataError.gzip` with the byte at which the damage was met.
  public static func unpack(_ bytes: [UInt8], source: String, limit: Int) throws(DataError) -> [UInt8] {
    var output: [UInt8] = []
    var position = 0
    do throws(GzipFault) {
      repeat {
        try unpackMember(bytes, at: &position, appendingTo: &output, limit: limit)
      } while position < bytes.count
    } catch {
      throw .gzip(error, at: DataError.Place(source, byte: min(position, bytes.count)))
    }
    return output
  }

  private static func unpackMember(
    _ bytes: [UInt8], at position: inout Int, appendingTo output: inout [UInt8], limit: Int
  ) throws(GzipFault) {
    if position > 0, bytes[position] != 0x1F { throw .trailingBytes(count: bytes.count - position) }
    try skipHeader(bytes, at: &position)

    let start = output.count
    var inflate = Inflate(bytes, from: position, appendingTo: output, limit: limit)
    output = []
    do throws(GzipFault) {
      try inflate.run()
    } catch {
      position = inflate.reader.bytePosition
      throw error
    }
    output = inflate.output
    position = inflate.reader.bytePosition

    let checksum = try littleEndian(bytes, at: &position, count: 4)
    let length = try littleEndian(bytes, at: &position, count: 4)
    var found = CRC32()
    found.update(output[start...])
    guard found.value == UInt32(checksum) else {
      throw .checksumMismatch(found: found.value, expected: UInt32(checksum))
    }
    let size = output.count - start
    guard size & 0xFFFF_FFFF == length else { throw .lengthMismatch(found: size, expected: length) }
  }

  /// Ten fixed bytes, then the optional fields that the flags announce.
  private static func skipHeader(_ bytes: [UInt8], at position: inout Int) throws(GzipFault) {
    let start = position
    let magic = try littleEndian(bytes, at: &position, count: 2)
    guard magic == 0x8B1F else { throw .badHeader(field: "magic number", value: magic) }
    let method = try littleEndian(bytes, at: &position, count: 1)
    guard method == 8 else { throw .badHeader(field: "compression method", value: method) }
    let flags = try littleEndian(bytes, at: &position, count: 1)
    guard flags & 0xE0 == 0 else { throw .badHeader(field: "flags", value: flags) }
    position += 6  // time of modification, extra flags, operating system

    if flags & 4 != 0 { position += try littleEndian(bytes, at: &position, count: 2) }
    for flag in [8, 16] where flags & flag != 0 {  // file name, comment: both end with a zero
      while try littleEndian(bytes, at: &position, count: 1) != 0 {}
    }
    if flags & 2 != 0 {
      guard position <= bytes.count else { throw .truncated }
      var header = CRC32()
      header.update(bytes[start..<position])
      let sum = try littleEndian(bytes, at: &position, count: 2)
      guard sum == Int(header.value & 0xFFFF) else { throw .badHeader(field: "checksum", value: sum) }
    }
    guard position <= bytes.count else { throw .truncated }
  }

  private static func littleEndian(_ bytes: [UInt8], at position: inout Int, count: Int) throws(GzipFault)
    -> Int
  {
    guard position + count <= bytes.count else { throw .truncated }
    let value = (0..<count).reduce(0) { $0 | Int(bytes[position + $1]) << (8 * $1) }
    position += count
    return value
  }
}
