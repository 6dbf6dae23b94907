/// The element type of a stored tensor, by its safetensors name. All are little-endian.
public enum TensorDataType: String, Hashable, Sendable, CaseIterable {
  /// IEEE 754 double, single and half precision.
  case f64 = "F64"
  /// IEEE 754 single precision, 4 bytes.
  case f32 = "F32"
  /// IEEE 754 half precision, 2 bytes.
  case f16 = "F16"
  /// The upper half of a single-precision number (8 exponent bits, 7 fraction bits).
  case bf16 = "BF16"
  /// Signed, 8 bytes.
  case i64 = "I64"
  /// Signed, 4 bytes.
  case i32 = "I32"
  /// Signed, 2 bytes.
  case i16 = "I16"
  /// Signed, 1 byte.
  case i8 = "I8"
  /// Unsigned, 1 byte.
  case u8 = "U8"
  /// One byte an element, 0 or 1.
  case bool = "BOOL"

  /// Bytes per element.
  public var size: Int {
    switch self {
    case .f64, .i64: 8
    case .f32, .i32: 4
    case .f16, .bf16, .i16: 2
    case .i8, .u8, .bool: 1
    }
  }

  /// Place in a written file: widest alignment first, so that every tensor starts aligned; within a width the
  /// order of the reference implementation, so that the same content gives the same bytes.
  var writingRank: Int {
    switch self {
    case .i64: 0
    case .f64: 1
    case .f32: 2
    case .i32: 3
    case .bf16: 4
    case .f16: 5
    case .i16: 6
    case .i8: 7
    case .u8: 8
    case .bool: 9
    }
  }

  /// Bytes that a tensor of this shape takes, or `nil` when the product does not fit an `Int`.
  func byteCount(of shape: [Int]) -> Int? {
    var product = 1
    for extent in shape {
      let (next, overflowed) = product.multipliedReportingOverflow(by: extent)
      guard !overflowed else { return nil }
      product = next
    }
    let (bytes, overflowed) = product.multipliedReportingOverflow(by: size)
    return overflowed ? nil : bytes
  }
}
