internal import RecurrentCore

extension SafeTensors {
  /// Reads a whole safetensors file, trusting no number in it.
  ///
  /// Checked before anything is allocated for it: the header's length (at most 100 MB and inside the file),
  /// its first byte, strict JSON without repeated keys, metadata of strings only, at most 64 extents a shape,
  /// sizes without overflow, and byte ranges that tile the buffer from 0 to the end of the file without hole
  /// or overlap. Element values are not inspected: NaN and infinity are legal. Stricter than the reference
  /// reader, which accepts repeated and unknown keys, `null` metadata, and white space other than spaces
  /// around the header.
  ///
  /// Cost: one pass over the header and one copy of each tensor's bytes.
  public init(bytes file: [UInt8]) throws(SafeTensorsError) {
    let buffer = try Self.bufferStart(of: file)
    let header: SafeTensorsHeader
    do throws(StrictJSONError) {
      header = try SafeTensorsHeader(file, in: 8..<buffer)
    } catch {
      throw .invalidHeader(error)
    }
    let entries = Self.inBufferOrder(header.entries)
    var dataTypes: [TensorDataType] = []
    var end = 0
    for entry in entries {
      dataTypes.append(try Self.checkedType(of: entry, startingAt: end))
      end = entry.end
    }
    guard end == file.count - buffer else {
      throw .metadataIncompleteBuffer(describedBytes: end, bufferBytes: file.count - buffer)
    }
    self.init(metadata: header.metadata)
    for (entry, dataType) in zip(entries, dataTypes) {
      let bytes = Array(file[buffer + entry.begin..<buffer + entry.end])
      add(TensorEntry(name: entry.name, dataType: dataType, shape: entry.shape, bytes: bytes))
    }
  }

  /// Where the header ends and the tensors' buffer starts.
  private static func bufferStart(of file: [UInt8]) throws(SafeTensorsError) -> Int {
    guard file.count >= 8 else { throw .headerTooSmall(fileBytes: file.count) }
    let declared = (0..<8).reduce(UInt64(0)) { $0 | UInt64(file[$1]) << (8 * $1) }
    guard declared <= UInt64(maximumHeaderBytes) else { throw .headerTooLarge(headerBytes: declared) }
    let length = Int(declared)
    guard length <= file.count - 8 else {
      throw .invalidHeaderLength(headerBytes: length, fileBytes: file.count)
    }
    guard length > 0, file[8] == UInt8(ascii: "{") else {
      throw .invalidHeaderStart(found: length > 0 ? file[8] : nil)
    }
    return 8 + length
  }

  /// By first byte, then by last (an empty tensor goes before the one that shares its offset), then as in the
  /// header.
  private static func inBufferOrder(_ entries: [HeaderEntry]) -> [HeaderEntry] {
    entries.enumerated().sorted {
      ($0.element.begin, $0.element.end, $0.offset) < ($1.element.begin, $1.element.end, $1.offset)
    }.map(\.element)
  }

  private static func checkedType(
    of entry: HeaderEntry, startingAt start: Int
  ) throws(SafeTensorsError) -> TensorDataType {
    guard let dataType = TensorDataType(rawValue: entry.dataType) else {
      throw .unsupportedDataType(tensor: entry.name, found: entry.dataType)
    }
    guard entry.begin == start, entry.end >= entry.begin else {
      throw .invalidOffset(tensor: entry.name, begin: entry.begin, end: entry.end, expectedBegin: start)
    }
    guard let expected = dataType.byteCount(of: entry.shape) else {
      throw .validationOverflow(tensor: entry.name, shape: entry.shape)
    }
    guard entry.end - entry.begin == expected else {
      throw .sizeMismatch(
        tensor: entry.name, dataType: dataType, shape: entry.shape, found: entry.end - entry.begin,
        expected: expected)
    }
    return dataType
  }
}
