internal import RecurrentCore

/// A tensor as the header describes it, before anything in it has been checked against the file.
struct HeaderEntry {
  var name: String
  var dataType: String
  var shape: [Int]
  var begin: Int
  var end: Int
}

/// The header's content: `{"__metadata__": {…}, "name": {"dtype": …, "shape": […], "data_offsets": [b, e]},
/// …}`.
struct SafeTensorsHeader {
  var entries: [HeaderEntry] = []
  var metadata: [String: String] = [:]

  /// Reads the header in `range` of the file; after the closing brace only spaces may follow.
  init(_ file: [UInt8], in range: Range<Int>) throws(StrictJSONError) {
    var reader = StrictJSONReader(file, in: range)
    var entries: [HeaderEntry] = []
    var metadata: [String: String] = [:]
    // A tensor takes some fifty bytes of header, so the header's own length bounds their number.
    try reader.object { (json, name, _) throws(StrictJSONError) in
      if name == SafeTensors.metadataKey {
        metadata = try Self.metadata(&json)
      } else {
        entries.append(try Self.entry(&json, name: name))
      }
    }
    while reader.take(0x20) {}
    guard reader.next == nil else { throw reader.unexpected("only spaces after the header's '}'") }
    self.entries = entries
    self.metadata = metadata
  }

  private static func metadata(_ json: inout StrictJSONReader) throws(StrictJSONError) -> [String: String] {
    var result: [String: String] = [:]
    let limit = SafeTensors.maximumMetadataCount
    try json.object(atMost: limit, "metadata entries") { (json, key, _) throws(StrictJSONError) in
      result[key] = try json.string()
    }
    return result
  }

  private static func entry(
    _ json: inout StrictJSONReader, name: String
  ) throws(StrictJSONError) -> HeaderEntry {
    var dataType: String?
    var shape: [Int]?
    var offsets: [Int]?
    let start = json.position
    try json.object { (json, key, keyOffset) throws(StrictJSONError) in
      switch key {
      case "dtype": dataType = try json.string()
      case "shape": shape = try json.wholeNumbers(atMost: SafeTensors.maximumRank, "extents in a shape")
      case "data_offsets": offsets = try json.wholeNumbers(atMost: 2, "data_offsets")
      default:
        throw json.failure(
          .unexpected(found: "the key \(quoted(key))", expected: "dtype, shape or data_offsets"),
          at: keyOffset)
      }
    }
    guard let dataType, let shape, let offsets, offsets.count == 2 else {
      let missing = dataType == nil ? "dtype" : shape == nil ? "shape" : "two data_offsets"
      throw json.failure(
        .unexpected(found: "the tensor \(quoted(name)) without \(missing)", expected: "all three fields"),
        at: start)
    }
    return HeaderEntry(name: name, dataType: dataType, shape: shape, begin: offsets[0], end: offsets[1])
  }
}
