import RecurrentInterchange
import Testing

@Suite struct SafeTensorsRoundTripTests {
  @Test(arguments: TensorDataType.allCases)
  func everyTypeAndRankReturns(dataType: TensorDataType) throws {
    var random = SeededNumbers(seed: 1)
    for shape in [[], [1], [7], [0], [3, 0, 2], [2, 3], [2, 1, 3, 2]] {
      let count = shape.reduce(1, *) * dataType.size
      let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
      var tensors = SafeTensors()
      tensors.add(TensorEntry(name: "x", dataType: dataType, shape: shape, bytes: bytes))
      let back = try SafeTensors(bytes: tensors.serialized())
      #expect(back == tensors, "\(dataType) \(shape)")
    }
  }

  @Test func nothingAtAllReturns() throws {
    #expect(try SafeTensors(bytes: SafeTensors().serialized()) == SafeTensors())
    #expect(try SafeTensors(bytes: SafeTensors(metadata: ["a": "b"]).serialized()).metadata == ["a": "b"])
  }

  @Test func namesAndMetadataKeepEveryScalar() throws {
    let texts = ["", " ", "\"\\/", "\0\u{1}\u{1F}\u{7F}", "\n\r\t\u{8}\u{C}", "é", "模型", "𝛼🙂", "a.b"]
    var tensors = SafeTensors()
    for text in texts {
      tensors.add(text, shape: [1], [UInt8(1)])
      tensors.metadata[text] = "\(text)\(text)"
    }
    let back = try SafeTensors(bytes: tensors.serialized())
    #expect(back.metadata == tensors.metadata)
    #expect(Set(back.names) == Set(texts))
    #expect(back.names.allSatisfy { back[$0] == tensors[$0] })
  }

  @Test func escapesAreDecoded() throws {
    let header = #"{"__metadata__":{"\u0041\/\"\\\b\f\n\r\t\u00e9\ud83d\ude42":"\u6A21"}}"#
    #expect(
      try SafeTensors(bytes: Sample.file(header)).metadata == ["A/\"\\\u{8}\u{C}\n\r\té🙂": "模"])
  }

  @Test func whiteSpaceInsideTheHeaderIsFree() throws {
    let header =
      "{ \n\"a\" :\t{ \"shape\": [ 1 , 2 ] ,\r\"data_offsets\":[ 0 ,2 ], \"dtype\" : \"U8\" } }   "
    let tensors = try SafeTensors(bytes: Sample.file(header, buffer: [3, 4]))
    #expect(tensors.entries == [TensorEntry(name: "a", dataType: .u8, shape: [1, 2], bytes: [3, 4])])
  }

  /// The header may list tensors in any order; the buffer decides.
  @Test func entriesFollowTheBuffer() throws {
    let entries = [
      Sample.entry("last", "U8", "[2]", 1, 3), Sample.entry("first", "U8", "[1]", 0, 1),
      Sample.entry("empty", "F64", "[0]", 1, 1),
    ]
    let tensors = try SafeTensors(
      bytes: Sample.file("{\(entries.joined(separator: ","))}", buffer: [1, 2, 3]))
    #expect(tensors.names == ["first", "empty", "last"])
    #expect(tensors["last"]?.bytes == [2, 3])
  }

  @Test func theSameContentGivesTheSameBytes() throws {
    let tensors = Sample.mixed()
    let bytes = try tensors.serialized()
    var reversed = SafeTensors(metadata: tensors.metadata)
    for entry in tensors.entries.reversed() { reversed.add(entry) }
    #expect(try reversed.serialized() == bytes)
    #expect(try SafeTensors(bytes: bytes).serialized() == bytes)
  }

  /// Written out by hand: order by type then name, compact JSON, spaces up to a multiple of 8.
  @Test func theLayoutIsAsDocumented() throws {
    var tensors = SafeTensors(metadata: ["k": "v"])
    tensors.add("b", shape: [1], [UInt8(9)])
    tensors.add("z", shape: [1], [Float(1)])
    tensors.add("a", shape: [], [Float(2)])
    let entries = [
      "\"__metadata__\":{\"k\":\"v\"}", Sample.entry("a", "F32", "[]", 0, 4),
      Sample.entry("z", "F32", "[1]", 4, 8), Sample.entry("b", "U8", "[1]", 8, 9),
    ]
    var header = "{\(entries.joined(separator: ","))}"
    while header.utf8.count % 8 != 0 { header += " " }
    let buffer: [UInt8] = [0, 0, 0, 0x40, 0, 0, 0x80, 0x3F, 9]
    #expect(try tensors.serialized() == Sample.file(header, buffer: buffer))
  }

  /// The reference's order of types, against names that would sort the other way round.
  @Test func typesAreWrittenInTheReferenceOrder() throws {
    let order: [TensorDataType] = [.i64, .f64, .f32, .i32, .bf16, .f16, .i16, .i8, .u8, .bool]
    var tensors = SafeTensors()
    for (name, dataType) in zip("jihgfedcba", order) {
      let bytes = [UInt8](repeating: 0, count: dataType.size)
      tensors.add(TensorEntry(name: String(name), dataType: dataType, shape: [], bytes: bytes))
    }
    #expect(try SafeTensors(bytes: tensors.serialized()).entries.map(\.dataType) == order)
  }

  @Test func everyTensorStartsAligned() throws {
    let bytes = try Sample.mixed().serialized()
    let headerLength = (0..<8).reduce(0) { $0 | Int(bytes[$1]) << (8 * $1) }
    #expect(headerLength % 8 == 0)
    var offset = 8 + headerLength
    for entry in try SafeTensors(bytes: bytes).entries {
      #expect(offset % entry.dataType.size == 0, "\(entry.name)")
      offset += entry.bytes.count
    }
    #expect(offset == bytes.count)
  }

  @Test func tooMuchMetadataIsNotWritten() {
    var tensors = SafeTensors()
    for key in 0...SafeTensors.maximumMetadataCount { tensors.metadata["\(key)"] = "" }
    #expect(throws: SafeTensorsError.tooManyMetadataEntries(count: 65_537)) { try tensors.serialized() }
    let letters = [UInt8](repeating: 0x78, count: SafeTensors.maximumHeaderBytes)
    let long = SafeTensors(metadata: ["k": String(decoding: letters, as: UTF8.self)])
    #expect(throws: SafeTensorsError.headerTooLarge(headerBytes: 100_000_001)) { try long.serialized() }
  }
}
