/// Scalars by step as a TensorBoard event file.
///
/// The file is a run of TFRecords: length (u64), masked CRC-32C of the length, payload, masked CRC-32C of the payload, all
/// little-endian. Each payload is one `Event` protocol buffer: wall_time (1, double), step (2, varint), and in the first
/// file_version (3, "brain.Event:2"), else summary (5) with a value (1) of tag (1, string) and simple_value (2, float).
public struct EventFile: Sendable {
  /// The file so far.
  public private(set) var bytes: [UInt8] = []

  /// - Parameter wallTime: seconds since 1970 of the file's beginning. Given, never looked up, so that the same curve
  ///   gives the same bytes.
  public init(wallTime: Double = 0) {
    append(Self.double(1, wallTime) + Self.text(3, "brain.Event:2"))
  }

  /// Adds one scalar. One that is not finite is added as it is; TensorBoard shows a triangle there.
  public mutating func add(_ tag: String, _ value: Double, step: Int, wallTime: Double = 0) {
    let float = Self.key(2, wireType: 5) + Self.littleEndian(Float(value).bitPattern)
    let summary = Self.message(1, Self.text(1, tag) + float)
    append(Self.double(1, wallTime) + Self.varint(2, UInt64(step)) + Self.message(5, summary))
  }

  private mutating func append(_ payload: [UInt8]) {
    let length = Self.littleEndian(UInt64(payload.count))
    bytes += length + Self.littleEndian(CRC32C.masked(length))
    bytes += payload + Self.littleEndian(CRC32C.masked(payload))
  }

  // MARK: Protocol buffers

  private static func key(_ field: Int, wireType: Int) -> [UInt8] { [UInt8(field << 3 | wireType)] }

  private static func double(_ field: Int, _ value: Double) -> [UInt8] {
    key(field, wireType: 1) + littleEndian(value.bitPattern)
  }

  private static func varint(_ field: Int, _ value: UInt64) -> [UInt8] {
    key(field, wireType: 0) + varint(value)
  }

  private static func text(_ field: Int, _ value: String) -> [UInt8] { message(field, Array(value.utf8)) }

  private static func message(_ field: Int, _ value: [UInt8]) -> [UInt8] {
    key(field, wireType: 2) + varint(UInt64(value.count)) + value
  }

  private static func varint(_ value: UInt64) -> [UInt8] {
    var rest = value
    var result: [UInt8] = []
    while rest >= 0x80 {
      result.append(UInt8(rest & 0x7F) | 0x80)
      rest >>= 7
    }
    return result + [UInt8(rest)]
  }

  private static func littleEndian(_ value: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian) { Array($0) }
  }
}

/// CRC-32C (Castagnoli), as TFRecords want it.
package enum CRC32C {
  /// The reflected polynomial 0x1EDC6F41.
  private static let table: [UInt32] = (0..<256).map { index in
    (0..<8).reduce(UInt32(index)) { crc, _ in crc & 1 == 1 ? crc >> 1 ^ 0x82F6_3B78 : crc >> 1 }
  }

  package static func of(_ bytes: [UInt8]) -> UInt32 {
    ~bytes.reduce(~UInt32(0)) { crc, byte in crc >> 8 ^ table[Int(UInt8(truncatingIfNeeded: crc) ^ byte)] }
  }

  /// Rotated right by 15 and moved, so that a checksum of data that hold checksums stays strong.
  static func masked(_ bytes: [UInt8]) -> UInt32 {
    let crc = of(bytes)
    return (crc >> 15 | crc << 17) &+ 0xA282_EAD8
  }
}
