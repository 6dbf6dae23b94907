/// The checksum of gzip: CRC-32 with the reversed polynomial 0xEDB88320 (RFC 1952, section 8).
struct CRC32 {
  private var register: UInt32 = 0xFFFF_FFFF

  private static let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { value, _ in
      value & 1 == 0 ? value >> 1 : (value >> 1) ^ 0xEDB8_8320
    }
  }

  mutating func update(_ bytes: ArraySlice<UInt8>) {
    var value = register
    Self.table.withUnsafeBufferPointer { table in
      for byte in bytes { value = table[Int(UInt8(truncatingIfNeeded: value) ^ byte)] ^ (value >> 8) }
    }
    register = value
  }

  var value: UInt32 { register ^ 0xFFFF_FFFF }
}
