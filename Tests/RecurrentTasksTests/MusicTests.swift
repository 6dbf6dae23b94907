import Foundation
import Recurrent
import RecurrentCore
import RecurrentTasks
import RecurrentReports
import RecurrentTestSupport
import Testing

/// Models of music: their loss by hand, what a frame is predicted from, the laws of every task.
@Suite struct MusicTests {
  private static func piece(_ length: Int, from first: Int) -> [[Int]] {
    (0..<length).map { t in t % 4 == 3 ? [] : [60 + (first + t) % 3, 64 + (first + t) % 2, 72] }
  }

  private static func file(_ parts: (train: [[[Int]]], valid: [[[Int]]], test: [[[Int]]])? = nil) throws
    -> PianoRollFile
  {
    let parts =
      parts ?? (
        (0..<5).map { piece(6 + $0, from: $0) }, [piece(7, from: 1)], [piece(5, from: 0), piece(9, from: 2)]
      )
    let text = "{\"train\": \(parts.train), \"valid\": \(parts.valid), \"test\": \(parts.test)}"
    return try PianoRollFile(Array(text.utf8), source: "pieces.json")
  }

  private static func configuration(dropout: Double = 0) -> MusicConfiguration {
    var configuration = MusicConfiguration()
    configuration.layers = [.recurrent(CellConfiguration(.gru(.resetAfter), size: 5))]
    configuration.dropout = dropout
    configuration.training.epochs = 2
    configuration.training.batchSize = 2
    configuration.training.schedule = .constant
    return configuration
  }

  private static func training(
    _ configuration: MusicConfiguration = configuration(), file: PianoRollFile? = nil, threads: Int = 1
  ) throws -> MusicTraining {
    try MusicTraining(
      configuration, file: try file ?? Self.file(), source: "pieces.json", threads: threads)
  }

  private static func model(_ edit: (inout ParameterStore<Float>) -> Void) throws -> MusicModel {
    let training = try training()
    var parameters = ParameterStore<Float>(initializing: training.network.layout, seed: 3)
    edit(&parameters)
    return MusicModel(
      configuration: training.configuration, network: training.network, parameters: parameters)
  }

  // MARK: - The loss

  /// Nothing learned: 88 fair coins a frame.
  @Test func zerosAreFairCoins() throws {
    let model = try Self.model { $0.reset() }
    let score = model.score(try Self.file().test)
    #expect(score.count == 14)
    // log 2 is added 88 times, in double.
    // 88 logarithms in double.
    #expect(abs(score.mean - 88 * log(2.0)) < 1e-10)
  }

  /// −Σ y log σ(z) + (1 − y) log(1 − σ(z)) of logits that do not depend on the past, written as it is read.
  @Test func lossByHand() throws {
    let logits = (0..<88).map { Float($0 % 7) / 2 - 2 }
    let model = try Self.model { parameters in
      parameters.reset()
      guard let bias = parameters.layout.slots.first(where: { $0.name == "output.bias" }) else { return }
      parameters[bias] = Matrix(rows: 1, columns: 88, elements: logits)
    }
    let pieces = try Self.file().test
    var sum = 0.0
    for frame in pieces.flatMap(\.frames) {
      for note in 0..<88 {
        let probability = 1 / (1 + exp(-Double(logits[note])))
        sum -= log(frame.contains(note + 21) ? probability : 1 - probability)
      }
    }
    let score = model.score(pieces)
    // Sums of 88 · 14 terms in another order.
    #expect(abs(score.sum - sum) < 1e-9 * sum && score.count == 14)
  }

  /// Each frame from those before it, the first from a frame of zeros: step by step through a stream.
  @Test func framesArePredictedFromThePast() throws {
    let model = try Self.model { _ in }
    let pieces = try Self.file().test
    var sum = 0.0
    for piece in pieces {
      var stream = try InferenceModel(model.network, parameters: model.parameters).stream()
      var input = [Float](repeating: 0, count: 88)
      var logits: [Float] = []
      for frame in piece.frames {
        stream.step(input, into: &logits)
        for note in 0..<88 {
          let sign = frame.contains(note + 21) ? -1.0 : 1.0
          sum += log1p(exp(sign * Double(logits[note])))
        }
        input = (0..<88).map { frame.contains($0 + 21) ? 1 : 0 }
      }
    }
    let score = model.score(pieces)
    // As above.
    #expect(abs(score.sum - sum) < 1e-9 * sum)
    // Neither the order of pieces nor their company matters, but for the order of a sum in double.
    let single = pieces.reversed().map { model.score([$0]).sum }.reduce(0, +)
    // The same terms piece by piece.
    #expect(abs(single - score.sum) < 1e-12 * sum)
    #expect(model.score(pieces, threads: 3) == score)
  }

  // MARK: - Baselines

  /// One piece of C, C, rest, C: C sounds in 3 of 4 frames, follows itself in 1 of 2 and a rest in 2 of 2; half an occurrence is added.
  @Test func baselinesByHand() throws {
    let file = try Self.file(([[[60], [60], [], [60]]], [[[60]]], [[[60], []]]))
    let found = MusicBaselines(file.training).meanNats(of: file.test)
    let silent = 87 * -log(1 - 0.5 / 5)
    let constant = (-log(3.5 / 5) - log(1 - 3.5 / 5)) / 2 + silent
    // First C after silence, then silence after C.
    let markov = (-log(2.5 / 3) - log(1 - 1.5 / 3)) / 2 + silent
    // Shares and logarithms in double.
    #expect(abs(found.constant - constant) < 1e-12 && abs(found.markov - markov) < 1e-12)
  }

  // MARK: - Training

  @Test func threadsChangeNothing() throws {
    var one = try Self.training(Self.configuration(dropout: 0.3))
    var three = try Self.training(Self.configuration(dropout: 0.3), threads: 3)
    while try one.next() != nil {}
    while try three.next() != nil {}
    #expect(one.trainer.state.parameters == three.trainer.state.parameters)
    #expect(try one.evaluate(threads: 1) == three.evaluate(threads: 3))
    // It has learned something: the trainer's loss is of notes, and falls.
    let curve = one.trainer.state.progress.curve
    #expect(curve.count == 2 && curve[1].trainingLoss < curve[0].trainingLoss)
  }

  @Test func aResumedRunIsTheSame() throws {
    var whole = try Self.training(Self.configuration(dropout: 0.2))
    while try whole.next() != nil {}
    var first = try Self.training(Self.configuration(dropout: 0.2))
    for _ in 0..<4 { _ = try first.next() }
    var second = try Self.training(Self.configuration(dropout: 0.2))
    try second.resume(first.trainer.state)
    while try second.next() != nil {}
    #expect(second.trainer.state.parameters == whole.trainer.state.parameters)
    #expect(second.trainer.state.progress.curve == whole.trainer.state.progress.curve)
  }

  /// Validation and test pieces stay where they are; a piece that would leave the piano is left out.
  @Test func transpositions() throws {
    var configuration = Self.configuration()
    configuration.transpositions = 2
    #expect(try Self.training(configuration).trainer.source.count == 5 * 5)
    #expect(try Self.training(configuration).trainer.validation?.count == 1)
    let high = try Self.file(([[[60]], [[107]]], [[[60]]], [[[60]]]))
    #expect(try Self.training(configuration, file: high).trainer.source.count == 5 + 4)
  }

  @Test func aFolderKeepsTheModel() throws {
    try TestFiles.withFolder { url in
      var training = try Self.training()
      while try training.next() != nil {}
      let folder = RunFolder(url.path)
      let evaluation = try training.evaluate(threads: 1)
      try folder.write(
        RunFiles(
          configuration: try training.configurationBytes(folder), model: try training.modelBytes(folder),
          report: training.report(evaluation).html(), events: [], log: []))
      #expect(folder.schema == MusicFolder.schema)
      let model = try MusicFolder(url.path).read()
      #expect(model.parameters == training.model.parameters)
      #expect(model.configuration == training.configuration)
    }
  }

  @Test func whatReadsAheadIsRefused() throws {
    var configuration = Self.configuration()
    let cell = CellConfiguration(.lstm, size: 3)
    configuration.layers = [.bidirectional(forward: cell, reverse: cell)]
    #expect(throws: TaskError.self) { try Self.training(configuration) }
    let empty = try Self.file(([[[60]]], [[[60]]], [[]]))
    let error = #expect(throws: TaskError.self) { try Self.training(file: empty) }
    #expect("\(error.map { "\($0)" } ?? "")".contains("pieces.json: part 'test' has no piece with a frame"))
  }

  // MARK: - Generating

  @Test func drawsFollowProbabilities() throws {
    let model = try Self.model { parameters in
      parameters.reset()
      guard let bias = parameters.layout.slots.first(where: { $0.name == "output.bias" }) else { return }
      let logits = (21...108).map { [60: 2, 64: 0.5][$0, default: -30] as Float }
      parameters[bias] = Matrix(rows: 1, columns: 88, elements: logits)
    }
    var sure = MusicGenerator(model, prompt: [[60, 64]], temperature: 0)
    #expect(sure.next() == [60, 64])
    func drawn(_ temperature: Double, seed: UInt64 = 1) -> [[Int]] {
      var generator = MusicGenerator(model, prompt: [], temperature: temperature, seed: seed)
      return (0..<2000).map { _ in generator.next() }
    }
    for temperature in [1, 0.5] {
      let frames = drawn(temperature)
      for (note, logit) in [(60, 2.0), (64, 0.5)] {
        let expected = 1 / (1 + exp(-logit / temperature))
        let share = Double(frames.count { $0.contains(note) }) / 2000
        // Four standard deviations.
        #expect(abs(share - expected) < 4 * (expected * (1 - expected) / 2000).squareRoot())
      }
      #expect(frames.allSatisfy { Set($0).isSubset(of: [60, 64]) })
    }
    #expect(drawn(1) == drawn(1) && drawn(1) != drawn(1, seed: 2))
  }
}
