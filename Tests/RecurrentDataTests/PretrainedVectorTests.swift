import Foundation
import RecurrentData
import Testing

/// Vectors of words from text.
@Suite struct PretrainedVectorTests {
  private static func vectors(
    _ text: String, wanted: Set<String>? = nil, hasCounts: Bool? = nil
  ) throws -> PretrainedVectors {
    try PretrainedVectors(Array(text.utf8), source: "v.txt", wanted: wanted, hasCounts: hasCounts)
  }

  private static func error(_ text: String, wanted: Set<String>? = nil, hasCounts: Bool? = nil) -> String {
    (#expect(throws: DataError.self) { try vectors(text, wanted: wanted, hasCounts: hasCounts) })?.description
      ?? ""
  }

  @Test func wantedWords() throws {
    let text = "the 0.5 -1\r\n. . 3 4\ncafé 1e-3 2 \nthe 9 9\nof x y\n"
    let vectors = try Self.vectors(text, wanted: ["the", "café", "none", ". ."])
    #expect(vectors.words == ["the", ". .", "café"] && vectors.dimension == 2 && vectors.fileCount == 5)
    #expect(vectors.values == [0.5, -1, 3, 4, 0.001, 2])
    #expect(vectors["café"].map(Array.init) == [0.001, 2] && vectors["none"] == nil)
  }

  @Test func counts() throws {
    let vectors = try Self.vectors("2 3\na 1 2 3\nb\t4\t5\t6")
    #expect(vectors.words == ["a", "b"] && vectors.dimension == 3 && vectors.values == [1, 2, 3, 4, 5, 6])
    let plain = try Self.vectors("2 3\n4 5\n", hasCounts: false)
    #expect(plain.words == ["2", "4"] && plain.dimension == 1)
  }

  @Test func errors() {
    #expect(Self.error("a 1 2\nb 1\n").hasPrefix("v.txt:2: 1 number behind the word; expected 2"))
    #expect(Self.error("a 1 2\nb 1 2 3\n").hasPrefix("v.txt:2: 3 numbers behind the word; expected 2"))
    #expect(Self.error("a 1 2\né x 3\n").hasPrefix("v.txt:2:3: \"x\"; expected a finite number"))
    #expect(Self.error("a 1e39\n").hasPrefix("v.txt:1:3: \"1e39\""))
    #expect(Self.error("3 1\na 1\n").hasPrefix("v.txt: the file ends after 1 vector; expected 3"))
    #expect(Self.error("1 1\na 1\nb 2\n").hasPrefix("v.txt: 2 vectors below the first line; expected 1"))
    #expect(Self.error("a 1\n", hasCounts: true).hasPrefix("v.txt:1: \"a 1\"; expected two whole numbers"))
    #expect(Self.error("a\n").hasPrefix("v.txt:1: 0 numbers behind the word"))
    #expect(Self.error("\n").contains("empty"))
    #expect(throws: DataError.self) { try PretrainedVectors(contentsOf: "/no/such/file") }
    #expect(throws: DataError.self) { try PretrainedVectors([0xFF, 0x20, 0x31], source: "v.txt") }
  }

  /// A file of several pieces, whose lines are cut anywhere, and its packed form.
  @Test func piecesOfFiles() throws {
    try TestFiles.withFolder { folder in
      let text = (0..<120_000).map { "word\($0) \($0).5 \($0 % 7)\n" }.joined()
      let file = folder.appendingPathComponent("v.txt")
      try Data(text.utf8).write(to: file)
      #expect(text.utf8.count > 2 << 20)
      let wanted = Set((0..<1200).map { "word\($0 * 100)" })
      let vectors = try PretrainedVectors(contentsOf: file.path, wanted: wanted)
      #expect(vectors.words.count == 1200 && vectors.fileCount == 120_000)
      #expect((0..<1200).allSatisfy { vectors.values[2 * $0] == Float($0 * 100) + 0.5 })
      #expect(try vectors == PretrainedVectors(Array(text.utf8), source: "v.txt", wanted: wanted))
    }
  }
}
