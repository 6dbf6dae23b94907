import RecurrentCore
import RecurrentNN
import RecurrentTraining
import Testing

@Suite struct EarlyStoppingTests {
  @Test func patienceAndDelta() {
    let rule = EarlyStopping(patience: 2, minimumDelta: 0.1)
    var state = EarlyStoppingState()
    // 0.95 is better than 1, but not by more than 0.1; 0.8 is; 0.7 is not better than 0.8 by more.
    let stops = [1, 0.95, 0.8, 0.7000001, 0.75].map { rule.observe($0, state: &state) }
    #expect(stops == [false, false, false, false, true])
    #expect(state.reference == 0.8)
  }

  /// Training pulls w to 2, validation wants 1: its loss falls, then rises.
  private func trainer(
    _ options: (inout TrainerOptions) -> Void, validation: Double? = 1
  ) throws -> Trainer<LineModel> {
    var wanted = TrainerOptions(
      epochs: 50, batchSize: 1, optimizer: .sgd(), learningRate: 0.05,
      earlyStopping: EarlyStopping(patience: 3))
    options(&wanted)
    return try Trainer(
      model: LineModel(), source: LineSource(examples: [(x: 1, y: 2)]),
      validation: validation.map { LineSource(examples: [(x: 1, y: $0)]) }, options: wanted)
  }

  @Test func keepsTheBestParameters() throws {
    var trainer = try trainer { _ in }
    let events = try run(&trainer)
    // w(n) = 2 (1 − 0.95ⁿ) is nearest to 1 where 0.95ⁿ is nearest to ½: n = 14 (0.4877; 13 gives 0.5133).
    let state = trainer.state
    #expect(events.last == .stopped(.noImprovement(epochs: 3)))
    #expect(state.progress.best?.epoch == 14)
    #expect(state.progress.epoch == 17)
    var w = 0.0
    for _ in 0..<14 { w += 0.05 * (2 - w) }
    // Fourteen steps of doubles of order 1.
    #expect(abs(state.selectedParameters.values[0] - w) <= 1e-14)
    for _ in 14..<17 { w += 0.05 * (2 - w) }
    #expect(abs(state.parameters.values[0] - w) <= 1e-14)
    #expect(state.progress.curve.map(\.isBest) == (1...17).map { $0 <= 14 })
    #expect(try trainer.next() == nil)
  }

  @Test func withoutKeepingTheLatestAreSelected() throws {
    var trainer = try trainer { $0.keepsBest = false }
    _ = try run(&trainer)
    #expect(trainer.state.bestParameters == nil)
    #expect(trainer.state.selectedParameters == trainer.state.parameters)
    #expect(trainer.state.progress.best?.epoch == 14)
  }

  /// The judge wants w to be ½, which neither loss does; stopping and the kept parameters follow it, in a run that goes on too.
  @Test func theJudgeDecidesInPlaceOfTheLosses() throws {
    func judged(_ trainer: Trainer<LineModel>) -> Trainer<LineModel> {
      var trainer = trainer
      trainer.judge = { abs($0.values[0] - 0.5) }
      return trainer
    }
    var whole = judged(try trainer { $0.isJudged = true })
    let events = try run(&whole)
    // w(n) = 2 (1 − 0.95ⁿ) is nearest to ½ where 0.95ⁿ is nearest to ¾: n = 6 (0.7351; 5 gives 0.7738).
    #expect(whole.state.progress.best?.epoch == 6)
    #expect(events.last == .stopped(.noImprovement(epochs: 3)) && whole.state.progress.epoch == 9)
    var w = 0.0
    for _ in 0..<6 { w += 0.05 * (2 - w) }
    // Six steps of doubles of order 1.
    #expect(abs(whole.state.selectedParameters.values[0] - w) <= 1e-14)
    #expect(whole.state.progress.curve.allSatisfy { $0.decidingLoss == $0.judgement })
    var first = judged(try trainer { $0.isJudged = true })
    for _ in 0..<9 { _ = try first.next() }
    var second = judged(
      try Trainer(
        model: first.model, source: first.source, validation: first.validation, resuming: first.state))
    _ = try run(&second)
    #expect(second.state == whole.state)
  }

  @Test func trainingLossDecidesWithoutValidation() throws {
    var trainer = try trainer({ $0.epochs = 30 }, validation: nil)
    let events = try run(&trainer)
    #expect(events.last == .stopped(.epochsCompleted))
    #expect(trainer.state.progress.best?.epoch == 30)
  }

  @Test func plateauLowersTheRateOfTheRun() throws {
    var trainer = try trainer {
      $0.earlyStopping = nil
      $0.epochs = 20
      $0.schedule = .reduceOnPlateau(ReduceOnPlateau(factor: 0.1, patience: 2, threshold: .absolute(0)))
    }
    _ = try run(&trainer)
    // Epochs 15, 16 and 17 are no better than 14, so epoch 18 is made at a tenth of the rate; that goes on upwards.
    #expect(trainer.state.progress.curve.map(\.rate) == (1...20).map { $0 < 18 ? 0.05 : 0.05 * 0.1 })
  }

  @Test func moreEpochsGoOnAsIfAskedForAtFirst() throws {
    var whole = try trainer { $0.epochs = 9 }
    _ = try run(&whole)
    var part = try trainer { $0.epochs = 4 }
    _ = try run(&part)
    var state = part.state
    state.setEpochs(9)
    var rest = try Trainer(
      model: LineModel(), source: part.source, validation: part.validation, resuming: state)
    _ = try run(&rest)
    #expect(rest.state == whole.state)
  }
}
