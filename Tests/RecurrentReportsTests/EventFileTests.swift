import Testing

import RecurrentReports

@Suite("TensorBoard event files")
struct EventFileTests {
  /// Read back by a parser of its own, field by field.
  @Test("records, checksums and fields")
  func records() throws {
    var file = EventFile(wallTime: 2)
    file.add("loss/training", 0.25, step: 300, wallTime: 5)
    var rest = file.bytes[...]
    func take(_ count: Int) -> [UInt8] {
      defer { rest = rest.dropFirst(count) }
      return Array(rest.prefix(count))
    }
    func number(_ bytes: [UInt8]) -> UInt64 { bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) } }
    var payloads: [[UInt8]] = []
    while !rest.isEmpty {
      let length = take(8)
      #expect(number(take(4)) == UInt64(Self.maskedBitByBit(length)))
      let payload = take(Int(number(length)))
      #expect(number(take(4)) == UInt64(Self.maskedBitByBit(payload)))
      payloads.append(payload)
    }
    #expect(payloads.count == 2)
    let version = Array("brain.Event:2".utf8)
    #expect(payloads[0] == [0x09, 0, 0, 0, 0, 0, 0, 0, 0x40, 0x1A, 13] + version)
    let tag = Array("loss/training".utf8)
    // 0.25 is 0x3E800000; step 300 is the varint AC 02.
    let value: [UInt8] = [0x0A, 13] + tag + [0x15, 0, 0, 0x80, 0x3E]
    let summary: [UInt8] = [0x0A, UInt8(value.count)] + value
    #expect(
      payloads[1] == [0x09, 0, 0, 0, 0, 0, 0, 0x14, 0x40, 0x10, 0xAC, 0x02, 0x2A, UInt8(summary.count)]
        + summary)
  }

  @Test("CRC-32C of \"123456789\" is the published check value")
  func checksum() { #expect(CRC32C.of(Array("123456789".utf8)) == 0xE306_9283) }

  /// The checksum by polynomial division, a bit at a time.
  private static func maskedBitByBit(_ bytes: [UInt8]) -> UInt32 {
    var crc = ~UInt32(0)
    for byte in bytes {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0x82F6_3B78 : crc >> 1 }
    }
    crc = ~crc
    return (crc >> 15 | crc << 17) &+ 0xA282_EAD8
  }
}
