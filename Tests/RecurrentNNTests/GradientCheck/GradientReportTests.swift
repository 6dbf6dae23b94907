import Foundation
import RecurrentCore
import RecurrentNN
import Testing

@Suite("The gradient check's report")
struct GradientReportTests {
  private let network = GradientFault.biasGradientOmitted

  @Test func entriesAreParametersThenInputThenState() {
    let names = network.reportWithoutFault().entries.map(\.name)
    #expect(
      names == [
        "body.forward.weightInput", "body.forward.weightHidden", "body.forward.bias", "head.weight",
        "head.bias",
        "input", "initialState.hidden",
      ])
  }

  @Test func theWorstEntryIsTheFaultyOne() {
    let report = network.report()
    #expect(report.worst?.name == "body.forward.bias")
    // The omitted gradient is 0, so its greatest error is the whole of the greatest value.
    #expect(report.worst?.error == 1)
    #expect(report.worst?.analytic == 0)
  }

  @Test func anEmptyReportDoesNotPass() {
    #expect(!GradientReport(entries: []).passes())
    #expect(GradientReport(entries: []).worst == nil)
  }

  @Test func itSurvivesJSON() throws {
    let report = network.report()
    let copy = try JSONDecoder().decode(GradientReport.self, from: JSONEncoder().encode(report))
    #expect(copy == report)
  }

  @Test func notANumberNeverPasses() {
    var layout = ParameterLayout()
    let cell = SimpleRNNCell<Double>(inputSize: 2, hiddenSize: 3, named: "rnn", in: &layout)
    let model = SequenceModel(
      body: RecurrentLayer(cell), positions: .all, loss: .halfSquaredError, layout: layout)
    var input = SequenceBatch<Double>(zeros: 2, 1, 2)
    input[1, 0, 0] = .nan
    let report = GradientCheck().report(
      model, on: .init(input: input, targets: .values(Matrix(zeros: 2, 3))),
      parameters: ParameterStore(initializing: layout, seed: 1))
    #expect(!report.passes())
    #expect(report.worst?.error == .infinity)
  }

  @Test func partsSelectWhatIsChecked() {
    var layout = ParameterLayout()
    let cell = LSTMCell<Double>(inputSize: 2, hiddenSize: 3, named: "lstm", in: &layout)
    let model = SequenceModel(
      body: RecurrentLayer(cell), positions: .last, loss: .halfSquaredError, layout: layout)
    var check = GradientCheck()
    check.parts = [.input, .initialState]
    var input = SequenceBatch<Double>(zeros: 2, 1, 2)
    input.values = [0.1, 0.2, -0.3, 0.4]
    let report = check.report(
      model, on: .init(input: input, targets: .values(Matrix(zeros: 1, 3))),
      parameters: ParameterStore(initializing: layout, seed: 1))
    #expect(report.entries.map(\.name) == ["input", "initialState.hidden", "initialState.cell"])
    #expect(report.entries.map(\.count) == [4, 3, 3])
    #expect(report.passes())
  }
}
