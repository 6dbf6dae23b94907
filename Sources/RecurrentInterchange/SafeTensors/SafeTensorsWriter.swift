internal import RecurrentCore

extension SafeTensors {
  /// The file's bytes. The same content gives the same bytes, whatever the order in which it was added.
  ///
  /// Tensors are sorted by element type, widest alignment first, then by the bytes of their names; metadata
  /// by key; the header is padded with spaces to a multiple of 8, so that every tensor starts aligned to its
  /// own element size.
  ///
  /// - Throws: `headerTooLarge` or `tooManyMetadataEntries`, rather than write a file that no reader would
  ///   take.
  public func serialized() throws(SafeTensorsError) -> [UInt8] {
    guard metadata.count <= Self.maximumMetadataCount else {
      throw .tooManyMetadataEntries(count: metadata.count)
    }
    // Known too long before it is built.
    let text = metadata.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count }
    guard text <= Self.maximumHeaderBytes else { throw .headerTooLarge(headerBytes: UInt64(text)) }
    let ordered = entries.sorted { first, second in
      let ranks = (first.dataType.writingRank, second.dataType.writingRank)
      return ranks.0 != ranks.1 ? ranks.0 < ranks.1 : precedesByBytes(first.name, second.name)
    }
    var header = Array(headerText(ordered).utf8)
    header.append(contentsOf: repeatElement(0x20, count: (8 - header.count % 8) % 8))
    guard header.count <= Self.maximumHeaderBytes else {
      throw .headerTooLarge(headerBytes: UInt64(header.count))
    }
    var file: [UInt8] = []
    file.reserveCapacity(8 + header.count + ordered.reduce(0) { $0 + $1.bytes.count })
    file.append(contentsOf: littleEndianBytes([UInt64(header.count)]))
    file.append(contentsOf: header)
    for entry in ordered { file.append(contentsOf: entry.bytes) }
    return file
  }

  private func headerText(_ ordered: [TensorEntry]) -> String {
    var members: [String] = []
    if !metadata.isEmpty {
      let pairs = metadata.sorted { precedesByBytes($0.key, $1.key) }
        .map { "\(jsonString($0.key)):\(jsonString($0.value))" }
      members.append("\(jsonString(Self.metadataKey)):{\(pairs.joined(separator: ","))}")
    }
    var offset = 0
    for entry in ordered {
      let shape = entry.shape.map { "\($0)" }.joined(separator: ",")
      let end = offset + entry.bytes.count
      members.append(
        "\(jsonString(entry.name)):{\"dtype\":\"\(entry.dataType.rawValue)\",\"shape\":[\(shape)],"
          + "\"data_offsets\":[\(offset),\(end)]}")
      offset = end
    }
    return "{\(members.joined(separator: ","))}"
  }
}

/// Order by UTF-8 bytes: unlike `<` on strings, the same in every implementation.
private func precedesByBytes(_ first: String, _ second: String) -> Bool {
  first.utf8.lexicographicallyPrecedes(second.utf8)
}
