import RecurrentCore
import RecurrentNN
import RecurrentTraining
import Testing

@Suite struct NotFiniteTests {
  /// Trains until it stops with an error, and checks that the state is the one after the last event.
  private func failure<Model>(_ trainer: inout Trainer<Model>) -> NotFinite? {
    while true {
      let before = trainer.state
      do throws(TrainingError) {
        guard try trainer.next() != nil else { return nil }
      } catch {
        #expect(trainer.state == before)
        guard case .notFinite(let finding) = error else { return nil }
        return finding
      }
    }
  }

  @Test(arguments: [Double.nan, .infinity]) func inputIsFoundByItsExample(_ value: Double) throws {
    // A ReLU lets an infinity through to the loss, where tanh would make it 1.
    var layout = ParameterLayout()
    let body: any SequenceLayer<Double> = try LayerConfiguration.recurrent(
      CellConfiguration(.simple(.relu), size: 4)
    ).makeLayer(inputSize: 3, named: "rnn", in: &layout)
    let head: any SequenceLayer<Double> = try LayerConfiguration.linear(outputs: 1)
      .makeLayer(inputSize: 4, named: "head", in: &layout)
    let model = SequenceModel(
      body: body, positions: .last, head: head, loss: .meanSquaredError, layout: layout)
    let source = NoiseSource<Double>(count: 50, poison: [41: value])
    let options = TrainerOptions(epochs: 2, batchSize: 20)
    for threads in [1, 3] {
      var trainer = try Trainer(model: model, source: source, options: options, threads: threads)
      let finding = try #require(failure(&trainer))
      let place = try #require(trainer.state.progress.plan.order(epoch: 0).firstIndex(of: 41))
      #expect(finding.quantity == .trainingLoss)
      #expect(!finding.value.isFinite)
      #expect(finding.example == 41)
      #expect(finding.epoch == 1)
      #expect(finding.batch == place / 20 + 1)
      #expect(finding.update == place / 20 + 1)
      #expect(trainer.state.parameters.norm.isFinite)
      #expect(finding.origin == .input(step: 0, feature: 0))
      #expect(finding.description.contains("example 41, input feature 0 at step 0"))
      #expect(!finding.description.contains("\n"))
    }
  }

  /// One sequence of fifty makes the recurrence grow beyond the largest number, in the middle of its steps.
  @Test(arguments: [Direction.forward, .reverse]) func anExplosionIsFoundByItsStep(_ direction: Direction)
    throws
  {
    var layout = ParameterLayout()
    let body: any SequenceLayer<Double> = try LayerConfiguration.stack([
      .dropout(rate: 0.2),
      .recurrent(CellConfiguration(.simple(.identity), size: 1, bias: false), direction: direction),
    ]).makeLayer(inputSize: 3, named: "rnn", in: &layout)
    let model = SequenceModel(body: body, positions: .all, loss: .meanSquaredError, layout: layout)
    var parameters = ParameterStore<Double>(initializing: layout, seed: 1)
    let recurrent = try #require(layout.slots.first { $0.name.hasSuffix("weightHidden") })
    parameters.values[recurrent.offset] = 1e100
    let source = ImpulseSource(example: 33, step: 7, size: 1e10)
    let options = TrainerOptions(epochs: 1, batchSize: 20)
    for threads in [1, 3] {
      var trainer = try Trainer(
        model: model, source: source, options: options, parameters: parameters, threads: threads)
      let finding = try #require(failure(&trainer))
      #expect(finding.example == 33)
      // Some 1e10, 1e110, 1e210, and beyond the largest number three steps from the impulse.
      #expect(
        finding.origin
          == .activation(
            layer: "body.1.\(direction)", component: "hidden", step: direction == .forward ? 10 : 4))
    }
  }

  @Test func gradientIsNamedByItsParameter() throws {
    // At w = 0 the loss ½ y² is 5e199, but its gradient −y x is beyond the largest number.
    let source = LineSource(examples: [(x: 0, y: 1), (x: 1e300, y: 1e100)])
    let options = TrainerOptions(epochs: 1, batchSize: 2, optimizer: .sgd(), shuffles: false)
    var trainer = try Trainer(model: LineModel(), source: source, options: options)
    let finding = try #require(failure(&trainer))
    #expect(finding.quantity == .gradient)
    #expect(finding.parameter == "vector")
    #expect(finding.example == 1)
    #expect(finding.batch == 1)
  }

  /// The first step makes w infinite: no example of the next batch is to blame, nor is there a next batch.
  @Test(arguments: [1, 2]) func divergenceIsNamedByTheRuinedParameter(_ batchSize: Int) throws {
    let source = LineSource(examples: [(x: 1, y: 2), (x: 1, y: 2)])
    let options = TrainerOptions(
      epochs: 9, batchSize: batchSize, optimizer: .sgd(), learningRate: .greatestFiniteMagnitude)
    var trainer = try Trainer(model: LineModel(), source: source, options: options)
    let finding = try #require(failure(&trainer))
    #expect(finding.quantity == .parameter)
    #expect(finding.parameter == "vector")
    #expect(finding.epoch == 1)
    #expect(finding.batch == (batchSize == 1 ? 2 : nil))
    #expect(finding.example == nil)
  }

  @Test func validationStopsTheRunToo() throws {
    let source = LineSource(examples: [(x: 1, y: 1)])
    let validation = LineSource(examples: [(x: 1, y: 0), (x: 1, y: .nan)])
    let options = TrainerOptions(epochs: 2, batchSize: 1)
    var trainer = try Trainer(model: LineModel(), source: source, validation: validation, options: options)
    let finding = try #require(failure(&trainer))
    #expect(finding.quantity == .validationLoss)
    #expect(finding.epoch == 1)
    #expect(finding.batch == nil)
    #expect(finding.example == 1)
    #expect(finding.update == 1)
    #expect(trainer.state.progress.curve.isEmpty)
  }

  @Test func anEpochOfNothingIsAnError() throws {
    let source = NoiseSource<Float>(count: 2, empty: [0, 1])
    var trainer = try Trainer(
      model: smallModel(of: Float.self), source: source, options: TrainerOptions(epochs: 1))
    #expect(try trainer.next() == .skipped(epoch: 1, batch: 1))
    #expect(throws: TrainingError.nothingCounted(source: "training", epoch: 1)) { try trainer.next() }
  }
}

/// Fifty sequences of twelve steps, all zero but for one step of one of them.
private struct ImpulseSource: BatchSource {
  let example: Int
  let step: Int
  let size: Double
  let count = 50

  func batch(_ indices: [Int]) -> SequenceModel<Double>.Batch {
    var input = SequenceBatch<Double>(
      zeros: 12, indices.count, 3, lengths: indices.map { $0 == example ? 12 : 1 + $0 % 12 },
      identifiers: indices.map(UInt64.init))
    if let b = indices.firstIndex(of: example) { for f in 0..<3 { input[step, b, f] = size } }
    let rows = SequencePositions.all.rows(lengths: input.lengths, steps: 12)
    return .init(input: input, targets: .values(Matrix(zeros: rows.count, 1)))
  }
}
