/// An array as a `.npy` file holds it, for `numpy.load`.
///
/// Version 1.0 of NumPy's format: the magic `\x93NUMPY`, the bytes 1 and 0, the header's length as a little-endian number of 16 bits, a
/// Python dictionary with the keys `descr`, `fortran_order` and `shape`, filled with spaces and ended by a line feed so that the elements
/// begin at a multiple of 64 bytes; then the elements, little-endian, the last index fastest.
///
/// Source: NumPy Enhancement Proposal 1, and `numpy.lib.format`.
public struct NumPyArray: Sendable, Hashable {
  /// NumPy's name of an element's type: `<f4`.
  public let elementType: String
  /// The size of each dimension; none for a single number.
  public let shape: [Int]
  private let elements: [UInt8]

  /// An array of numbers in single precision.
  ///
  /// - Precondition: as many elements as the shape says.
  public init(shape: [Int], _ values: [Float]) {
    self.init("<f4", shape, values.count, values.flatMap { bytes(of: $0.bitPattern) })
  }

  /// An array of numbers in double precision.
  ///
  /// - Precondition: as many elements as the shape says.
  public init(shape: [Int], _ values: [Double]) {
    self.init("<f8", shape, values.count, values.flatMap { bytes(of: $0.bitPattern) })
  }

  /// An array of whole numbers.
  ///
  /// - Precondition: as many elements as the shape says.
  public init(shape: [Int], _ values: [Int64]) {
    self.init("<i8", shape, values.count, values.flatMap { bytes(of: UInt64(bitPattern: $0)) })
  }

  private init(_ elementType: String, _ shape: [Int], _ count: Int, _ elements: [UInt8]) {
    precondition(
      shape.allSatisfy { $0 >= 0 } && shape.reduce(1, *) == count,
      "array of shape \(shape) needs \(shape.reduce(1, *)) elements, found \(count)")
    (self.elementType, self.shape, self.elements) = (elementType, shape, elements)
  }

  /// The bytes of the file.
  public func serialized() -> [UInt8] {
    // A tuple of one has a comma behind it.
    let sizes = shape.count == 1 ? "\(shape[0])," : shape.map(String.init).joined(separator: ", ")
    var header = Array("{'descr': '\(elementType)', 'fortran_order': False, 'shape': (\(sizes)), }".utf8)
    let prefix = Self.magic.count + 2
    let end = (prefix + header.count + 1 + 63) / 64 * 64
    header += [UInt8](repeating: UInt8(ascii: " "), count: end - prefix - header.count - 1)
    header.append(UInt8(ascii: "\n"))
    precondition(header.count <= Int(UInt16.max), "an array of \(shape.count) dimensions")
    return Self.magic + bytes(of: UInt16(header.count)) + header + elements
  }

  private static let magic = [0x93] + Array("NUMPY".utf8) + [1, 0]
}

private func bytes(of value: some FixedWidthInteger) -> [UInt8] {
  withUnsafeBytes(of: value.littleEndian) { Array($0) }
}
