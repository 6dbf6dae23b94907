import RecurrentCore
import RecurrentInterchange
import Testing

/// Every rule of the format, broken once by bytes laid out by hand.
@Suite struct SafeTensorsRulesTests {
  @Test(arguments: 0..<8)
  func shorterThanTheLength(count: Int) {
    let bytes = [UInt8](repeating: 0, count: count)
    #expect(Sample.error(reading: bytes) == .headerTooSmall(fileBytes: count))
  }

  /// Lengths that would be allocated or would overflow if they were believed.
  @Test(arguments: [100_000_001, 1 << 32, 1 << 63, UInt64.max - 7, UInt64.max])
  func headerLongerThanAllowed(length: UInt64) {
    let bytes = Sample.file("{}", declaredLength: length)
    #expect(Sample.error(reading: bytes) == .headerTooLarge(headerBytes: length))
  }

  @Test(arguments: [3, 1000, 100_000_000] as [UInt64])
  func headerBeyondTheFile(length: UInt64) {
    let bytes = Sample.file("{}", declaredLength: length)
    #expect(
      Sample.error(reading: bytes) == .invalidHeaderLength(headerBytes: Int(length), fileBytes: 10))
  }

  @Test func headerStart() {
    #expect(Sample.error(reading: Sample.file("")) == .invalidHeaderStart(found: nil))
    #expect(Sample.error(reading: Sample.file(" {}")) == .invalidHeaderStart(found: 0x20))
    #expect(Sample.error(reading: Sample.file("[]")) == .invalidHeaderStart(found: 0x5B))
    #expect(Sample.error(reading: Sample.file("\u{FEFF}{}")) == .invalidHeaderStart(found: 0xEF))
  }

  @Test(arguments: [
    (
      Sample.entry("a", "U8", "[1]", 1, 2),
      SafeTensorsError.invalidOffset(tensor: "a", begin: 1, end: 2, expectedBegin: 0)
    ),
    (
      Sample.entry("a", "U8", "[1]", 0, 1) + "," + Sample.entry("b", "U8", "[1]", 0, 1),
      .invalidOffset(tensor: "b", begin: 0, end: 1, expectedBegin: 1)
    ),
    (
      Sample.entry("a", "U8", "[1]", 0, 1) + "," + Sample.entry("b", "U8", "[0]", 2, 2),
      .invalidOffset(tensor: "b", begin: 2, end: 2, expectedBegin: 1)
    ),
    (Sample.entry("a", "U8", "[1]", 0, 1), .metadataIncompleteBuffer(describedBytes: 1, bufferBytes: 2)),
    (Sample.entry("a", "U8", "[3]", 0, 3), .metadataIncompleteBuffer(describedBytes: 3, bufferBytes: 2)),
    (
      Sample.entry("a", "U8", "[4611686018427387904]", 0, 1 << 62),
      .metadataIncompleteBuffer(describedBytes: 1 << 62, bufferBytes: 2)
    ),
    ("", .metadataIncompleteBuffer(describedBytes: 0, bufferBytes: 2)),
    (
      Sample.entry("a", "U8", "[3]", 0, 2),
      .sizeMismatch(tensor: "a", dataType: .u8, shape: [3], found: 2, expected: 3)
    ),
    (
      Sample.entry("a", "F16", "[]", 0, 0) + "," + Sample.entry("b", "U8", "[2]", 0, 2),
      .sizeMismatch(tensor: "a", dataType: .f16, shape: [], found: 0, expected: 2)
    ),
    (
      Sample.entry("a", "U8", "[4294967296,4294967296]", 0, 2),
      .validationOverflow(tensor: "a", shape: [1 << 32, 1 << 32])
    ),
    (
      Sample.entry("a", "F64", "[1152921504606846976]", 0, 2),
      .validationOverflow(tensor: "a", shape: [1 << 60])
    ),
    (Sample.entry("a", "C64", "[0]", 0, 0), .unsupportedDataType(tensor: "a", found: "C64")),
    (Sample.entry("a", "f32", "[0]", 0, 0), .unsupportedDataType(tensor: "a", found: "f32")),
  ])
  func tensorsMustTileTheBuffer(entries: String, expected: SafeTensorsError) {
    #expect(Sample.error(reading: Sample.file("{\(entries)}", buffer: [1, 2])) == expected)
  }

  /// A range that runs backwards is caught even where it starts at the right byte.
  @Test func rangesRunForwards() {
    let entries = Sample.entry("a", "U8", "[2]", 0, 2) + "," + Sample.entry("b", "U8", "[1]", 2, 1)
    #expect(
      Sample.error(reading: Sample.file("{\(entries)}", buffer: [1, 2]))
        == .invalidOffset(tensor: "b", begin: 2, end: 1, expectedBegin: 2))
  }

  @Test func everyMessageIsOneLineWithARemedy() {
    let errors: [SafeTensorsError] = [
      .headerTooSmall(fileBytes: 0), .headerTooLarge(headerBytes: .max),
      .invalidHeaderLength(headerBytes: 9, fileBytes: 10), .invalidHeaderStart(found: 1),
      .invalidHeader(StrictJSONErrorSample.any),
      .invalidOffset(tensor: "a\nb", begin: 0, end: 1, expectedBegin: 2),
      .metadataIncompleteBuffer(describedBytes: 1, bufferBytes: 2),
      .validationOverflow(tensor: "a\nb", shape: [1]),
      .sizeMismatch(tensor: "a\nb", dataType: .f32, shape: [1], found: 1, expected: 4),
      .unsupportedDataType(tensor: "a\nb", found: "\n"), .tooManyMetadataEntries(count: 1),
      .tensorNotFound(name: "a\nb", nearest: "a\nc"), .tensorNotFound(name: "a", nearest: nil),
      .wrongDataType(tensor: "a\nb", found: .bool, asked: "numbers"),
      .inexactConversion(tensor: "a\nb", index: 1, found: "0.1", asked: "Float"),
    ]
    for error in errors {
      #expect(!error.description.contains("\n"), "\(error)")
      #expect(error.description.contains("found") && error.description.contains(";"), "\(error)")
    }
  }
}

private enum StrictJSONErrorSample {
  static var any: StrictJSONError {
    guard case .invalidHeader(let error) = Sample.error(reading: Sample.file("{a")) else {
      preconditionFailure("no JSON error")
    }
    return error
  }
}
