/// CRC-64/XZ: every change within 64 neighbouring bits is found, any other with probability 1 − 2⁻⁶⁴.
///
/// Reflected polynomial 0xC96C5795D7870F42 (ECMA-182), all ones before and after. Guards against damage, not against
/// intent.
package func crc64(_ bytes: [UInt8]) -> UInt64 {
  var remainder = UInt64.max
  crc64Table.withUnsafeBufferPointer { table in
    for byte in bytes {
      remainder = table[Int((remainder ^ UInt64(byte)) & 0xFF)] ^ (remainder >> 8)
    }
  }
  return ~remainder
}

private let crc64Table: [UInt64] = (0..<256).map { byte in
  (0..<8).reduce(UInt64(byte)) { remainder, _ in
    remainder & 1 == 1 ? (remainder >> 1) ^ 0xC96C_5795_D787_0F42 : remainder >> 1
  }
}

/// All bits of a number in lower-case hexadecimal digits: sixteen of a 64-bit one, eight of a 32-bit one.
package func hexadecimal<Word: FixedWidthInteger & UnsignedInteger>(_ value: Word) -> String {
  let digits = String(value, radix: 16)
  return String(repeating: "0", count: Word.bitWidth / 4 - digits.count) + digits
}
