/// What a file's first bytes say that it is, for messages to those who give another kind of file than is meant.
public enum MarkovFileForm: Sendable, Hashable {
  /// Tensors: the length of the header, of which the higher bytes are 0, and the header's brace.
  case safetensors
  /// An array of numpy (.npy), or an archive of such (.npz).
  case numpy
  /// An object that Python has pickled.
  case pickle
  /// JSON, a text, or anything else.
  case other

  /// By the first bytes alone.
  public init(of bytes: [UInt8]) {
    if bytes.count > 8 && bytes[4..<8].allSatisfy({ $0 == 0 }) && bytes[8] == UInt8(ascii: "{") {
      self = .safetensors
    } else if bytes.starts(with: Array("PK\u{3}\u{4}".utf8))
      || bytes.starts(with: [0x93] + Array("NUMPY".utf8))
    {
      self = .numpy
    } else if bytes.count > 1 && bytes[0] == 0x80 && (2...5).contains(bytes[1]) {
      self = .pickle
    } else {
      self = .other
    }
  }
}
