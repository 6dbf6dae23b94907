import RecurrentData
import Testing

/// Texts, columns, labelled sequences, music and vectors that nobody should have: each is read or refused with one line, and never
/// traps.
@Suite struct ReaderFuzzTests {
  /// A reader: what it is, a file that it reads, and its reading, which looks at all that was read.
  struct Reader: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let seed: String
    let read: @Sendable ([UInt8]) throws(DataError) -> Void
  }

  static let readers: [Reader] = [
    Reader(
      testDescription: "columns", seed: "Anna\tB-PER\nsleeps\tO\n\nin\tO\nRome\tB-LOC\n"
    ) { bytes throws(DataError) in
      let file = try ColumnFile(bytes, source: "f")
      _ = try EntityColumn(file, column: 2).violations(of: .bio)
      let tags = try file.column(2)
      #expect(try file.replacing(2, with: tags) == bytes)
    },
    Reader(
      testDescription: "CoNLL-U",
      seed:
        "# text = can't\n1-2\tcan't\t_\t_\t_\t_\t_\t_\t_\t_\n1\tca\t_\tAUX\t_\t_\t_\t_\t_\t_\n2\tn't\t_\tPART\t_\t_\t_\t_\t_\t_\n2.1\tx\t_\tX\t_\t_\t_\t_\t_\t_\n\n"
    ) { bytes throws(DataError) in
      let file = try ColumnFile(bytes, source: "f", isNumbered: true)
      let tags = try file.column("upos")
      #expect(try file.replacing("upos", with: tags) == bytes)
    },
    Reader(
      testDescription: "series", seed: "@dimensions 2\n@classLabel true a b\n@data\n1,2,3:4,5,6:a\n7:8:b\n"
    ) { bytes throws(DataError) in
      let series = try LabelledSeries(timeSeries: bytes, source: "f")
      #expect(series.labels.allSatisfy(series.labelNames.indices.contains))
      #expect(series.values.allSatisfy { $0.count % series.channelCount == 0 })
    },
    Reader(
      testDescription: "piano rolls",
      seed: #"{"train": [[[60, 64], []]], "valid": [[[61]]], "test": [[[62]]]}"#
    ) { bytes throws(DataError) in
      let file = try PianoRollFile(bytes, source: "f")
      #expect((file.training + file.validation + file.test).allSatisfy { $0.stepCount >= 0 })
    },
    Reader(
      testDescription: "labelled texts", seed: "good\tnice film\nbad\tdull \"film\"\n\ngood\tété 你好\n"
    ) { bytes throws(DataError) in
      let texts = try LabelledTexts(table: bytes, source: "f", text: 2, label: 1)
      #expect(texts.labels.allSatisfy(texts.labelNames.indices.contains))
    },
    Reader(
      testDescription: "quoted labelled texts", seed: "label,text\ngood,\"nice, \"\"film\"\"\"\nbad,dull\n"
    ) { bytes throws(DataError) in
      let texts = try LabelledTexts(
        table: bytes, source: "f", text: "text", label: "label", delimiter: .comma, hasHeader: true)
      #expect(texts.texts.count == texts.labels.count)
    },
    Reader(testDescription: "sentences", seed: "One. Two!\n我饿了。你呢？\r\n\n3.5 is a number\n") {
      bytes throws(DataError) in
      let sentences = try TextSentences(bytes: bytes, source: "f", cut: .marks)
      #expect(sentences.lines.count == sentences.sentences.count)
    },
    Reader(testDescription: "tokens", seed: "\u{FEFF}the cat, été 你好 🙂\n\nthe dog\n") {
      bytes throws(DataError) in
      for tokenizer in [
        Tokenizer(.words, folding: .lowercase, separatesPunctuation: true), Tokenizer(.characters),
        Tokenizer(.bytes),
      ] {
        let corpus = try TokenCorpus(bytes: bytes, source: "f", tokenizer: tokenizer)
        #expect(corpus.ids(in: 0..<corpus.count).allSatisfy { $0 >= 0 && $0 < corpus.vocabulary.count })
      }
    },
    Reader(testDescription: "vectors", seed: "2 3\nthe 0.1 -2e3 4\ncat 1 2 3\n") { bytes throws(DataError) in
      let vectors = try PretrainedVectors(bytes, source: "f")
      #expect(vectors.words.allSatisfy { vectors[$0]?.count == vectors.dimension })
    },
  ]

  private static func outcome(_ reader: Reader, _ bytes: [UInt8]) -> Bool {
    do {
      try reader.read(bytes)
      return true
    } catch {
      #expect(!error.description.contains("\n") && error.description.hasPrefix("f"))
      return false
    }
  }

  @Test(arguments: readers) func everyCut(_ reader: Reader) {
    let bytes = Array(reader.seed.utf8)
    #expect(Self.outcome(reader, bytes))
    for length in 0..<bytes.count { _ = Self.outcome(reader, Array(bytes[..<length])) }
  }

  @Test(arguments: readers) func randomMutations(_ reader: Reader) {
    var generator = TestGenerator(state: 5)
    let spice = Array("\",;\t|\n\r:#@[]{}-.0eE\u{0}é ".utf8) + [0xFF, 0x80, 0xC3]
    var read = 0
    let count = 3000
    for _ in 0..<count {
      var bytes = Array(reader.seed.utf8)
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        let position = Int.random(in: 0...bytes.count, using: &generator)
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: bytes.insert(spice.randomElement(using: &generator) ?? 0, at: position)
        case 1 where position < bytes.count: bytes.remove(at: position)
        case 2 where position < bytes.count: bytes[position] = UInt8.random(in: 0...255, using: &generator)
        case 3: bytes.insert(contentsOf: bytes[..<position], at: position)
        default: bytes += bytes
        }
      }
      if Self.outcome(reader, bytes) { read += 1 }
    }
    // Both happen, or the mutations would be too timid or too wild.
    #expect(read > 0 && read < count)
  }
}
