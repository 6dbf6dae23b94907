import RecurrentCore
import RecurrentNN
import RecurrentTraining
import Testing

@Suite struct TrainerTests {
  static let line = LineSource(
    examples: (0..<10).map { (index: Int) -> (x: Double, y: Double) in
      let t = Double(index) / 10
      return (x: 1 + t, y: 2 - 2 * t)
    })

  /// Events, losses and the last parameter of plain gradient descent, from a loop written here.
  @Test func equalsALoopByHand() throws {
    let options = TrainerOptions(
      epochs: 3, batchSize: 4, optimizer: .sgd(), learningRate: 0.1, schedule: .step(every: 2, factor: 0.5),
      shuffles: false)
    var trainer = try Trainer(model: LineModel(), source: Self.line, options: options)
    let events = try run(&trainer)
    var expected: [String] = []
    var (w, update) = (0.0, 0)
    for epoch in 1...3 {
      var total = 0.0
      for (batch, range) in [0..<4, 4..<8, 8..<10].enumerated() {
        let examples = Self.line.examples[range]
        var (loss, gradient) = (0.0, 0.0)
        for (x, y) in examples {
          let difference = w * x - y
          loss += difference * difference / 2
          gradient += difference * x / Double(range.count)
        }
        total += loss
        update += 1
        w -= (epoch == 3 ? 0.05 : 0.1) * gradient
        expected.append(
          "\(update) \(epoch) \(batch + 1) \(rounded(loss / Double(range.count))) \(rounded(abs(gradient)))")
      }
      expected.append("epoch \(epoch) \(update) \(rounded(total / 10))")
    }
    expected.append("\(TrainingEvent.stopped(.epochsCompleted))")
    #expect(events.map(text) == expected)
    // Thirty operations of doubles of order 1.
    #expect(abs(trainer.state.parameters.values[0] - w) <= 1e-14)
    #expect(try trainer.next() == nil)
  }

  private func text(_ event: TrainingEvent) -> String {
    switch event {
    case .step(let s):
      "\(s.update) \(s.epoch) \(s.batch) \(rounded(s.loss)) \(rounded(s.gradientNorm))"
    case .epoch(let e): "epoch \(e.epoch) \(e.update) \(rounded(e.trainingLoss))"
    case .skipped, .stopped: "\(event)"
    }
  }

  /// To nine decimals: the sums here are not made in the same order.
  private func rounded(_ value: Double) -> Double { (value * 1e9).rounded() / 1e9 }

  @Test func learns() throws {
    let source = NoiseSource<Float>(count: 48)
    let options = TrainerOptions(epochs: 60, batchSize: 16, learningRate: 0.01)
    var trainer = try Trainer(model: smallModel(dropout: 0, of: Float.self), source: source, options: options)
    _ = try run(&trainer)
    let curve = trainer.state.progress.curve
    #expect(curve.count == 60)
    // Noise can be learnt by heart: 48 targets, 151 parameters.
    #expect(curve[59].trainingLoss < 0.3 * curve[0].trainingLoss)
  }

  @Test func lossOfASourceIsTheSumOverItsExamples() throws {
    let model = try smallModel(of: Double.self)
    let source = NoiseSource<Double>(count: 300, empty: [3, 77])
    let packed = PackedParameters(ParameterStore<Double>(initializing: model.layout, seed: 3))
    let found = model.loss(on: source, parameters: packed, threads: 3)
    let expected = (0..<300).reduce(LossSum()) {
      $0 + model.loss(on: source.batch([$1]), parameters: packed)
    }
    #expect(found.count == 298)
    #expect(expected.count == 298)
    // 300 terms summed in another order.
    #expect(abs(found.sum - expected.sum) <= 1e-12)
    #expect(model.loss(on: source, parameters: packed, threads: 1) == found)
  }

  @Test func everyEpochSeesEveryExampleOnceInAnOrderOfItsOwn() {
    let plan = BatchPlan(count: 103, batchSize: 16, seed: 9)
    #expect(plan.batchCount == 7)
    var orders: Set<[Int]> = []
    for epoch in 0..<5 {
      let order = plan.order(epoch: epoch)
      #expect(order.sorted() == Array(0..<103))
      #expect(order == BatchPlan(count: 103, batchSize: 8, seed: 9).order(epoch: epoch))
      orders.insert(order)
    }
    #expect(orders.count == 5)
    #expect(plan.order(epoch: 0) != BatchPlan(count: 103, batchSize: 16, seed: 10).order(epoch: 0))
    #expect((0..<7).flatMap { Array(plan.range(ofBatch: $0)) } == Array(0..<103))
    #expect(BatchPlan(count: 3, batchSize: 2, seed: 1, shuffles: false).order(epoch: 4) == [0, 1, 2])
  }

  @Test func aBatchWithoutOutputsIsSkippedAndSaidSo() throws {
    let source = NoiseSource<Float>(count: 6, empty: [2, 3])
    let options = TrainerOptions(epochs: 1, batchSize: 2, shuffles: false)
    var trainer = try Trainer(model: smallModel(of: Float.self), source: source, options: options)
    _ = try trainer.next()
    let before = (trainer.state.parameters, trainer.state.optimizer)
    #expect(try trainer.next() == .skipped(epoch: 1, batch: 2))
    #expect(trainer.state.parameters == before.0)
    #expect(trainer.state.optimizer == before.1)
    guard case .step(let step) = try trainer.next() else {
      Issue.record("expected a step")
      return
    }
    #expect(step.update == 2)
    #expect(step.batch == 3)
  }

  @Test func refusesWhatItCannotTrain() throws {
    let model = LineModel()
    func error(_ source: LineSource, _ validation: LineSource?, _ options: TrainerOptions) -> TrainingError? {
      do throws(TrainingError) {
        _ = try Trainer(model: model, source: source, validation: validation, options: options)
        return nil
      } catch { return error }
    }
    let none = LineSource(examples: [])
    #expect(error(none, nil, TrainerOptions()) == .noExamples(source: "training"))
    #expect(error(Self.line, none, TrainerOptions()) == .noExamples(source: "validation"))
    #expect(error(Self.line, nil, TrainerOptions()) == nil)
    for (name, options) in [
      ("epochs", TrainerOptions(epochs: 0)), ("batch size", TrainerOptions(batchSize: -1)),
      ("learning rate", TrainerOptions(learningRate: .nan)),
      ("beta1", TrainerOptions(optimizer: .adam(beta1: 1))),
      ("schedule step", TrainerOptions(schedule: .step(every: 0, factor: 1))),
      ("gradient norm limit", TrainerOptions(clipping: .norm(-1))),
      ("early stopping patience", TrainerOptions(earlyStopping: EarlyStopping(patience: 0))),
    ] {
      guard case .option(let problem) = error(Self.line, nil, options) else {
        Issue.record("\(name) was not refused")
        continue
      }
      #expect(problem.option == name)
    }
  }
}
