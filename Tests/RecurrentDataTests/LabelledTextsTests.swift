import Foundation
import RecurrentData
import RecurrentTestSupport
import Testing

/// Texts with labels from tables, files and folders, and how they are dealt to parts.
@Suite struct LabelledTextsTests {
  private static func table(
    _ text: String, _ column: ColumnKey = 1, label: ColumnKey = 2, delimiter: CSVDelimiter = .tab,
    hasHeader: Bool? = nil, encoding: TextEncoding = .utf8
  ) throws -> LabelledTexts {
    try LabelledTexts(
      table: Array(text.utf8), source: "t.tsv", text: column, label: label, delimiter: delimiter,
      hasHeader: hasHeader, encoding: encoding)
  }

  private static func error(_ body: () throws -> LabelledTexts) -> String? {
    (#expect(throws: DataError.self) { _ = try body() })?.description
  }

  @Test func tabs() throws {
    let texts = try Self.table("the \"old\" man\tgood\r\n\r\n\tbad\nso\tgood\textra")
    #expect(texts.texts == ["the \"old\" man", "", "so"] && texts.labelNames == ["bad", "good"])
    #expect(texts.labels == [1, 0, 1] && texts.place(1).description == "t.tsv:3:1")
    let named = try Self.table("id\ttext\tclass\n1\ta\tx\n2\tb\ty\n", "text", label: "class")
    #expect(named.texts == ["a", "b"] && named.place(1).description == "t.tsv:3:3")
    #expect(named.selecting([1]).labels == [1] && named.selecting([1]).place(0).line == 3)
  }

  @Test func quotedCells() throws {
    let text = "class,text\nx,\"two, lines\nhere \"\"so\"\"\"\ny,plain\n"
    let texts = try Self.table(text, "text", label: "class", delimiter: .comma)
    #expect(texts.texts == ["two, lines\nhere \"so\"", "plain"])
    #expect(texts.place(0).line == 2 && texts.place(1).line == 4)
    #expect(try Self.table(text, 2, label: 1, delimiter: .comma, hasHeader: true) == texts)
  }

  @Test func tableErrors() {
    #expect(
      Self.error { try Self.table("a\tx\nb\n") }?.hasPrefix("t.tsv:2: 1 column; expected at least 2") == true)
    #expect(Self.error { try Self.table("a\tx\nb\t\n") }?.hasPrefix("t.tsv:2:3: no label") == true)
    #expect(Self.error { try Self.table("a\tx\nb\ty\n", "text") }?.contains("no column \"text\"") == true)
    #expect(
      Self.error { try Self.table("text\tx\n", "text") }?.hasPrefix("t.tsv: there is a header and no row")
        == true)
    #expect(
      Self.error { try Self.table("a,x\nb,\n", delimiter: .comma) }?.hasPrefix("t.tsv:2: no label") == true)
    #expect(
      Self.error { try Self.table("a,x\n", 3, delimiter: .comma) }?.hasPrefix("t.tsv:1: 2 columns") == true)
    #expect(Self.error { try Self.table("\n\n") }?.contains("empty") == true)
  }

  @Test func latin1IsNeverGuessed() throws {
    let bytes = Array("caf".utf8) + [0xE9, 0x09] + Array("fr\n".utf8)
    let error = #expect(throws: DataError.self) {
      try LabelledTexts(table: bytes, source: "t.tsv", text: 1, label: 2)
    }
    #expect(error?.description.hasPrefix("t.tsv:1:4: byte 233") == true)
    #expect(
      try LabelledTexts(table: bytes, source: "t.tsv", text: 1, label: 2, encoding: .latin1).texts == ["café"]
    )
  }

  @Test func folders() throws {
    try TestFiles.withFolder { folder in
      func write(_ name: String, _ text: String) throws {
        let file = folder.appendingPathComponent(name)
        try FileManager.default.createDirectory(
          at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
      }
      try write("classes/pos/2.txt", "fine\nfilm\n")
      try write("classes/pos/1.txt", "good")
      try write("classes/neg/a", "bad")
      try write("classes/.hidden/a", "no")
      try write("classes/README", "no")
      let path = folder.path
      let texts = try LabelledTexts(folder: path + "/classes")
      #expect(texts.texts == ["bad", "good", "fine\nfilm\n"] && texts.labels == [0, 1, 1])
      #expect(
        texts.labelNames == ["neg", "pos"] && texts.place(2).description == path + "/classes/pos/2.txt")

      try write("names/Irish.txt", "Adam\n\nAhearn\n")
      try write("names/Greek.txt", "Adamou")
      let names = try LabelledTexts(folder: path + "/names/")
      #expect(names.texts == ["Adamou", "Adam", "Ahearn"] && names.labelNames == ["Greek", "Irish"])
      #expect(names.place(2).description == path + "/names/Irish.txt:3:1")

      try write("empty/pos/.x", "no")
      #expect(Self.error { try LabelledTexts(folder: path + "/empty") }?.contains("there is no text") == true)
      #expect(Self.error { try LabelledTexts(folder: path + "/none") }?.contains("no such file") == true)
      #expect(Self.error { try LabelledTexts(folder: path + "/names/Irish.txt") } != nil)
    }
  }

  private static let hasNames = SharedData.has("ai-edu-ch19/ch19.name_language.txt")

  @Test(.enabled(if: hasNames, "needs ai-edu-ch19 in RECURRENT_DATA")) func namesOfTenLanguages() throws {
    let path = SharedData.path("ai-edu-ch19/ch19.name_language.txt")
    let names = try LabelledTexts(table: DataFile.read(path), source: path, text: 1, label: 2)
    #expect(names.texts.count == 4400 && names.labelNames.count == 10 && names.texts[1] == "auyong")
  }

  private static let hasReviews = SharedData.has("rt-polarity/rt-polarity.pos.gz")

  @Test(.enabled(if: hasReviews, "needs rt-polarity in RECURRENT_DATA")) func reviews() throws {
    let files = ["pos", "neg"].map { (label: $0, path: SharedData.path("rt-polarity/rt-polarity.\($0).gz")) }
    let reviews = try LabelledTexts(files: files, isLineByLine: true, encoding: .latin1)
    #expect(reviews.texts.count == 10_662 && reviews.labels.count { $0 == 0 } == 5331)
  }

  // MARK: - Parts

  @Test func shares() throws {
    let labels = (0..<1000).map { $0 % 10 == 0 ? 2 : $0 % 3 == 0 ? 1 : 0 }
    let split = try StratifiedSplit(labels: labels, shares: [0.7, 0.1, 0.2], seed: 3)
    #expect(split.parts.map(\.count) == [700, 100, 200])
    #expect(split.parts.joined().sorted() == Array(0..<1000))
    for label in 0..<3 {
      let size = labels.count { $0 == label }
      for (part, share) in zip(split.parts, [0.7, 0.1, 0.2]) {
        #expect(abs(Double(part.count { labels[$0] == label }) - share * Double(size)) < 2)
      }
    }
    #expect(try StratifiedSplit(labels: labels, shares: [0.7, 0.1, 0.2], seed: 3) == split)
    #expect(try StratifiedSplit(labels: labels, shares: [0.7, 0.1, 0.2], seed: 4) != split)
    #expect(split.others(than: 0) == (split.parts[1] + split.parts[2]).sorted())
  }

  @Test func folds() throws {
    let labels = (0..<103).map { $0 % 7 }
    let split = try StratifiedSplit(folds: 10, labels: labels, seed: 1)
    #expect(split.parts.map(\.count).sorted() == [10, 10, 10, 10, 10, 10, 10, 11, 11, 11])
    for label in 0..<7 {
      let counts = split.parts.map { $0.count { labels[$0] == label } }
      #expect((counts.max() ?? 0) - (counts.min() ?? 0) <= 1)
    }
  }

  @Test func equalTextsStayTogether() throws {
    let texts = (0..<60).map { "\($0 % 25)\t\($0 % 2)" }.joined(separator: "\n")
    let read = try Self.table(texts)
    let split = try StratifiedSplit(
      labels: read.labels, groups: read.distinctTexts, shares: [0.5, 0.5], seed: 9)
    let sides = split.parts.map { Set($0.map { read.texts[$0] }) }
    #expect(sides[0].isDisjoint(with: sides[1]) && split.parts.joined().sorted() == Array(0..<60))
    #expect(abs(split.parts[0].count - 30) <= 3)
  }

  @Test func splitErrors() {
    #expect(throws: DataError.self) { try StratifiedSplit(labels: [0, 1], shares: [0.5, 0.6], seed: 0) }
    #expect(throws: DataError.self) { try StratifiedSplit(labels: [0], shares: [0.5, 0.5], seed: 0) }
    #expect(throws: DataError.self) { try StratifiedSplit(folds: 1, labels: [0, 1], seed: 0) }
    #expect(throws: DataError.self) { try StratifiedSplit(folds: 3, labels: [0, 1], seed: 0) }
    #expect(throws: DataError.self) {
      try StratifiedSplit(folds: 2, labels: [0, 1], groups: [5, 5], seed: 0)
    }
  }
}
