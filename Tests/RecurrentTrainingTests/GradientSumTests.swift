import RecurrentCore
import RecurrentNN
import RecurrentTestSupport
import RecurrentTraining
import Testing

@Suite struct GradientSumTests {
  @Test func treeInPlaceHasTheFormOfTheTree() {
    for count in 1...33 {
      // Text shows the form: "((a+b)+c)".
      let leaves = (0..<count).map { "\($0)" }
      let expected = naiveTreeSum(leaves) { $0 = "(\($0)+\($1))" }
      var inPlace = leaves + ["untouched"]
      treeSumInPlace(&inPlace, first: count) { $0 = "(\($0)+\($1))" }
      #expect(inPlace[0] == expected)
      #expect(inPlace[count] == "untouched")
    }
  }

  @Test func everyElementIsChangedOnce() {
    for threads in [1, 2, 3, 5, 8, 16] {
      var elements = [Int](repeating: 100, count: 40)
      parallelUpdate(&elements, first: 37, threads: threads) { index, element in element += index }
      #expect(elements == (0..<40).map { $0 < 37 ? 100 + $0 : 100 })
    }
  }

  /// Ragged batches of 70 make shards of 16, 16, 16, 16 and 6, the last batch of an epoch (29) of 16 and 13.
  @Test(arguments: [2, 3, 5, 8, 16]) func threadsCannotChangeABit(_ threads: Int) throws {
    #expect(try trained(threads: threads, of: Float.self) == trained(threads: 1, of: Float.self))
    #expect(try trained(threads: threads, of: Double.self) == trained(threads: 1, of: Double.self))
  }

  private func trained<Scalar: TensorScalar>(threads: Int, of scalar: Scalar.Type) throws -> TrainingState<
    Scalar
  > {
    let model = try smallModel(of: Scalar.self)
    var trainer = try Trainer(
      model: model, source: NoiseSource<Scalar>(count: 99), validation: NoiseSource<Scalar>(count: 40),
      options: TrainerOptions(epochs: 3, batchSize: 70, learningRate: 0.01, clipping: .norm(0.5)),
      threads: threads)
    _ = try run(&trainer)
    return trainer.state
  }

  /// The gradient that an update sees is that of the mean loss of its batch: plain SGD with rate 1 moves by it.
  @Test func gradientOfABatchIsTheMeanOverItsSequences() throws {
    let model = try smallModel(dropout: 0, of: Double.self)
    let source = NoiseSource<Double>(count: 37)
    let options = TrainerOptions(epochs: 1, batchSize: 37, optimizer: .sgd(), learningRate: 1)
    var trainer = try Trainer(model: model, source: source, options: options)
    let before = trainer.state.parameters
    let packed = PackedParameters(before)
    var sum = ParameterStore<Double>(zeros: model.layout)
    for index in 0..<37 {
      _ = model.accumulateGradients(
        on: source.batch([index]), parameters: packed, mode: .inference, into: &sum)
    }
    _ = try trainer.next()
    for index in before.values.indices {
      // Sums of 37 terms of order 1 in another order.
      #expect(
        abs(before.values[index] - trainer.state.parameters.values[index] - sum.values[index] / 37) <= 1e-14)
    }
  }
}
