import RecurrentCore
import RecurrentInterchange
import Testing

/// Headers that are not the JSON the format prescribes. Offsets are counted by hand: the header starts at
/// byte 8.
@Suite struct SafeTensorsHeaderTests {
  @Test(arguments: [
    ("{", 9, "the end of the text", "a string"),
    ("{}x", 10, "'x'", "only spaces after the header's '}'"),
    ("{}\n", 10, "byte 0xA", "only spaces after the header's '}'"),
    ("{}{}", 10, "'{'", "only spaces after the header's '}'"),
    ("{,}", 9, "','", "a string"),
    ("{\"a\"}", 12, "'}'", "':'"),
    ("{\"a\":1}", 13, "'1'", "'{'"),
    ("{\"a\":null}", 13, "'n'", "'{'"),
    ("{\"a\":[[[[[[[[", 13, "'['", "'{'"),
    ("{'a':{}}", 9, "'''", "a string"),
    ("{\"__metadata__\":null}", 24, "'n'", "'{'"),
    ("{\"__metadata__\":{\"a\":1}}", 29, "'1'", "a string"),
    ("{\"__metadata__\":{\"a\":\"1\",}}", 33, "'}'", "a string"),
    ("{\"__metadata__\":{\"a\":\"1\"", 32, "the end of the text", "',' or '}'"),
    ("{\"__metadata__\":{\"a", 27, "the end of the text", "the end of the string that starts at byte 25"),
    ("{\"\u{1}\":{}}", 10, "byte 0x1", "no control character inside a string"),
    ("{\"\\x\":{}}", 11, "'x'", "one of \" \\ / b f n r t u after '\\'"),
    ("{\"\\u12g4\":{}}", 14, "'g'", "four hexadecimal digits"),
  ])
  func brokenJSON(header: String, offset: Int, found: String, expected: String) {
    expect(header, offset, .unexpected(found: found, expected: expected))
  }

  @Test(arguments: [
    ("-1", 31, "'-'", "a whole number"), ("1.0", 32, "'.'", "a whole number to end here"),
    ("1e3", 32, "'e'", "a whole number to end here"), ("01", 31, "a leading zero", "a whole number"),
    ("\"1\"", 31, "'\"'", "a whole number"), ("true", 31, "'t'", "a whole number"),
    ("[1]", 31, "'['", "a whole number"), ("1,", 33, "']'", "a whole number"),
    ("1 2", 33, "'2'", "',' or ']'"),
  ])
  func brokenNumbers(number: String, offset: Int, found: String, expected: String) {
    let header = "{\"a\":{\"dtype\":\"U8\",\"shape\":[\(number)],\"data_offsets\":[0,0]}}"
    expect(header, offset + 5, .unexpected(found: found, expected: expected))
  }

  @Test func numbersBeyondInt() {
    let largest = Sample.entry("a", "U8", "[9223372036854775807,0]", 0, 0)
    #expect(Sample.error(reading: Sample.file("{\(largest)}")) == nil)
    for number in ["9223372036854775808", "18446744073709551616", String(repeating: "9", count: 5000)] {
      expect("{\(Sample.entry("a", "U8", "[\(number)]", 0, 0))}", 36, .numberTooLarge)
    }
  }

  @Test func keysMayNotRepeat() {
    let entry = Sample.entry("a", "U8", "[0]", 0, 0)
    expect("{\(entry),\(entry)}", 10 + entry.utf8.count, .duplicateKey("a"))
    let escaped = entry.replacing("\"a\"", with: "\"\\u0061\"")
    expect("{\(entry),\(escaped)}", 10 + entry.utf8.count, .duplicateKey("a"))
    expect("{\"__metadata__\":{\"k\":\"1\",\"k\":\"2\"}}", 33, .duplicateKey("k"))
    expect("{\"__metadata__\":{},\"__metadata__\":{}}", 27, .duplicateKey("__metadata__"))
    expect("{\"a\":{\"dtype\":\"U8\",\"dtype\":\"U8\"}}", 27, .duplicateKey("dtype"))
    // One letter, composed and decomposed: two names of which a dictionary of strings would lose one.
    expect("{\"__metadata__\":{\"\u{E9}\":\"\",\"e\u{301}\":\"\"}}", 33, .duplicateKey("\u{E9}"))
  }

  @Test func entriesHaveExactlyThreeFields() {
    let complete = "\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]"
    expect(
      "{\"a\":{\(complete),\"extra\":1}}", 60,
      .unexpected(found: "the key \"extra\"", expected: "dtype, shape or data_offsets"))
    for (fields, missing) in [
      ("\"shape\":[0],\"data_offsets\":[0,0]", "dtype"), ("\"dtype\":\"U8\",\"data_offsets\":[0,0]", "shape"),
      ("\"dtype\":\"U8\",\"shape\":[0]", "two data_offsets"), ("", "dtype"),
      ("\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0]", "two data_offsets"),
    ] {
      expect(
        "{\"a\":{\(fields)}}", 13,
        .unexpected(found: "the tensor \"a\" without \(missing)", expected: "all three fields"))
    }
    expect(
      "{\"a\":{\"data_offsets\":[0,0,0]}}", 34, .tooMany(what: "data_offsets", limit: 2))
  }

  @Test func textMustBeUnicode() {
    for bytes: [UInt8] in [[0xFF], [0xC3], [0xED, 0xA0, 0x80], [0xC0, 0x80], [0xF5, 0x80, 0x80, 0x80]] {
      let header = Array("{\"".utf8) + bytes + Array("\":{}}".utf8)
      let error = Sample.error(reading: Sample.file(header: header, buffer: []))
      expect(error, 9, .invalidUnicode)
    }
    for escape in [#"\ud800"#, #"\udc00"#, #"\ud800\u0041"#, #"\ud800\ud800"#, #"\ud800x"#] {
      expect("{\"\(escape)\":{}}", 10, .invalidUnicode)
    }
  }

  @Test func countsAreBounded() {
    let shape = "[" + Array(repeating: "1", count: 65).joined(separator: ",") + "]"
    expect("{\(Sample.entry("a", "U8", shape, 0, 1))}", 164, .tooMany(what: "extents in a shape", limit: 64))
    let pairs = (0...65_536).map { "\"\($0)\":\"\"" }.joined(separator: ",")
    let error = Sample.error(reading: Sample.file("{\"__metadata__\":{\(pairs)}}"))
    guard case .invalidHeader(let json) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(json.problem == .tooMany(what: "metadata entries", limit: 65_536))
  }

  private func expect(_ header: String, _ offset: Int, _ problem: StrictJSONError.Problem) {
    expect(Sample.error(reading: Sample.file(header)), offset, problem, header)
  }

  private func expect(
    _ error: SafeTensorsError?, _ offset: Int, _ problem: StrictJSONError.Problem, _ header: String = ""
  ) {
    guard case .invalidHeader(let json) = error else {
      Issue.record("\(header.prefix(100)): \(String(describing: error))")
      return
    }
    #expect(json.problem == problem, "\(header.prefix(100))")
    #expect(json.offset == offset, "\(header.prefix(100))")
  }
}
