import Foundation
import Recurrent
import RecurrentReports
import RecurrentTasks
import Testing

/// Classifiers of texts and of series: they learn, batching and threads change nothing, runs go on to the same bits.
@Suite struct ClassifierTests {
  /// Which of two letters came first, in texts of 1 to 9 letters: only what is remembered to the end tells.
  static func texts(_ count: Int = 96) throws -> ClassifierData {
    var table = ""
    for number in 0..<count {
      var draws = CounterGenerator(seed: 7, purpose: .sampling, step: UInt64(number))
      let rest = (0..<Int.random(in: 0...8, using: &draws)).map { _ in "xyz".randomElement(using: &draws)! }
      table += "\(number % 2 == 0 ? "first-a" : "first-b")\t\(number % 2 == 0 ? "a" : "b")\(String(rest))\n"
    }
    return try ClassifierReading().read(table: Array(table.utf8), source: "texts")
  }

  /// Whether a wave rises or falls at its end, two channels.
  static func series(_ count: Int = 60) throws -> ClassifierData {
    var text = "@dimensions 2\n@classLabel true down up\n@data\n"
    for number in 0..<count {
      let steps = 3 + number % 5
      let slope = number % 2 == 0 ? 1.0 : -1.0
      func channel(_ scale: Double) -> String {
        (0..<steps).map { "\(scale * (Double(number % 7) + slope * Double($0)))" }.joined(separator: ",")
      }
      text += "\(channel(1)):\(channel(100)):\(number % 2 == 0 ? "up" : "down")\n"
    }
    return ClassifierData(
      .series(try LabelledSeries(timeSeries: Array(text.utf8), source: "series")), source: "series")
  }

  static func tiny(epochs: Int = 2) -> ClassifierConfiguration {
    var configuration = ClassifierConfiguration()
    configuration.embeddingSize = 4
    configuration.wordDropout = 0.1
    configuration.dropout = 0.1
    configuration.layers = [
      .bidirectional(
        forward: CellConfiguration(.lstm, size: 5), reverse: CellConfiguration(.gru(.resetAfter), size: 3))
    ]
    configuration.training = TrainerOptions(epochs: epochs, batchSize: 16, learningRate: 0.02)
    return configuration
  }

  private static func trained(
    _ configuration: ClassifierConfiguration, _ data: ClassifierData, threads: Int = 1
  ) throws -> ClassifierTraining {
    var run = try ClassifierTraining(configuration, data: data, threads: threads)
    while try run.next() != nil {}
    return run
  }

  @Test(arguments: ClassifierConfiguration.Summary.allCases)
  func textsAreLearned(_ pooling: ClassifierConfiguration.Summary) throws {
    var configuration = Self.tiny(epochs: 12)
    configuration.pooling = pooling
    let evaluation = try Self.trained(configuration, Self.texts()).evaluate(threads: 1)
    #expect(evaluation.model.score.accuracy == 1)
    #expect(evaluation.baselines.count == 3 && evaluation.part == .heldOut)
    #expect(evaluation.baselines[0].score.accuracy < 0.7)
  }

  @Test func seriesAreLearned() throws {
    var configuration = Self.tiny(epochs: 15)
    configuration.testShare = 0
    let run = try Self.trained(configuration, Self.series())
    let evaluation = try run.evaluate(threads: 1)
    #expect(evaluation.model.score.accuracy == 1 && evaluation.part == .validation)
    #expect(evaluation.noun == "series" && evaluation.baselines.count == 2)
    #expect(!run.model.readsTexts)
  }

  /// A text by itself, among shorter and longer ones, in whatever order and on whatever threads: the same bits.
  @Test func companyAndThreadsChangeNoBit() throws {
    let data = try Self.texts()
    let one = try Self.trained(Self.tiny(), data, threads: 1)
    let two = try Self.trained(Self.tiny(), data, threads: 2)
    #expect(one.model.parameters == two.model.parameters)
    let texts =
      ["axyz", "b", "", "azzzzzzzzzzzzzzzzzz", "unseen é"]
      + (0..<70).map { "b" + String(repeating: "x", count: $0) }
    let together = try one.model.runner(threads: 2).probabilities(of: texts)
    for (text, expected) in zip(texts, together) {
      #expect(try one.model.runner().probabilities(of: [text]) == [expected])
      #expect(abs(expected.reduce(-1, +)) < 1e-12)
    }
    let reversed = try one.model.runner().probabilities(of: texts.reversed())
    #expect(Array(reversed.reversed()) == together)
  }

  @Test func aRunGoesOnToTheSameBits() throws {
    for data in [try Self.texts(), try Self.series()] {
      let whole = try Self.trained(Self.tiny(epochs: 3), data)
      var first = try ClassifierTraining(Self.tiny(epochs: 3), data: data)
      for _ in 0..<7 { _ = try first.next() }
      var second = try ClassifierTraining(Self.tiny(epochs: 3), data: data)
      try second.resume(first.trainer.state)
      while try second.next() != nil {}
      #expect(second.model.parameters == whole.model.parameters)
      #expect(second.fingerprint == whole.fingerprint)
    }
  }

  /// Of all epochs' models the one that classifies most of the validation examples rightly is kept; of equals the first.
  @Test func theFigureChoosesTheEpoch() throws {
    var configuration = Self.tiny(epochs: 8)
    configuration.choice = .figure
    let data = try Self.texts()
    var run = try ClassifierTraining(configuration, data: data)
    var shares: [Double] = []
    while let event = try run.next() {
      guard case .epoch(let record) = event else { continue }
      let model = run.model.with(run.trainer.state.parameters)
      let share = try model.evaluate(try #require(run.validationData)).model.score.accuracy
      #expect(record.judgement == 1 - share)
      shares.append(share)
    }
    let best = try #require(shares.firstIndex(of: shares.max() ?? 0))
    #expect(run.trainer.state.progress.best?.epoch == best + 1)
    // Otherwise nothing would have been chosen.
    #expect(Set(shares).count > 1)
  }

  /// A run that the figure chooses goes on from any update to the same bits; without the judge it does not go on.
  @Test func aJudgedRunGoesOn() throws {
    var configuration = Self.tiny(epochs: 4)
    configuration.choice = .figure
    let data = try Self.texts()
    let whole = try Self.trained(configuration, data)
    var first = try ClassifierTraining(configuration, data: data)
    while first.trainer.state.progress.epoch < 2 { _ = try first.next() }
    var second = try ClassifierTraining(configuration, data: data)
    try second.resume(first.trainer.state)
    while try second.next() != nil {}
    #expect(second.trainer.state.progress.best == whole.trainer.state.progress.best)
    #expect(second.model.parameters == whole.model.parameters)
    #expect(throws: TrainingError.self) {
      var third = try Trainer(
        model: second.network, source: second.trainer.source, validation: second.trainer.validation,
        resuming: first.trainer.state)
      while try third.next() != nil {}
    }
  }

  /// Expected calibration error by hand: answers of confidence 0.9 and 0.7 in two ranges, some right and some wrong.
  @Test func calibrationByHand() throws {
    let (sure, unsure) = ([0.9, 0.1], [0.3, 0.7])
    let evaluation = ClassifierEvaluation(
      [sure, sure, sure, sure, unsure, unsure], targets: [0, 0, 0, 1, 1, 0], labels: ["a", "b"],
      part: .file, noun: "texts", baselines: [])
    // |3/4 − 0.9| of four of six, |1/2 − 0.7| of two.
    let expected = (4 * 0.15 + 2 * 0.2) / 6
    // A few roundings of numbers below 1.
    #expect(abs(evaluation.calibrationError - expected) < 1e-12)
  }

  /// No text stands in two parts, and each class is in every part.
  @Test func equalTextsComeIntoOnePart() throws {
    let table = (0..<60).map { "\($0 % 3 == 0 ? "x" : "y")\ttext \($0 % 20)\n" }.joined()
    let data = try ClassifierReading().read(table: Array(table.utf8), source: "t")
    let run = try ClassifierTraining(Self.tiny(), data: data)
    func texts(_ data: ClassifierData?) -> Set<String> {
      guard case .texts(let texts)? = data?.examples else { return [] }
      return Set(texts.texts)
    }
    let parts = [texts(run.trainingData), texts(run.validationData), texts(run.heldOutData)]
    #expect(parts.allSatisfy { !$0.isEmpty } && parts.map(\.count).reduce(0, +) == 20)
  }

  @Test func aFolderIsReadAsItWasWritten() throws {
    let run = try Self.trained(Self.tiny(), Self.series())
    let path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let folder = RunFolder(path)
    try folder.create()
    try folder.write(
      RunFiles(
        configuration: run.configurationBytes(folder), model: run.modelBytes(folder),
        report: run.report(try run.evaluate(threads: 1)).html(), events: [], log: []))
    let model = try ClassifierFolder(path).read()
    #expect(model.parameters == run.model.parameters && model.labels == ["down", "up"])
    guard case .series(let series) = try Self.series().examples else {
      Issue.record("examples are no series")
      return
    }
    #expect(
      try model.runner().probabilities(of: series) == run.model.runner().probabilities(of: series))
    let (same, others) = (try Self.series(), try Self.series(58))
    #expect(model.isMade(from: same) && !model.isMade(from: others))
    #expect(throws: TaskError.self) { try LanguageModelFolder(path).read() }
  }

  /// Where directions were merged, no end is one direction's own.
  @Test func mergedDirectionsHaveNoEnds() throws {
    var configuration = Self.tiny()
    let cell = CellConfiguration(.lstm, size: 3)
    configuration.layers = [.bidirectional(forward: cell, reverse: cell, merge: .sum)]
    let error = #expect(throws: TaskError.self) {
      try ClassifierTraining(configuration, data: try Self.texts())
    }
    #expect("\(error!)".contains("--merge concatenate"))
    configuration.pooling = .maximum
    _ = try ClassifierTraining(configuration, data: Self.texts())
  }

  @Test func figuresOfAFewAnswers() throws {
    let run = try Self.trained(Self.tiny(), Self.texts())
    let evaluation = try run.evaluate(threads: 1)
    let score = evaluation.model.score
    #expect(evaluation.calibration.map(\.count).reduce(0, +) == score.count)
    #expect((0...1).contains(evaluation.calibrationError) && evaluation.nats > 0)
    #expect(evaluation.table().rows.count == 4 && evaluation.classTable().rows.count == 2)
    #expect(evaluation.confusionTable().rows.count == 2)
  }

  @Test func whatDoesNotFitIsRefused() throws {
    let run = try Self.trained(Self.tiny(), Self.texts())
    func message(_ body: () throws -> Void) -> String {
      do { try body() } catch { return "\(error)" }
      return ""
    }
    let strange = try ClassifierReading().read(table: Array("first-c\tax\n".utf8), source: "strange")
    let unseen = message { _ = try run.model.evaluate(strange) }
    #expect(unseen.contains("strange:1") && unseen.contains("did you mean \"first-a\"?"))
    #expect(
      message { _ = try run.model.evaluate(try Self.series()) }.contains("found series, expected texts"))
    let onlyOne = try ClassifierReading().read(table: Array("a\tx\na\ty\n".utf8), source: "one")
    var configuration = Self.tiny()
    (configuration.validationShare, configuration.testShare) = (0, 0)
    #expect(
      message { _ = try ClassifierTraining(configuration, data: onlyOne) }.contains("two different ones"))
    var reading = ClassifierReading()
    (reading.textColumn, reading.hasHeader) = ("text", false)
    #expect(message { _ = try reading.read(table: [97, 10], source: "t") }.contains("--header yes"))
  }
}
