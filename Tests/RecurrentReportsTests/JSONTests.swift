import Foundation
import RecurrentReports
import Testing

@Suite struct JSONTests {
  let sample: JSONValue = [
    "b": [1, -2, 0.1, 1e300, true, nil, "a\"\\\n\u{1}é😀"], "a": ["z": [:], "aa": [], "é": 1e-300], "": -0.0,
  ]

  @Test func roundTripAndFoundationAgrees() throws {
    for indented in [false, true] {
      let text = try sample.text(indented: indented)
      #expect(try JSONValue(parsing: Array(text.utf8), name: "t") == sample)
      let foundation = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
      let list = try #require(foundation["b"] as? [Any])
      #expect(list[6] as? String == "a\"\\\n\u{1}é😀")
      #expect(list[2] as? Double == 0.1)
      #expect((foundation["a"] as? [String: Any])?["é"] as? Double == 1e-300)
    }
    #expect(
      try sample.text()
        == #"{"":-0.0,"a":{"aa":[],"z":{},"é":1e-300},"b":[1,-2,0.1,1e+300,true,null,"a\"\\\n\u0001é😀"]}"#)
  }

  @Test func numbersReadBackAsTheSameBits() throws {
    var state: UInt64 = 5
    for _ in 0..<20_000 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let double = Double(bitPattern: state ^ (state >> 31))
      let float = Float(bitPattern: UInt32(truncatingIfNeeded: state >> 32))
      if double.isFinite {
        let text = try JSONValue.number(double).text()
        #expect(try JSONValue(parsing: Array(text.utf8), name: "t").double?.bitPattern == double.bitPattern)
      }
      if float.isFinite {
        let back = try JSONValue(parsing: Array(try JSONValue(float).text().utf8), name: "t").double
        #expect(back.map { Float($0).bitPattern } == float.bitPattern)
      }
      let whole = Int(bitPattern: UInt(state))
      #expect(
        try JSONValue(parsing: Array(try JSONValue.integer(whole).text().utf8), name: "t").integer == whole)
    }
    #expect(try JSONValue(Float(0.1)).text() == "0.1")
  }

  @Test func notFiniteIsRefusedOrNull() throws {
    let value: JSONValue = ["epoch": 3, "losses": [0.5, .number(.nan)]]
    let error = try #require(throws: JSONError.self) { try value.text() }
    #expect(error.location == "$.losses[1]")
    #expect(error.description.contains("found nan; expected a finite number"))
    #expect(try value.text(nonFinite: .null) == #"{"epoch":3,"losses":[0.5,null]}"#)
    struct Configuration: Encodable {
      var rate = Double.infinity
    }
    let encoding = try #require(throws: JSONError.self) { try JSONValue(encoding: Configuration()) }
    #expect(encoding.location == "$.rate")
  }

  @Test func encodesConfigurations() throws {
    struct Configuration: Encodable {
      var sizes = [20, 10]
      var rate = 0.001
      var name: String? = "gru"
    }
    #expect(try JSONValue(encoding: Configuration()) == ["sizes": [20, 10], "rate": 0.001, "name": "gru"])
  }

  @Test(arguments: [
    ("", "1:1", "the end"), ("{", "1:2", "the end"), ("[1,]", "1:4", "']'"), ("{\"a\":1,}", "1:8", "'}'"),
    ("nul", "1:1", "'n'"),
    ("01", "1:2", "'1'"), ("1.", "1:3", "the end"), ("+1", "1:1", "'+'"), ("NaN", "1:1", "'N'"),
    ("\"a", "1:3", "the end"),
    ("{\n \"a\": 1,\n \"a\": 2}", "3:2", "repeated"), ("\"\\x\"", "1:3", "'x'"),
    ("\"\\ud800\"", "1:2", "surrogate"),
    ("1e999", "1:1", "double"), ("[1 2]", "1:4", "'2'"), ("-", "1:1", "'-'"), ("1e+", "1:4", "a digit"),
    ("// c", "1:1", "'/'"), ("\"\t\"", "1:2", "byte 0x9"),
    ("{'a':1}", "1:2", "'''"),
  ]) func faultsAreLocated(text: String, place: String, words: String) throws {
    let error = try #require(throws: JSONError.self) {
      try JSONValue(parsing: Array(text.utf8), name: "f.json")
    }
    #expect(error.location == "f.json:\(place)", "\(error)")
    #expect(error.description.contains(words), "\(error)")
  }

  @Test func hostileTexts() {
    let deep = [UInt8](repeating: UInt8(ascii: "["), count: 1_000_000)
    #expect(throws: JSONError.self) { try JSONValue(parsing: deep, name: "t") }
    #expect(throws: JSONError.self) { try JSONValue(parsing: [0x22, 0xFF, 0x22], name: "t") }
    // Every cut and every changed byte of a text: a value or a typed error.
    let text = Array(#"{"a":[1,-2.5e3,"x\u00e9\ud83d\ude00",true,null],"b":{}}"#.utf8)
    for cut in text.indices {
      #expect(throws: JSONError.self) { try JSONValue(parsing: Array(text[..<cut]), name: "t") }
      for byte in UInt8.min...UInt8.max {
        var changed = text
        changed[cut] = byte
        do { _ = try JSONValue(parsing: changed, name: "t") } catch { #expect(!error.description.isEmpty) }
      }
    }
  }
}

@Suite struct JSONLinesLogTests {
  private func log() throws -> JSONLinesLog {
    var log = JSONLinesLog()
    for epoch in 1...5 {
      let line = try log.append(["epoch": .integer(epoch), "loss": .number(1 / Double(epoch))])
      #expect(log.bytes.suffix(line.count) == line[...])
    }
    return log
  }

  @Test func oneObjectALine() throws {
    let log = try log()
    let text = String(decoding: log.bytes, as: UTF8.self)
    #expect(text.hasPrefix("{\"epoch\":1,\"loss\":1.0}\n{\"epoch\":2,\"loss\":0.5}\n"))
    let lines = text.split(separator: "\n").map { Array($0.utf8) }
    #expect(try lines.map { try JSONValue(parsing: $0, name: "log") } == log.lines)
  }

  @Test func whatIsNotFinite() throws {
    var log = try log()
    let before = log
    #expect(throws: JSONError.self) { try log.append(["loss": .number(.nan)]) }
    #expect(log == before)
    try log.append(["loss": .number(.nan)], nonFinite: .null)
    #expect(log.lines.last == ["loss": nil])
    #expect(String(decoding: log.bytes, as: UTF8.self).hasSuffix("\n{\"loss\":null}\n"))
  }
}
