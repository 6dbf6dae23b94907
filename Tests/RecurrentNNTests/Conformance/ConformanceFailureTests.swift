import RecurrentCore
import RecurrentNN
import RecurrentTestSupport
import Testing

/// The contract's checks, shown cells and layers that break it.
@Suite("Breaches of the contract")
struct ConformanceFailureTests {
  /// A cell with one mistake.
  struct BrokenCell: RecurrentCell {
    enum Mistake { case overwrites, stateNotReturned, batchMean }

    let base: SimpleRNNCell<Double>
    let mistake: Mistake

    var inputSize: Int { base.inputSize }
    var outputSize: Int { base.outputSize }

    func zeroState(batchSize: Int) -> HiddenState<Double> { base.zeroState(batchSize: batchSize) }

    func step(
      _ input: Matrix<Double>, state: inout HiddenState<Double>, parameters: PackedParameters<Double>
    ) -> (output: Matrix<Double>, tape: SimpleRNNCell<Double>.Tape) {
      guard mistake == .batchMean else { return base.step(input, state: &state, parameters: parameters) }
      return base.step((1 / Double(input.rows)) * input, state: &state, parameters: parameters)
    }

    func backpropagate(
      _ outputGradient: Matrix<Double>, through tape: SimpleRNNCell<Double>.Tape,
      stateGradient: inout HiddenState<Double>, parameters: PackedParameters<Double>,
      into gradients: inout ParameterStore<Double>
    ) -> Matrix<Double> {
      if mistake == .overwrites { gradients.reset() }
      let dx = base.backpropagate(
        outputGradient, through: tape, stateGradient: &stateGradient, parameters: parameters, into: &gradients
      )
      if mistake == .stateNotReturned { stateGradient = zeroState(batchSize: dx.rows) }
      return dx
    }
  }

  private func failures(_ mistake: BrokenCell.Mistake) -> [String] {
    checkCell { layout in
      BrokenCell(
        base: SimpleRNNCell(inputSize: 3, hiddenSize: 5, named: "rnn", in: &layout), mistake: mistake)
    }
  }

  @Test func overwrittenGradients() {
    #expect(failures(.overwrites).contains { $0.contains("not doubled") })
    #expect(failures(.overwrites).contains { $0.contains("gradient of rnn.weightInput: error") })
  }

  @Test func lostStateGradient() {
    #expect(failures(.stateNotReturned).contains { $0.contains("gradient of initialState.hidden: error") })
  }

  @Test func dependenceOnTheBatch() {
    #expect(failures(.batchMean).contains { $0.contains("sequence 0 alone, output") })
  }

  /// Over padded steps: the function is wrong and its gradients are right, so that only a sequence alone shows it.
  @Test func reverseOverThePadding() {
    struct PaddedReverse: SequenceLayer {
      let base: RecurrentLayer<SimpleRNNCell<Double>>
      var inputSize: Int { base.inputSize }
      var outputSize: Int { base.outputSize }
      func zeroState(batchSize: Int) -> LayerState<Double> { base.zeroState(batchSize: batchSize) }
      func forward(
        _ input: SequenceBatch<Double>, from initialState: LayerState<Double>,
        parameters: PackedParameters<Double>, mode: RunMode
      ) -> LayerRun<Double> {
        let padded = SequenceBatch(
          steps: input.steps, batchSize: input.batchSize, features: input.features, values: input.values)
        let run = base.forward(padded, from: initialState, parameters: parameters, mode: mode)
        @Sendable func cut(_ batch: SequenceBatch<Double>) -> SequenceBatch<Double> {
          SequenceBatch(
            steps: batch.steps, batchSize: batch.batchSize, features: batch.features, values: batch.values,
            lengths: input.lengths)
        }
        return LayerRun(output: cut(run.output), finalState: run.finalState) { dy, dstate, gradients in
          let full = SequenceBatch(
            steps: dy.steps, batchSize: dy.batchSize, features: dy.features, values: dy.values)
          let back = run.pullback(full, dstate, &gradients)
          return LayerGradient(input: cut(back.input), initialState: back.initialState)
        }
      }
    }
    let failures = checkLayer { layout -> any SequenceLayer<Double> in
      PaddedReverse(
        base: RecurrentLayer(
          SimpleRNNCell(inputSize: 3, hiddenSize: 5, named: "rnn", in: &layout), direction: .reverse))
    }
    #expect(failures.contains { $0.contains("sequence 1 alone, output") })
    #expect(!failures.contains { $0.contains("gradient of rnn") })
  }
}
