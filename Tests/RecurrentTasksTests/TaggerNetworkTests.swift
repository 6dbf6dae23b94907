import Recurrent
import RecurrentCore
import RecurrentNN
import RecurrentTasks
import Testing

/// The tagger's network: gradients, and that neither batch nor threads change a bit.
@Suite struct TaggerNetworkTests {
  static func configuration(_ output: TaggerConfiguration.Output) -> TaggerConfiguration {
    var configuration = TaggerConfiguration()
    (configuration.wordSize, configuration.characterSize, configuration.characterUnits) = (3, 2, 2)
    configuration.layers = [
      .bidirectional(forward: CellConfiguration(.lstm, size: 3), reverse: CellConfiguration(.lstm, size: 2))
    ]
    (configuration.dropout, configuration.output) = (0.3, output)
    return configuration
  }

  static func network<Scalar: TensorScalar>(
    _ output: TaggerConfiguration.Output, of scalar: Scalar.Type
  ) throws -> TaggerNetwork<Scalar> {
    try TaggerNetwork(
      configuration(output), words: 6, characters: 5, tags: 3,
      constraints: try TransitionConstraints.bio(["O", "B-X", "I-X"]))
  }

  /// Seven forms: of no, one and more characters, two of them of the unknown row.
  static let forms: WordForms = {
    var forms = WordForms()
    let spellings: [[Int32]] = [[1, 2], [3], [], [4, 4, 1, 2], [2, 3, 1], [1], [1, 1]]
    for (number, spelling) in spellings.enumerated() {
      forms.append(
        row: Int32(number % 6), characters: spelling, replacement: number.isMultiple(of: 2) ? 0.4 : 0)
    }
    return forms
  }()

  /// Ragged sentences, an empty one, a word twice in one and in two.
  static func batch<Scalar: TensorScalar>(
    _ copies: Int = 1, of scalar: Scalar.Type
  ) -> TaggerNetwork<Scalar>.Batch {
    let sentences: [[Int32]] = [[0, 1, 0, 2], [], [3], [4, 5, 6, 0, 3], [1, 1]]
    let tags = [[1, 2, 0, 1], [], [0], [0, 1, 2, 2, 0], [1, 2]]
    let all = (0..<copies).flatMap { _ in sentences }
    return TaggerNetwork.Batch(
      forms: forms, sentences: all, tags: (0..<copies).flatMap { _ in tags },
      identifiers: all.indices.map { UInt64($0) })
  }

  @Test(arguments: TaggerConfiguration.Output.allCases)
  func gradientAgreesWithDifferences(output: TaggerConfiguration.Output) throws {
    let network = try Self.network(output, of: Double.self)
    let batch = Self.batch(of: Double.self)
    var store = ParameterStore<Double>(initializing: network.layout, seed: 3)
    // A field begins with zeros; elsewhere its gradient says more.
    for index in store.values.indices where store.values[index] == 0 {
      store.values[index] = Double(index % 7) / 10 - 0.3
    }
    for mode in [RunMode.inference, .training(seed: 5, update: 2)] {
      func loss(_ store: ParameterStore<Double>) -> Double {
        var unused = ParameterStore<Double>(zeros: network.layout)
        return network.accumulateGradients(
          on: batch, parameters: PackedParameters(store), mode: mode, into: &unused
        ).sum
      }
      var gradient = ParameterStore<Double>(zeros: network.layout)
      _ = network.accumulateGradients(
        on: batch, parameters: PackedParameters(store), mode: mode, into: &gradient)
      var moved = store
      var worst = 0.0
      for index in store.values.indices {
        let step = 1e-5
        moved.values[index] = store.values[index] + step
        let above = loss(moved)
        moved.values[index] = store.values[index] - step
        let below = loss(moved)
        moved.values[index] = store.values[index]
        let expected = (above - below) / (2 * step)
        worst = max(
          worst, abs(gradient.values[index] - expected) / max(1, abs(expected)))
      }
      // Central differences of step 1e-5 in double: h² / 6 of curvatures of size 1, and 1e-16 / h.
      #expect(worst <= 1e-7, "\(output), \(mode): \(worst)")
      #expect(gradient.norm > 0.1)
    }
  }

  @Test func lossIsTheSameWithAndWithoutGradient() throws {
    for output in TaggerConfiguration.Output.allCases {
      let network = try Self.network(output, of: Float.self)
      let packed = PackedParameters(ParameterStore<Float>(initializing: network.layout, seed: 1))
      let batch = Self.batch(of: Float.self)
      var gradient = ParameterStore<Float>(zeros: network.layout)
      let value = network.accumulateGradients(
        on: batch, parameters: packed, mode: .inference, into: &gradient)
      let other = network.loss(on: batch, parameters: packed)
      #expect(value.sum == other.sum && value.count == other.count && value.count == 12)
    }
  }

  @Test func aSentenceAloneIsWhatItIsInABatch() throws {
    let network = try Self.network(.field, of: Float.self)
    let packed = PackedParameters(ParameterStore<Float>(initializing: network.layout, seed: 1))
    let batch = Self.batch(7, of: Float.self)
    let together = network.emissions(of: batch, parameters: packed)
    for index in batch.sentences.indices {
      let alone = TaggerNetwork<Float>.Batch(
        forms: Self.forms, sentences: [batch.sentences[index]], tags: [batch.tags[index]],
        identifiers: [batch.identifiers[index]])
      #expect(network.emissions(of: alone, parameters: packed)[0] == together[index])
    }
  }

  /// Dropout and replaced words of a sentence are drawn by its number, wherever it stands.
  @Test func whatIsDrawnBelongsToTheSentence() throws {
    let network = try Self.network(.softmax, of: Double.self)
    let packed = PackedParameters(ParameterStore<Double>(initializing: network.layout, seed: 1))
    let batch = Self.batch(of: Double.self)
    func loss(_ order: [Int], update: UInt64 = 0) -> Double {
      var unused = ParameterStore<Double>(zeros: network.layout)
      let own = TaggerNetwork<Double>.Batch(
        forms: Self.forms, sentences: order.map { batch.sentences[$0] }, tags: order.map { batch.tags[$0] },
        identifiers: order.map { batch.identifiers[$0] })
      return network.accumulateGradients(
        on: own, parameters: packed, mode: .training(seed: 1, update: update), into: &unused
      ).sum
    }
    let parts = (0..<5).reduce(0) { $0 + loss([$1]) }
    // The same five losses in another order.
    #expect(abs(parts - loss([4, 3, 2, 1, 0])) < 1e-12)
    #expect(loss([3]) != loss([3], update: 1))
  }

  @Test func threadsAndShards() throws {
    let network = try Self.network(.field, of: Float.self)
    let source = Examples(batch: Self.batch(8, of: Float.self))
    let options = TrainerOptions(epochs: 2, batchSize: 40, learningRate: 0.01)
    func trained(_ threads: Int) throws -> [Float] {
      var trainer = try Trainer(model: network, source: source, options: options, threads: threads)
      while try trainer.next() != nil {}
      return trainer.state.parameters.values
    }
    #expect(try trained(1) == trained(3))
    #expect(network.shards(of: source.batch(Array(0..<40))).map(\.sentences.count) == [16, 16, 8])
  }

  struct Examples: BatchSource {
    let batch: TaggerNetwork<Float>.Batch
    var count: Int { batch.sentences.count }
    func batch(_ indices: [Int]) -> TaggerNetwork<Float>.Batch {
      TaggerNetwork.Batch(
        forms: batch.forms, sentences: indices.map { batch.sentences[$0] },
        tags: indices.map { batch.tags[$0] }, identifiers: indices.map { UInt64($0) })
    }
  }
}
