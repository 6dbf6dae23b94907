import Foundation
import RecurrentNN
import Testing

@Suite("The gradient check's networks")
struct GradientCheckSuiteTests {
  @Test(arguments: [GradientCheckSuite.Extent.smoke, .quick])
  func everyGradientIsRight(_ extent: GradientCheckSuite.Extent) {
    let results = GradientCheckSuite.run(GradientCheckSuite.cases(extent), threads: 2)
    #expect(results.count >= 21)
    for result in results where !result.report.passes() {
      let worst = result.report.worst
      Issue.record("\(result.name): \(worst?.name ?? "nothing checked"), error \(worst?.error ?? .nan)")
    }
  }

  /// Minutes long, so on demand.
  @Test(.enabled(if: ProcessInfo.processInfo.environment["RECURRENT_GRADCHECK_ALL"] != nil))
  func everyGradientOfTheWholeProductIsRight() { everyGradientIsRight(.all) }

  @Test func namesAreDistinct() {
    let names = GradientCheckSuite.cases(.all).map(\.name)
    #expect(Set(names).count == names.count)
    #expect(names.contains("lstm bidirectional 3+2 depth 2 no bias concatenate ragged last softmax"))
  }

  @Test(arguments: [
    "rnn-tanh", "rnn-relu", "rnn-sigmoid", "rnn-identity", "gru-reset-before", "gru-reset-after", "lstm",
    "forward",
    "reverse", "3+3", "3+2", "depth 1", "depth 2", "depth 3", " bias", "no bias", "concatenate", "sum",
    "mean",
    "product", "none", "ragged", "full", " all ", " last ", " first ", "first-and-last", "mask",
    "half-squared-error", "mean-squared-error", "binary-cross-entropy", "softmax", "dropout", "beside",
    "+lstm",
  ])
  func everyValueOfEveryFactorOccursInTheQuickSet(_ value: String) {
    #expect(GradientCheckSuite.cases(.quick).contains { $0.name.contains(value) })
  }

  @Test func theSmokeSetHasEveryCellAndDepth() {
    let names = GradientCheckSuite.cases(.smoke).map(\.name)
    for value in [
      "tanh", "relu", "sigmoid", "identity", "before", "after", "lstm", "depth 1", "depth 2", "depth 3",
    ] {
      #expect(names.contains { $0.contains(value) }, "\(value)")
    }
  }

  @Test func threadsDoNotChangeTheResult() {
    let cases = Array(GradientCheckSuite.cases(.quick).prefix(12))
    let one = GradientCheckSuite.run(cases, threads: 1)
    let three = GradientCheckSuite.run(cases, threads: 3)
    #expect(one.map(\.report) == three.map(\.report))
    #expect(one.map(\.name) == cases.map(\.name))
  }
}
