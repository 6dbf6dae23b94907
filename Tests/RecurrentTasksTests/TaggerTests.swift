import Foundation
import Recurrent
import RecurrentCore
import RecurrentReports
import RecurrentTasks
import Testing

/// Taggers from files: what is learned, kept, resumed and refused.
@Suite struct TaggerTests {
  static func example(_ name: String) throws -> ColumnFile {
    try ColumnFile(
      contentsOf: TestFiles.packageRoot.appendingPathComponent("Examples/text/\(name).conll").path)
  }

  static func small(epochs: Int = 2, label: ColumnKey? = nil) -> TaggerConfiguration {
    var configuration = TaggerConfiguration()
    configuration.labelColumn = label
    (configuration.wordSize, configuration.characterSize, configuration.characterUnits) = (8, 4, 4)
    configuration.layers = [
      .bidirectional(forward: CellConfiguration(.lstm, size: 8), reverse: CellConfiguration(.lstm, size: 8))
    ]
    configuration.training = TrainerOptions(epochs: epochs, batchSize: 16, learningRate: 0.01)
    return configuration
  }

  static func file(_ text: String) throws -> ColumnFile {
    try ColumnFile(Array(text.utf8), source: "t.conll")
  }

  @Test func columnsAndTagsAreFound() throws {
    let english = try TaggerConfiguration().resolved(for: try Self.example("tagged-english"))
    #expect(english.tokenColumn == 1 && english.labelColumn == 3)
    #expect(english.tags == .plain && english.output == .softmax)
    let names = try Self.small(label: 2).resolved(for: try Self.example("tagged-english"))
    #expect(names.tags == .entities(.bio) && names.output == .field)
    let line = "1\tIt\tit\tPRON\t_\t_\t_\t_\t_\t_\n"
    let universal = try TaggerConfiguration().resolved(for: try Self.file(line))
    #expect(universal.tokenColumn == "form" && universal.labelColumn == "upos")
  }

  @Test func learnsTheBundledNames() throws {
    var configuration = Self.small(epochs: 25, label: 2)
    configuration.testShare = 0
    configuration.validationShare = 0
    var run = try TaggerTraining(configuration, file: try Self.example("tagged-english"))
    while try run.next() != nil {}
    let evaluation = try run.model.evaluate(try Self.example("tagged-english"))
    #expect(evaluation.all.count == 410 && evaluation.unknown.count == 0 && evaluation.sentences == 50)
    #expect((evaluation.entities?.overall.f1 ?? 0) > 0.8)
    // Known words' most frequent tags are nearly always right in so small a text.
    #expect(evaluation.all.accuracyByUse > 0.9)
  }

  /// Tags do not depend on the company, nor on threads, and a sentence without words has none.
  @Test func taggingASentence() throws {
    let run = try TaggerTraining(Self.small(label: 2), file: try Self.example("tagged-chinese"))
    let tagger = run.model
    let sentences = [["王", "芳", "去", "北京"], [], ["雪"], ["a", "b", "c", "d", "e", "f"]]
    let many = (0..<20).flatMap { _ in sentences }
    let together = tagger.tag(many, needsProbabilities: true, threads: 3)
    for (index, sentence) in many.enumerated() {
      #expect(tagger.tag([sentence], needsProbabilities: true)[0] == together[index])
      #expect(together[index].tags.count == sentence.count)
      #expect(together[index].probabilities.allSatisfy { $0 > 0 && $0 <= 1 })
    }
  }

  @Test func aResumedRunEndsInTheSameBits() throws {
    let file = try Self.example("tagged-english")
    var whole = try TaggerTraining(Self.small(label: 2), file: file)
    while try whole.next() != nil {}
    var first = try TaggerTraining(Self.small(label: 2), file: file)
    for _ in 0..<4 { _ = try first.next() }
    let state = first.trainer.state
    var second = try TaggerTraining(Self.small(label: 2), file: file, threads: 2)
    #expect(second.fingerprint == first.fingerprint)
    try second.resume(state)
    while try second.next() != nil {}
    #expect(second.trainer.state == whole.trainer.state)
  }

  @Test func whatAFolderKeeps() throws {
    try TestFiles.withFolder { folder in
      var run = try TaggerTraining(Self.small(label: 2), file: try Self.example("tagged-chinese"))
      while try run.next() != nil {}
      let place = RunFolder(folder.path)
      let evaluation = try run.evaluate(threads: 1)
      try place.write(
        RunFiles(
          configuration: try run.configurationBytes(place), model: try run.modelBytes(place),
          report: run.report(evaluation).html(), events: [], log: []))
      let read = try TaggerFolder(folder.path).read()
      #expect(read.configuration == run.configuration && read.vocabulary == run.vocabulary)
      #expect(read.parameters.values == run.model.parameters.values)
      let words = [["张", "丽", "住", "在", "上海"]]
      #expect(read.tag(words) == run.model.tag(words))
    }
  }

  @Test func misplacedTagsAreErrorsOrMended() throws {
    let text = "a\tO\nb\tI-PER\nc\tI-PER\n\nd\tB-PER\n\ne\tO\n"
    var configuration = Self.small()
    configuration.tags = .entities(.bio)
    #expect {
      _ = try TaggerTraining(configuration, file: try Self.file(text))
    } throws: { "\($0)".hasPrefix("t.conll:2:3: ") && "\($0)".contains("I-PER") }
    configuration.repairs = true
    let run = try TaggerTraining(configuration, file: try Self.file(text))
    #expect(run.trainingText.tags[0] == ["O", "B-PER", "I-PER"])
  }

  @Test func anUnknownTagIsAnErrorWithItsPlace() throws {
    let training = try Self.file("a\tX\nb\tY\n\na\tX\n")
    let other = try Self.file("a\tX\n\na\tX\nb\tZ\n")
    #expect {
      _ = try TaggerTraining(Self.small(), file: training, test: other)
    } throws: { "\($0)".hasPrefix("t.conll:4:3: ") && "\($0)".contains("Z") }
    #expect {
      _ = try TaggerTraining(Self.small(), file: try Self.file("a\n\nb\n"))
    } throws: { "\($0)".contains("t.conll:1") }
  }

  /// iob1 is learned as bio and written as iob1.
  @Test func iob1ComesBack() throws {
    let text = (0..<12).map { _ in "a\tI-X\nb\tB-X\nc\tO\nd\tI-X\n\n" }.joined()
    var configuration = Self.small(epochs: 30)
    configuration.testShare = 0
    configuration.validationShare = 0
    (configuration.dropout, configuration.training.learningRate) = (0, 0.05)
    var run = try TaggerTraining(configuration, file: try Self.file(text))
    #expect(run.configuration.scheme == .iob1 && run.vocabulary.tags == ["O", "B-X", "I-X"])
    while try run.next() != nil {}
    #expect(run.model.tag([["a", "b", "c", "d"]])[0].tags == ["I-X", "B-X", "O", "I-X"])
  }

  @Test func vectorsAreWhatWordsBeginWith() throws {
    let vectors = try PretrainedVectors(
      Array("rome 1 2 3 4 5 6 7 8\nnobody 1 1 1 1 1 1 1 1\n".utf8), source: "v.txt")
    let run = try TaggerTraining(
      Self.small(label: 2), file: try Self.example("tagged-english"), vectors: vectors)
    #expect(run.wordsWithVectors == 1)
    let row = try #require(run.vocabulary.words["rome"])
    #expect(run.model.parameters[run.network.words].row(row).elementsEqual([1, 2, 3, 4, 5, 6, 7, 8]))
  }
}
