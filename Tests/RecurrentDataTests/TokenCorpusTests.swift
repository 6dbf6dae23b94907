import Foundation
import RecurrentTestSupport
import Testing

import RecurrentData

@Suite struct TokenCorpusTests {
  private static let texts = [
    "one line\n", "\n\n  one\n two\n \t\n\nthree\r\n\r\n\r\nfour", "a\u{301}b 你好。\n\n🙂 Ärger", "no end",
  ]
  private static let tokenizers = TokenUnit.allCases.flatMap { unit in
    TextFolding.allCases.flatMap { folding in
      [false, true].map { Tokenizer(unit, folding: folding, separatesPunctuation: $0) }
    }
  }

  /// A file in pieces is what the text in memory is, and what `Tokenizer` says.
  @Test(arguments: tokenizers)
  func filesAreTexts(_ tokenizer: Tokenizer) throws {
    try TestFiles.withFolder { folder in
      let path = folder.appendingPathComponent("text").path
      for text in Self.texts {
        let bytes = Array(text.utf8)
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        for documents in TokenCorpus.Documents.allCases {
          let file = try TokenCorpus(contentsOf: path, tokenizer: tokenizer, documents: documents)
          let memory = try TokenCorpus(bytes: bytes, tokenizer: tokenizer, documents: documents)
          let ids = file.ids(in: 0..<file.count)
          #expect(ids == memory.ids(in: 0..<memory.count))
          #expect(file.documentStarts == memory.documentStarts)
          #expect(file.vocabulary == memory.vocabulary)
          #expect(file.vocabulary.decode(ids) == tokenizer.tokens(of: text))
          let again = try TokenCorpus(
            contentsOf: path, tokenizer: tokenizer, vocabulary: file.vocabulary, documents: documents)
          #expect(again.ids(in: 0..<again.count) == ids)
        }
      }
    }
  }

  @Test func blankLinesEndDocuments() throws {
    func documents(_ tokenizer: Tokenizer) throws -> [[String]] {
      let text = Array("\n\n  one\n two\n \t\n\nthree\r\n\r\n***\n\n".utf8)
      let corpus = try TokenCorpus(bytes: text, tokenizer: tokenizer, documents: .blankLines)
      return corpus.documents.map { corpus.vocabulary.decode(corpus.ids(in: $0)) }
    }
    #expect(try documents(Tokenizer(.words)) == [["one", "two"], ["three"], ["***"]])
    #expect(try documents(Tokenizer(.words, folding: .letters)) == [["one", "two"], ["three"]])
    for unit in [TokenUnit.characters, .bytes] {
      #expect(
        try documents(Tokenizer(unit)).map { $0.joined() }
          == ["\n\n", "  one\n two\n \t\n\n", "three\r\n\r\n", "***\n\n"])
    }
  }

  /// Vocabularies of 1, 2 and 4 bytes a token, at every place and in parts.
  @Test(arguments: [200, 300, 70_000])
  func tokensOfEveryWidthAreRead(_ different: Int) throws {
    try TestFiles.withFolder { folder in
      let path = folder.appendingPathComponent("text").path
      let words = (0..<(different + 500)).map { "w\(($0 &* 7919) % different)" }
      try Data(words.joined(separator: " ").utf8).write(to: URL(fileURLWithPath: path))
      let corpus = try TokenCorpus(
        contentsOf: path, tokenizer: Tokenizer(.words), scratchFolder: folder.path)
      // Nothing but the text itself has a name.
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["text"])
      #expect(corpus.count == words.count)
      #expect(corpus.vocabulary.decode(corpus.ids(in: 0..<corpus.count)) == words)
      #expect(corpus.ids(in: 17..<17).isEmpty)
      let part = corpus.part(100..<400)
      #expect(part.vocabulary.decode(part.ids(in: 5..<9)) == Array(words[105..<109]))
      #expect(corpus.countTokens().reduce(0, +) == corpus.count)
    }
  }

  @Test func pipesAreReadOnce() throws {
    try TestFiles.withFolder { folder in
      let path = folder.appendingPathComponent("pipe").path
      try #require(mkfifo(path, 0o600) == 0)
      Thread.detachNewThread { try? Data("pipes too".utf8).write(to: URL(fileURLWithPath: path)) }
      let corpus = try TokenCorpus(contentsOf: path, tokenizer: Tokenizer(.words))
      #expect(corpus.vocabulary.decode(corpus.ids(in: 0..<2)) == ["pipes", "too"])
    }
  }

  @Test func roomThatIsNotThereIsSaid() throws {
    try TestFiles.withFolder { folder in
      let path = folder.appendingPathComponent("text").path
      try Data("text".utf8).write(to: URL(fileURLWithPath: path))
      let nowhere = folder.appendingPathComponent("nowhere").path
      let fault = FileFault.scratch(folder: nowhere, reason: "the directory does not exist")
      #expect(throws: DataError.file(fault, path: path)) {
        try TokenCorpus(contentsOf: path, tokenizer: Tokenizer(), scratchFolder: nowhere)
      }
    }
  }

  @Test func partsKeepTheirDocuments() throws {
    let vocabulary = try Vocabulary(tokens: ["a"])
    let corpus = TokenCorpus(
      ids: [Int32](repeating: 0, count: 10), vocabulary: vocabulary, documentStarts: [0, 3, 7])
    #expect(corpus.documents == [0..<3, 3..<7, 7..<10])
    #expect(corpus.part(3..<8).documentStarts == [0, 4])
    #expect(corpus.part(1..<7).documentStarts == [0, 2])
    #expect(corpus.part(3..<8).part(2..<5).documentStarts == [0, 2])
  }

  @Test func rareAndNewWordsAreUnknown() throws {
    let text = Array("a a a b b c d".utf8)
    let corpus = try TokenCorpus(
      bytes: text, tokenizer: Tokenizer(.words), rule: Vocabulary.Rule(limit: 3))
    #expect(corpus.vocabulary.tokens == ["<unk>", "a", "b"])
    #expect(corpus.ids(in: 0..<7) == [1, 1, 1, 2, 2, 0, 0])
    let closed = try Vocabulary(tokens: ["a", "b"])
    #expect(
      throws: DataError.vocabulary(.unknownToken(token: "c", count: 2), at: DataError.Place("text"))
    ) {
      try TokenCorpus(bytes: text, tokenizer: Tokenizer(.words), vocabulary: closed)
    }
  }

  @Test func damageIsNamedByItsByte() throws {
    func fault(_ bytes: [UInt8], _ tokenizer: Tokenizer = Tokenizer()) -> DataError? {
      do {
        _ = try TokenCorpus(bytes: bytes, source: "t", tokenizer: tokenizer)
        return nil
      } catch {
        return error
      }
    }
    func place(_ line: Int, _ byte: Int) -> DataError.Place { DataError.Place("t", line: line, byte: byte) }
    #expect(fault([65, 10, 0xC3, 65]) == .text(.notUTF8(byte: 0xC3), at: place(2, 2)))
    #expect(fault([65, 0xE2, 0x82]) == .text(.notUTF8(byte: 0xE2), at: place(1, 1)))
    #expect(fault([65, 0xED, 0xA0, 0x80]) == .text(.notUTF8(byte: 0xED), at: place(1, 1)))
    #expect(fault([0x80]) == .text(.notUTF8(byte: 0x80), at: place(1, 0)))
    #expect(fault([65, 0]) == .text(.nulByte, at: place(1, 1)))
    #expect(fault([0xFF, 0xFE, 65, 0]) == .text(.utf16, at: DataError.Place("t")))
    #expect(fault([]) == .text(.empty, at: DataError.Place("t")))
    #expect(
      fault([32, 10], Tokenizer(.words))
        == .vocabulary(.noToken(unit: .words, folding: .none), at: DataError.Place("t")))
    #expect(
      fault([UInt8](repeating: 65, count: (1 << 20) + 1), Tokenizer(.words))
        == .vocabulary(.longWord(limit: 1 << 20), at: DataError.Place("t", line: 1)))
    // A byte order mark is no part of the text; bytes as they are may be anything.
    #expect(try TokenCorpus(bytes: [0xEF, 0xBB, 0xBF, 65], tokenizer: Tokenizer()).count == 1)
    #expect(fault([0, 0xFF, 0x80], Tokenizer(.bytes)) == nil)
    #expect(throws: DataError.file(.missing, path: "/nowhere/text")) {
      try TokenCorpus(contentsOf: "/nowhere/text", tokenizer: Tokenizer())
    }
  }

  /// The decoder and the standard library agree on what UTF-8 is, wherever a piece ends.
  @Test func decodingIsTheStandardLibrarys() throws {
    var generator = TestGenerator(state: 7)
    let parts: [[UInt8]] = [
      [65], [10], [0xC3, 0xA4], [0xE2, 0x82, 0xAC], [0xF0, 0x9F, 0x99, 0x82], [0xC3], [0x80],
      [0xE0, 0x80, 0x80],
      [0xF4, 0x90, 0x80, 0x80], [0xF5],
    ]
    for _ in 0..<2000 {
      let bytes = (0..<Int.random(in: 1...6, using: &generator)).flatMap { _ in
        parts[Int.random(in: 0..<(Bool.random(using: &generator) ? 5 : parts.count), using: &generator)]
      }
      let cut = Int.random(in: 0...bytes.count, using: &generator)
      let expected = String(validating: bytes, as: UTF8.self)
      var (decoder, scanner) = (ScalarDecoder(source: "t"), TokenScanner(Tokenizer()))
      let isText: Bool
      do {
        try bytes.withUnsafeBufferPointer { all in
          try decoder.decode(UnsafeBufferPointer(rebasing: all[..<cut]), into: &scanner)
          try decoder.decode(UnsafeBufferPointer(rebasing: all[cut...]), into: &scanner)
        }
        try decoder.finish(scanner)
        isText = true
      } catch {
        isText = false
      }
      #expect(isText == (expected != nil))
      if let expected { #expect(scanner.keys == expected.unicodeScalars.map(\.value)) }
    }
  }

  /// However long the file: pieces of a megabyte at most are in memory, and the corpus has one byte a token on the disk.
  @Test func longFilesStayOnTheDisk() throws {
    try TestFiles.withFolder { folder in
      let path = folder.appendingPathComponent("text").path
      let length = 5 << 19
      let bytes = (0..<length).map { UInt8(97 + ($0 * 7919) % 26) }
      try Data(bytes).write(to: URL(fileURLWithPath: path))
      var pieces: [Int] = []
      try TextPieces(contentsOf: path).forEach { pieces.append($0.count) }
      #expect(pieces == [1 << 20, 1 << 20, 1 << 19])
      let corpus = try TokenCorpus(contentsOf: path, tokenizer: Tokenizer(.bytes))
      #expect(corpus.bytesOnDisk == 1)
      #expect(corpus.count == length)
      for start in [0, (1 << 20) - 3, length - 10] {
        let found = corpus.vocabulary.decode(corpus.ids(in: start..<(start + 10)))
        #expect(Tokenizer(.bytes).text(of: found).utf8.elementsEqual(bytes[start..<(start + 10)]))
      }
    }
  }

  @Test(
    .enabled(if: SharedData.has("tinyshakespeare/input.txt.gz"), "needs tinyshakespeare in RECURRENT_DATA"))
  func compressedFilesAreUnpacked() throws {
    let corpus = try TokenCorpus(
      contentsOf: SharedData.path("tinyshakespeare/input.txt.gz"), tokenizer: Tokenizer(),
      rule: Vocabulary.Rule(unknown: nil))
    #expect(corpus.count == 1_115_394)
    #expect(corpus.vocabulary.count == 65)
  }
}
