import Foundation
import RecurrentInterchange
import RecurrentTraining
import Testing

@Suite struct ScheduleTests {
  @Test(arguments: ["constant", "step", "cosine", "warmup", "plateau", "plateau-absolute"])
  func equalsPyTorch(_ name: String) throws {
    let file = try fixture("schedule-\(name)")
    let schedule = try schedule(name, try file.options())
    let expected = try file.doubles(named: "rates")
    let metrics = name.hasPrefix("plateau") ? try file.doubles(named: "metrics") : []
    var state = PlateauState()
    for (count, expected) in expected.enumerated() {
      if count > 0, let rule = schedule.plateauRule {
        rule.observe(metrics[count - 1], base: 0.1, state: &state)
      }
      let update = name == "warmup" ? count : 0
      let found = schedule.rate(base: 0.1, update: update, epoch: count, plateau: state)
      // PyTorch multiplies from step to step where the closed form is one product.
      #expect(abs(found - expected) <= 1e-15, "after \(count)")
    }
  }

  private func schedule(_ name: String, _ options: [String: Any]) throws -> LearningRateSchedule {
    func number(_ name: String) throws -> Double { try #require(options[name] as? Double) }
    func whole(_ name: String) throws -> Int { try #require(options[name] as? Int) }
    switch name {
    case "constant": return .constant
    case "step": return .step(every: try whole("step_size"), factor: try number("gamma"))
    case "cosine": return .cosine(total: try whole("T_max"), minimum: try number("eta_min"))
    case "warmup":
      return .warmUp(updates: try whole("total_iters"), start: try number("start_factor"))
    default:
      let threshold = try number("threshold")
      return .reduceOnPlateau(
        ReduceOnPlateau(
          factor: try number("factor"), patience: try whole("patience"),
          threshold: options["threshold_mode"] as? String == "rel"
            ? .relative(threshold) : .absolute(threshold),
          minimum: try number("min_lr"), cooldown: try whole("cooldown")))
    }
  }

  @Test func cosineStaysAtItsMinimum() {
    let schedule = LearningRateSchedule.cosine(total: 4, minimum: 0.25, unit: .update)
    #expect(schedule.rate(base: 1, update: 0, epoch: 9) == 1)
    #expect(schedule.rate(base: 1, update: 2, epoch: 9) == 0.625)
    #expect(schedule.rate(base: 1, update: 4, epoch: 9) == 0.25)
    #expect(schedule.rate(base: 1, update: 5, epoch: 9) == 0.25)
    #expect(schedule.rate(base: 1, update: 1000, epoch: 9) == 0.25)
  }

  @Test func anotherScheduleFollowsTheWarmUp() {
    let schedule = LearningRateSchedule.warmUp(
      updates: 4, start: 0, then: .step(every: 2, factor: 0.5, unit: .update))
    let rates = (0..<10).map { schedule.rate(base: 8, update: $0, epoch: 0) }
    #expect(rates == [0, 2, 4, 6, 8, 8, 4, 4, 2, 2])
    let byEpoch = LearningRateSchedule.warmUp(updates: 4, start: 0.5, then: .step(every: 1, factor: 0.5))
    #expect(byEpoch.rate(base: 8, update: 3, epoch: 2) == 7)
    #expect(byEpoch.rate(base: 8, update: 4, epoch: 2) == 2)
  }

  @Test func warmUpEndsInAPlateau() {
    let schedule = LearningRateSchedule.warmUp(
      updates: 2, start: 0.5, then: .reduceOnPlateau(ReduceOnPlateau(factor: 0.1, patience: 0)))
    var state = PlateauState()
    schedule.plateauRule?.observe(1, base: 10, state: &state)
    #expect(schedule.rate(base: 10, update: 2, epoch: 1, plateau: state) == 10)
    schedule.plateauRule?.observe(1, base: 10, state: &state)
    #expect(schedule.rate(base: 10, update: 1, epoch: 2, plateau: state) == 7.5)
    #expect(schedule.rate(base: 10, update: 2, epoch: 2, plateau: state) == 1)
  }

  @Test func codesAsItself() throws {
    let schedule = LearningRateSchedule.warmUp(
      updates: 3, start: 0.1, then: .reduceOnPlateau(ReduceOnPlateau(threshold: .absolute(0.3))))
    let data = try JSONEncoder().encode(schedule)
    #expect(try JSONDecoder().decode(LearningRateSchedule.self, from: data) == schedule)
  }

  @Test func refusesNumbersOutOfRange() {
    #expect(LearningRateSchedule.step(every: 0, factor: 0.5).problem?.option == "schedule step")
    #expect(LearningRateSchedule.cosine(total: 0).problem?.option == "schedule total")
    #expect(LearningRateSchedule.warmUp(updates: -1).problem?.option == "warm-up updates")
    let plateau = LearningRateSchedule.reduceOnPlateau(ReduceOnPlateau(factor: 1))
    #expect(LearningRateSchedule.warmUp(updates: 1, then: plateau).problem?.option == "plateau factor")
  }
}
