import Foundation
import RecurrentCore
import RecurrentNN
import RecurrentTraining
import Testing

/// A run stopped after any event and continued from bytes ends in the same bits as one that was never stopped.
@Suite struct ResumeTests {
  static let options: [TrainerOptions] = [
    TrainerOptions(epochs: 3, batchSize: 10, learningRate: 0.01, clipping: .norm(0.3)),
    TrainerOptions(
      epochs: 3, batchSize: 16, optimizer: .sgd(momentum: 0.9, nesterov: true), learningRate: 0.05,
      schedule: .warmUp(updates: 4, then: .cosine(total: 3)), keepsBest: false),
    TrainerOptions(
      epochs: 6, batchSize: 12, optimizer: .rmsprop(momentum: 0.5), learningRate: 0.1,
      schedule: .reduceOnPlateau(ReduceOnPlateau(patience: 0)), clipping: .value(0.1),
      earlyStopping: EarlyStopping(patience: 2), seed: .max),
    TrainerOptions(
      epochs: 2, batchSize: 30, optimizer: .adamW(), schedule: .step(every: 1, factor: 0.3), shuffles: false),
  ]

  @Test(arguments: options) func afterEveryEvent(_ options: TrainerOptions) throws {
    try check(options, of: Float.self)
  }

  @Test func inDoublePrecision() throws { try check(Self.options[2], of: Double.self) }

  private func check<Scalar: TensorScalar>(_ options: TrainerOptions, of scalar: Scalar.Type) throws {
    let model = try smallModel(of: Scalar.self)
    // One batch in four is empty when nothing is shuffled.
    let source = NoiseSource<Scalar>(count: 40, empty: Set(10..<20))
    let validation = NoiseSource<Scalar>(count: 13, steps: 5)
    var whole = try Trainer(model: model, source: source, validation: validation, options: options)
    var events: [TrainingEvent] = []
    var saved = [try Checkpoint.bytes(of: whole.state, configuration: "")]
    while let event = try whole.next() {
      events.append(event)
      saved.append(try Checkpoint.bytes(of: whole.state, configuration: ""))
    }
    #expect(events.count > 5)
    for (done, bytes) in saved.enumerated() {
      let state: TrainingState<Scalar> = try Checkpoint(bytes: bytes).state(layout: model.layout)
      var rest = try Trainer(
        model: model, source: source, validation: validation, resuming: state, threads: 1 + done % 3)
      let restEvents = try run(&rest)
      // A run that is over says once more why.
      #expect(restEvents == (done == events.count ? [events[done - 1]] : Array(events[done...])))
      #expect(rest.state == whole.state, "stopped after \(done) events")
      #expect(try Checkpoint.bytes(of: rest.state, configuration: "") == saved.last)
    }
  }

  /// The other form: any coder, one value.
  @Test func stateIsOneCodableValue() throws {
    let model = try smallModel(of: Float.self)
    let source = NoiseSource<Float>(count: 40)
    var trainer = try Trainer(model: model, source: source, options: Self.options[0])
    for _ in 0..<6 { _ = try trainer.next() }
    let data = try JSONEncoder().encode(trainer.state)
    let state = try JSONDecoder().decode(TrainingState<Float>.self, from: data)
    #expect(state == trainer.state)
    var rest = try Trainer(model: model, source: source, resuming: state)
    _ = try run(&rest)
    _ = try run(&trainer)
    #expect(rest.state == trainer.state)
  }

  @Test func otherDataOrModelAreRefused() throws {
    let model = try smallModel(of: Float.self)
    let state = try Trainer(model: model, source: NoiseSource<Float>(count: 40), options: TrainerOptions())
      .state
    #expect(throws: TrainingError.otherData(found: 41, expected: 40)) {
      try Trainer(model: model, source: NoiseSource<Float>(count: 41), resuming: state)
    }
    let wider = try smallModel(features: 4, of: Float.self)
    #expect(
      throws: TrainingError.otherModel(
        found: "parameter 'rnn.0.forward.weightInput' [12, 4]",
        expected: "parameter 'rnn.0.forward.weightInput' [12, 3]")
    ) {
      try Trainer(model: wider, source: NoiseSource<Float>(count: 40, features: 4), resuming: state)
    }
  }
}
