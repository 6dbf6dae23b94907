public import RecurrentCore
public import RecurrentNN

/// How the sequences of a layer can be cut in time and continued from the state.
public enum Splitting: Sendable {
  /// The earlier part first: layers that run forward.
  case forward
  /// The later part first: layers that run in reverse.
  case reverse
  /// Not at all: two directions, or dropout, whose masks are keyed by the step.
  case impossible
}

/// Whether a layer keeps the contract of ``SequenceLayer``: an empty list, or what is broken, in words.
///
/// On batches of 1, 3 and 5 steps, of which one has sequences of different lengths with a zero among them, from an initial
/// state that is not zero:
///
/// 1. every derivative (parameters, input, initial state) equals central differences, of a loss that contains the final
///    state with a weight for each number (in Double only);
/// 2. a sequence alone gives the same bits as in the batch: output, final state, and gradients of both ends;
/// 3. so it does in another order and with more padding;
/// 4. what stood in the padding, NaN too, changes nothing;
/// 5. a sequence of length 0 gives no output, and its final state is its initial one;
/// 6. no initial state is the state of zeros;
/// 7. gradients are added: taken twice into one store, they are doubled;
/// 8. cut at any step and continued, the whole has the same bits, gradients included (where `splitting` allows).
///
/// - Parameter make: adds the layer's parameters to the layout. Choose sizes that differ from one another and from 4.
public func checkLayer<Scalar: TensorScalar>(
  splitting: Splitting = .impossible, mode: RunMode = .inference,
  _ make: (inout ParameterLayout) -> any SequenceLayer<Scalar>
) -> [String] {
  var layout = ParameterLayout()
  let layer = make(&layout)
  let store = ParameterStore<Scalar>(initializing: layout, seed: 1)
  return withEvery("lengths", in: [[1], [3, 2], [5, 1, 0, 4]]) { lengths in
    let check = LayerCheck(layer: layer, layout: layout, store: store, mode: mode, lengths: lengths)
    return check.derivatives() + check.sequencesAlone() + check.anotherOrder() + check.padding()
      + check.emptySequences() + check.noInitialState() + check.addedGradients() + check.splits(splitting)
  }
}

/// A layer with a batch, and everything that it gives on it.
struct LayerCheck<Scalar: TensorScalar> {
  /// What a layer gives forward and back.
  struct Whole {
    var output: SequenceBatch<Scalar>
    var finalState: LayerState<Scalar>
    var input: SequenceBatch<Scalar>
    var initialState: LayerState<Scalar>
    var gradients: ParameterStore<Scalar>
  }

  let layer: any SequenceLayer<Scalar>
  let layout: ParameterLayout
  let store: ParameterStore<Scalar>
  let mode: RunMode
  let lengths: [Int]
  private let parameters: PackedParameters<Scalar>
  private let input, outputGradient: SequenceBatch<Scalar>
  private let initial, finalGradient: LayerState<Scalar>
  private let whole: Whole

  init(
    layer: any SequenceLayer<Scalar>, layout: ParameterLayout, store: ParameterStore<Scalar>, mode: RunMode,
    lengths: [Int]
  ) {
    self.layer = layer
    self.layout = layout
    self.store = store
    self.mode = mode
    self.lengths = lengths
    parameters = PackedParameters(store)
    var draws = Draws(seed: UInt64(lengths.count))
    let zero = layer.zeroState(batchSize: lengths.count)
    input = draws.batch(lengths: lengths, features: layer.inputSize)
    outputGradient = draws.batch(lengths: lengths, features: layer.outputSize)
    initial = draws.state(like: zero)
    finalGradient = draws.state(like: zero)
    whole = Self.run(
      layer, input, initial, outputGradient, finalGradient, parameters, mode,
      into: ParameterStore(zeros: layout))
  }

  private static func run(
    _ layer: any SequenceLayer<Scalar>, _ input: SequenceBatch<Scalar>, _ initial: LayerState<Scalar>,
    _ outputGradient: SequenceBatch<Scalar>, _ finalGradient: LayerState<Scalar>,
    _ parameters: PackedParameters<Scalar>, _ mode: RunMode, into store: ParameterStore<Scalar>
  ) -> Whole {
    let run = layer.forward(input, from: initial, parameters: parameters, mode: mode)
    var gradients = store
    let back = run.pullback(outputGradient, finalGradient, &gradients)
    return Whole(
      output: run.output, finalState: run.finalState, input: back.input, initialState: back.initialState,
      gradients: gradients)
  }

  private func run(
    _ input: SequenceBatch<Scalar>, _ initial: LayerState<Scalar>, _ outputGradient: SequenceBatch<Scalar>,
    _ finalGradient: LayerState<Scalar>, into store: ParameterStore<Scalar>? = nil
  ) -> Whole {
    Self.run(
      layer, input, initial, outputGradient, finalGradient, parameters, mode,
      into: store ?? ParameterStore(zeros: layout))
  }

  func derivatives() -> [String] {
    guard let layer = layer as? any SequenceLayer<Double> else { return [] }
    let model = SequenceModel(body: layer, positions: .all, loss: .halfSquaredError, layout: layout)
    var draws = Draws(seed: 100)
    let targets: Matrix<Double> = draws.matrix(lengths.reduce(0, +), layer.outputSize)
    let batch = SequenceModel<Double>.Batch(
      input: draws.batch(lengths: lengths, features: layer.inputSize), targets: .values(targets),
      initialState: draws.state(like: layer.zeroState(batchSize: lengths.count)))
    let report = GradientCheck().report(model, on: batch, parameters: ParameterStore(store), mode: mode)
    return report.failing().map {
      "gradient of \($0.name): error \($0.error); element \($0.worstIndex) is \($0.analytic), by differences \($0.numeric)"
    }
  }

  func sequencesAlone() -> [String] {
    lengths.indices.flatMap { b in
      compare("sequence \(b) alone", rows: [b], extraSteps: lengths[b] - (lengths.max() ?? 0))
    }
  }

  func anotherOrder() -> [String] {
    compare("another order and more padding", rows: lengths.indices.reversed(), extraSteps: 2)
  }

  /// The sequences `rows` as a batch of their own with T + `extraSteps` steps, against their part of the whole.
  private func compare(_ what: String, rows: [Int], extraSteps: Int) -> [String] {
    func chosen(_ batch: SequenceBatch<Scalar>) -> SequenceBatch<Scalar> {
      var result = SequenceBatch<Scalar>(
        zeros: batch.steps + extraSteps, rows.count, batch.features, lengths: rows.map { lengths[$0] },
        identifiers: rows.map { batch.identifiers[$0] })
      for (target, source) in rows.enumerated() {
        for t in 0..<lengths[source] {
          for f in 0..<batch.features { result[t, target, f] = batch[t, source, f] }
        }
      }
      return result
    }
    let made = run(
      chosen(input), initial.gatheringRows(rows), chosen(outputGradient), finalGradient.gatheringRows(rows))
    return difference("\(what), output", made.output, chosen(whole.output))
      + difference("\(what), final state", made.finalState, whole.finalState.gatheringRows(rows))
      + difference("\(what), gradient of input", made.input, chosen(whole.input))
      + difference(
        "\(what), gradient of initial state", made.initialState, whole.initialState.gatheringRows(rows))
  }

  func padding() -> [String] {
    // Written after the batch is made, which would zero it.
    func poisoned(_ batch: SequenceBatch<Scalar>) -> SequenceBatch<Scalar> {
      var result = batch
      for t in 0..<batch.steps {
        for (b, length) in lengths.enumerated() where t >= length {
          for f in 0..<batch.features { result[t, b, f] = .nan }
        }
      }
      return result
    }
    let made = run(poisoned(input), initial, poisoned(outputGradient), finalGradient)
    return compare("NaN in the padding", made, whole)
      + difference(
        "padding of the output", whole.output.values, SequenceBatch(zeroing: whole.output).values)
      + difference(
        "padding of the input's gradient", whole.input.values, SequenceBatch(zeroing: whole.input).values)
  }

  func emptySequences() -> [String] {
    let empty = lengths.indices.filter { lengths[$0] == 0 }
    return difference(
      "final state of a sequence of length 0", whole.finalState.gatheringRows(empty),
      initial.gatheringRows(empty))
      + difference(
        "gradient of the initial state of a sequence of length 0", whole.initialState.gatheringRows(empty),
        finalGradient.gatheringRows(empty))
  }

  func noInitialState() -> [String] {
    let without = layer.forward(input, from: nil, parameters: parameters, mode: mode)
    let zero = layer.forward(
      input, from: layer.zeroState(batchSize: lengths.count), parameters: parameters, mode: mode)
    return difference("no initial state, output", without.output, zero.output)
      + difference("no initial state, final state", without.finalState, zero.finalState)
  }

  func addedGradients() -> [String] {
    let twice = run(input, initial, outputGradient, finalGradient, into: whole.gradients).gradients.values
    let expected = whole.gradients.values.map { 2 * $0 }
    // One chain of twice as many terms: rounding grows with their number, some tens here.
    let tolerance = 100 * Double(Scalar.ulpOfOne)
    let error = scaledError(twice, expected)
    return error <= tolerance ? [] : ["gradients taken twice into one store are not doubled: error \(error)"]
  }

  func splits(_ splitting: Splitting) -> [String] {
    guard splitting != .impossible else { return [] }
    return withEvery("cut at step", in: 0...input.steps) { cut in
      let early = 0..<cut
      let late = cut..<input.steps
      let (first, second) = splitting == .forward ? (early, late) : (late, early)
      let opening = layer.forward(input.steps(first), from: initial, parameters: parameters, mode: mode)
      let closing = layer.forward(
        input.steps(second), from: opening.finalState, parameters: parameters, mode: mode)
      var gradients = ParameterStore<Scalar>(zeros: layout)
      let closingBack = closing.pullback(outputGradient.steps(second), finalGradient, &gradients)
      let openingBack = opening.pullback(
        outputGradient.steps(first), closingBack.initialState, &gradients)
      func joined(_ opening: SequenceBatch<Scalar>, _ closing: SequenceBatch<Scalar>) -> [Scalar] {
        splitting == .forward ? opening.values + closing.values : closing.values + opening.values
      }
      return difference("output", joined(opening.output, closing.output), whole.output.values)
        + difference("final state", closing.finalState, whole.finalState)
        + difference(
          "gradient of input", joined(openingBack.input, closingBack.input), whole.input.values)
        + difference("gradient of initial state", openingBack.initialState, whole.initialState)
        + difference("gradients of parameters", gradients.values, whole.gradients.values)
    }
  }

  private func compare(_ what: String, _ made: Whole, _ expected: Whole) -> [String] {
    difference("\(what), output", made.output, expected.output)
      + difference("\(what), final state", made.finalState, expected.finalState)
      + difference("\(what), gradient of input", made.input, expected.input)
      + difference("\(what), gradient of initial state", made.initialState, expected.initialState)
      + difference("\(what), gradients of parameters", made.gradients.values, expected.gradients.values)
  }
}

extension SequenceBatch {
  /// A copy whose padding has been zeroed.
  fileprivate init(zeroing other: SequenceBatch) {
    self = other
    zeroPadding()
  }
}
