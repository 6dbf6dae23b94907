import RecurrentInterchange
import Testing

/// The file that Python's safetensors 0.8.0 wrote (Tools/reference/safetensors_fixture.py), whose content is
/// stated here a second time.
@Suite struct SafeTensorsPythonTests {
  private static let metadata = ["made by": "reference \"safetensors\"\né"]

  private func reference() throws -> SafeTensors {
    try SafeTensors(bytes: Sample.fixture("safetensors/all-types.safetensors"))
  }

  private func content() -> SafeTensors {
    var tensors = SafeTensors(metadata: Self.metadata)
    let ramp = (0..<6).map { Double($0) / 7 }
    tensors.add("b.float64", shape: [2, 3], ramp)
    tensors.add("a.float64", shape: [3], [Double.infinity, -0.0, .leastNonzeroMagnitude])
    tensors.add("float32", shape: [2, 3], ramp.map { Float($0) })
    tensors.add("scalar", shape: [], [Float(2.5)])
    tensors.add("empty", shape: [0, 3], [Float]())
    tensors.add("int64", shape: [2], [Int64.min, .max])
    tensors.add("uint8", shape: [2], [UInt8(0), 255])
    tensors.add("café \"quoted\"/\t", shape: [1], [UInt8(7)])
    let raw: [(String, TensorDataType, [Int], [UInt8])] = [
      ("float16", .f16, [5], [0x00, 0x3E, 0xFF, 0xFB, 0x01, 0x00, 0x00, 0xFC, 0x66, 0x2E]),
      ("bfloat16", .bf16, [3], [0x80, 0x3F, 0x00, 0xC0, 0x49, 0x40]),
      ("int32", .i32, [2, 1], [0, 0, 0, 0x80, 0xFF, 0xFF, 0xFF, 0x7F]),
      ("int16", .i16, [2], [0, 0x80, 0xFF, 0x7F]), ("int8", .i8, [2], [0x80, 0x7F]),
      ("bool", .bool, [3], [1, 0, 1]),
    ]
    for (name, dataType, shape, bytes) in raw {
      tensors.add(TensorEntry(name: name, dataType: dataType, shape: shape, bytes: bytes))
    }
    return tensors
  }

  @Test func readsWhatPythonWrote() throws {
    let found = try reference()
    let expected = content()
    #expect(found.metadata == expected.metadata)
    #expect(Set(found.names) == Set(expected.names))
    for entry in expected.entries { #expect(found[entry.name] == entry) }
  }

  @Test func valuesAreWhatPythonMeant() throws {
    let found = try reference()
    #expect(try found.doubles(named: "b.float64") == (0..<6).map { Double($0) / 7 })
    // 0.1 in half precision is 1638 · 2^−14.
    #expect(try found.floats(named: "float16") == [1.5, -65504, 0x1p-24, -.infinity, 1638 * 0x1p-14])
    #expect(try found.floats(named: "bfloat16") == [1, -2, 3.140625])
    #expect(try found.int64s(named: "int32") == [-2_147_483_648, 2_147_483_647])
    #expect(try found.int64s(named: "bool") == [1, 0, 1])
  }

  /// The same content, written here, is the same file: what Python reads of its own it reads of ours.
  @Test func writesTheBytesThatPythonWrites() throws {
    #expect(try content().serialized() == Sample.fixture("safetensors/all-types.safetensors"))
  }
}
