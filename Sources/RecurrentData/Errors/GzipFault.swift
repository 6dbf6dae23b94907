internal import RecurrentCore

/// What is wrong with a `.gz` file (RFC 1952) or with the compressed data in it (RFC 1951).
public enum GzipFault: Error, Equatable, Sendable {
  /// The file ends before its data do.
  case truncated
  /// A header field has a value that the format forbids.
  case badHeader(field: String, value: Int)
  /// A block of type 3, which RFC 1951 reserves.
  case badBlockType
  /// The length of a block that is not compressed and its complement do not agree.
  case storedLengthMismatch
  /// The lengths of a Huffman code's words do not make a complete prefix code.
  case badCode
  /// Bits that are no word of the code, or a length or distance symbol that the format does not define.
  case badSymbol
  /// A copy from before the start of the data.
  case distanceTooFar(distance: Int, available: Int)
  /// CRC-32 of the unpacked contents, and the one that the file ends with.
  case checksumMismatch(found: UInt32, expected: UInt32)
  /// Bytes of the unpacked contents, and their number modulo 2³² that the file ends with.
  case lengthMismatch(found: Int, expected: Int)
  /// Bytes after the last member that begin no other.
  case trailingBytes(count: Int)
  /// More unpacked bytes than the caller accepts.
  case tooLarge(limit: Int)
}

extension GzipFault: DataFault {
  var category: DataError.Category { .badData }

  private var isDamage: Bool {
    if case .tooLarge = self { false } else { true }
  }

  var explanation: Explanation {
    Explanation(
      finding: "compressed data: \(finding)", expectation: expectation,
      remedy: isDamage
        ? "copy or download the file again, or unpack it with gzip and give the plain file"
        : "unpack it and keep fewer columns or rows")
  }

  private var finding: String {
    switch self {
    case .truncated: "the file ends too early"
    case .badHeader(let field, let value): "the header's \(field) is \(value)"
    case .badBlockType: "a block of type 3"
    case .storedLengthMismatch: "the two copies of a stored block's length disagree"
    case .badCode: "a Huffman code that is not complete"
    case .badSymbol: "bits that mean nothing in the block's code"
    case .distanceTooFar(let distance, let available):
      "a copy from \(grouped(distance)) bytes back with \(grouped(available)) there"
    case .checksumMismatch(let found, _): "the checksum of the contents is \(hexadecimal(found))"
    case .lengthMismatch(let found, _): "the contents have \(counted(found, "byte"))"
    case .trailingBytes(let count): "\(counted(count, "byte")) after the end of the data"
    case .tooLarge(let limit): "the contents have more than \(grouped(limit)) bytes"
    }
  }

  private var expectation: String {
    switch self {
    case .checksumMismatch(_, let expected): hexadecimal(expected)
    case .lengthMismatch(_, let expected): "\(grouped(expected)) modulo 4,294,967,296"
    case .tooLarge: "no more than that"
    default: "a whole gzip file"
    }
  }
}
