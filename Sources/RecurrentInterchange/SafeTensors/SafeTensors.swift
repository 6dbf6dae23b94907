internal import RecurrentCore

/// One stored tensor: a name, an element type, a shape and the raw little-endian bytes in C order.
public struct TensorEntry: Hashable, Sendable {
  /// Any text but `__metadata__`.
  public let name: String
  /// How an element is stored.
  public let dataType: TensorDataType
  /// Extents, slowest first; `[]` is a single number, and an extent of 0 makes an empty tensor.
  public let shape: [Int]
  /// The elements in C order, little-endian, `count * dataType.size` bytes.
  public let bytes: [UInt8]

  /// - Precondition: the name is not `__metadata__`; `shape` has at most 64 extents, none negative; `bytes`
  ///   holds exactly the elements of `shape`.
  public init(name: String, dataType: TensorDataType, shape: [Int], bytes: [UInt8]) {
    precondition(
      name != SafeTensors.metadataKey, "TensorEntry: '\(name)' is the name of the metadata, not of a tensor")
    precondition(
      shape.count <= SafeTensors.maximumRank && shape.allSatisfy { $0 >= 0 },
      "TensorEntry: '\(name)' has the shape \(shape); extents must be 0 or more and at most 64")
    precondition(
      dataType.byteCount(of: shape) == bytes.count,
      "TensorEntry: '\(name)' has \(bytes.count) bytes, which is not \(dataType.rawValue) of shape \(shape)")
    self.name = name
    self.dataType = dataType
    self.shape = shape
    self.bytes = bytes
  }

  /// Number of elements.
  public var count: Int { bytes.count / dataType.size }
}

/// Named tensors and text metadata, as a safetensors file holds them.
///
/// A file is the header's length (8 bytes, little-endian), the header (JSON), and one buffer that the tensors
/// tile without gap or overlap. `init(bytes:)` reads that strictly and `serialized()` writes it; neither
/// touches a disk.
///
/// Two names, or two metadata keys, that differ only by Unicode normalisation count as the same name.
///
/// Reference: the safetensors format, https://huggingface.co/docs/safetensors.
public struct SafeTensors: Hashable, Sendable {
  /// The header's longest permitted length: 100 MB.
  public static let maximumHeaderBytes = 100_000_000
  /// The most extents a shape may have.
  public static let maximumRank = 64
  /// The most metadata entries; it bounds what a hostile header can make a reader allocate.
  public static let maximumMetadataCount = 65_536
  static let metadataKey = "__metadata__"

  /// The tensors: after reading, in the order of the file's buffer; after building, in the order added.
  public private(set) var entries: [TensorEntry] = []
  /// Text by key, kept in the header.
  public var metadata: [String: String]
  private var positions: [String: Int] = [:]

  /// An empty value to add tensors to.
  public init(metadata: [String: String] = [:]) {
    self.metadata = metadata
  }

  /// - Precondition: no tensor of that name is here yet.
  public mutating func add(_ entry: TensorEntry) {
    precondition(
      positions.updateValue(entries.count, forKey: entry.name) == nil,
      "SafeTensors.add: the tensor '\(entry.name)' is there already")
    entries.append(entry)
  }

  /// The names of all tensors, in the order of the entries.
  public var names: [String] { entries.map(\.name) }

  /// The tensor of that name, or `nil`.
  public subscript(name: String) -> TensorEntry? {
    positions[name].map { entries[$0] }
  }

  /// The tensor of that name.
  /// - Throws: `SafeTensorsError.tensorNotFound`, with the nearest name there is.
  public func entry(named name: String) throws(SafeTensorsError) -> TensorEntry {
    guard let entry = self[name] else {
      throw .tensorNotFound(name: name, nearest: nearestName(to: name, among: names))
    }
    return entry
  }
}
