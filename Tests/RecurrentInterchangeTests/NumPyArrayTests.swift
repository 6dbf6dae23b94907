import Foundation
import RecurrentInterchange
import Testing

/// Files for `numpy.load`, byte for byte as NumPy's format document has them.
@Suite struct NumPyArrayTests {
  /// What `numpy.save` of NumPy 1 and 2 writes: the header's length, 118, makes 128 bytes before the elements.
  private func header(_ dictionary: String) -> [UInt8] {
    let text = dictionary + String(repeating: " ", count: 117 - dictionary.utf8.count) + "\n"
    return [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0, 118, 0] + Array(text.utf8)
  }

  @Test func matrixOfFloats() {
    let bytes = NumPyArray(shape: [2, 1], [Float(1), -0.5]).serialized()
    // 10 bytes before the header, and 60 of the dictionary, end at 128.
    #expect(
      bytes == header("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 1), }")
        + [0, 0, 0x80, 0x3F, 0, 0, 0, 0xBF])
  }

  @Test func vectorsHaveACommaAndScalarsNone() {
    #expect(
      NumPyArray(shape: [1], [Int64(-2)]).serialized()
        == header("{'descr': '<i8', 'fortran_order': False, 'shape': (1,), }")
        + [0xFE] + [UInt8](repeating: 0xFF, count: 7))
    #expect(
      NumPyArray(shape: [], [1.0]).serialized()
        == header("{'descr': '<f8', 'fortran_order': False, 'shape': (), }") + [0, 0, 0, 0, 0, 0, 0xF0, 0x3F])
  }

  @Test func elementsBeginAtAMultipleOf64() {
    for shape in [[0, 3], [1, 1, 1, 1], [Int](repeating: 1, count: 40)] {
      let count = shape.reduce(1, *)
      let bytes = NumPyArray(shape: shape, [Float](repeating: 0, count: count)).serialized()
      let header = Int(bytes[8]) + 256 * Int(bytes[9])
      #expect((10 + header) % 64 == 0)
      #expect(bytes.count == 10 + header + 4 * count)
      #expect(bytes[10 + header - 1] == UInt8(ascii: "\n"))
    }
  }
}
