internal import RecurrentCore

/// A layer that only knows values, at work: shard by shard through its ``SequenceLayer/forward(_:from:parameters:mode:)``.
/// So whatever a user writes can stand among the layers of this package. It allocates.
final class ValueExecution<Scalar: TensorScalar>: LayerExecution<Scalar> {
  /// What belongs to one shard. Each is touched by one thread.
  private final class Work {
    var run: LayerRun<Scalar>?
    var gradients: ParameterStore<Scalar>?
    var initialStateGradient: LayerState<Scalar>?
  }

  private let layer: any SequenceLayer<Scalar>
  private var start: StartingState<Scalar> = .zeros
  private var finalStateGradient: LayerState<Scalar>?
  private var works: [Work] = []
  private let y = Scratch<Scalar>()
  private let dx = Scratch<Scalar>()

  init(_ layer: any SequenceLayer<Scalar>) {
    self.layer = layer
    super.init(
      inputSize: layer.inputSize, outputSize: layer.outputSize, work: .unknown, needsWholeShards: true,
      drawsMasks: true)
  }

  override var output: UnsafePointer<Scalar> { UnsafePointer(y.base) }
  override var inputGradient: UnsafePointer<Scalar> { UnsafePointer(dx.base) }

  override func connect(_ plan: SequencePlan, _ input: SequenceView<Scalar>) {
    super.connect(plan, input)
    y.reserve(plan.steps * plan.batchSize * outputSize)
    dx.reserve(plan.steps * plan.batchSize * inputSize)
  }

  override func begin(from start: StartingState<Scalar>) {
    if case .carried = start, !works.isEmpty { self.start = .given(finalState) } else { self.start = start }
    works = (0..<plan.shards).map { _ in Work() }
  }

  override func forward(_ parameters: PackedParameters<Scalar>.Pointers, _ mode: RunMode, thread: Int) {
    for (shard, sequences) in plan.shards(of: thread) {
      var state = layer.zeroState(batchSize: sequences.count)
      if case .given(let whole) = start { state = whole.gatheringRows(sequences) }
      let run = layer.forward(
        batch(of: sequences), from: state, parameters: parameters.packed, mode: mode, plan.firstStep)
      copy(run.output, sequences, to: y.base)
      works[shard].run = run
    }
  }

  override func beginBack(finalStateGradient: LayerState<Scalar>?) {
    self.finalStateGradient = finalStateGradient
  }

  override func backpropagate(_ parameters: PackedParameters<Scalar>.Pointers, thread: Int) {
    for (shard, sequences) in plan.shards(of: thread) {
      guard let run = works[shard].run else { preconditionFailure("a way back without a way forward") }
      let final = finalStateGradient.map { $0.gatheringRows(sequences) } ?? run.finalState.zeroed
      var gradients = ParameterStore<Scalar>(zeros: parameters.packed.layout)
      let back = run.pullback(outputGradient(of: sequences, like: run.output), final, &gradients)
      if needsInputGradient { copy(back.input, sequences, to: dx.base) }
      works[shard].gradients = gradients
      works[shard].initialStateGradient = back.initialState
    }
  }

  override func addTerms(to terms: inout [GradientTerm<Scalar>]) {
    let stores = ShardStores<Scalar>()
    stores.stores = works.compactMap { $0.gradients }
    terms.append(
      GradientTerm(kind: .stores(stores), plan: plan, isDescending: true, d: outputGradient, n: 0, row: 0))
  }

  override var finalState: LayerState<Scalar> { .joining(works.compactMap { $0.run?.finalState }) }
  override var initialStateGradient: LayerState<Scalar> {
    .joining(works.compactMap { $0.initialStateGradient })
  }

  /// The input of some sequences; symbols as the one-hot vectors that they stand for.
  private func batch(of sequences: [Int]) -> SequenceBatch<Scalar> {
    let own = sequences.map { plan.lengths[$0] }
    var batch = SequenceBatch<Scalar>(
      zeros: plan.steps, sequences.count, inputSize, lengths: own,
      identifiers: sequences.map { plan.identifiers[$0] })
    forEachRow(sequences) { row, target in
      if let symbols = input.symbols {
        batch.values[target * inputSize + Int(symbols[row])] = 1
      } else {
        for f in 0..<inputSize { batch.values[target * inputSize + f] = input.values[row * inputSize + f] }
      }
    }
    return batch
  }

  private func outputGradient(of sequences: [Int], like output: SequenceBatch<Scalar>) -> SequenceBatch<
    Scalar
  > {
    var gradient = output.blank(features: outputSize)
    forEachRow(sequences) { row, target in
      for f in 0..<outputSize {
        gradient.values[target * outputSize + f] = outputGradient[row * outputSize + f]
      }
    }
    return gradient
  }

  private func copy(
    _ batch: SequenceBatch<Scalar>, _ sequences: [Int], to target: UnsafeMutablePointer<Scalar>
  ) {
    let features = batch.features
    batch.values.withUnsafeBufferPointer { source in
      guard let source = source.baseAddress else { return }
      forEachRow(sequences) { row, own in
        (target + row * features).update(from: source + own * features, count: features)
      }
    }
  }

  /// Rows with data of the whole batch, and where they stand in a batch of these sequences alone.
  private func forEachRow(_ sequences: [Int], _ body: (_ row: Int, _ own: Int) -> Void) {
    for t in 0..<plan.steps {
      for (own, b) in sequences.enumerated() where plan.lengths[b] > t {
        body(t * plan.batchSize + b, t * sequences.count + own)
      }
    }
  }
}

/// A layer that is keyed by the steps of sequences of which a batch may be a part.
protocol PartLayer<Scalar>: SequenceLayer {
  /// - Parameter firstStep: which step of its sequences the input's first one is.
  func forward(
    _ input: SequenceBatch<Scalar>, from initialState: LayerState<Scalar>,
    parameters: PackedParameters<Scalar>, mode: RunMode, firstStep: Int
  ) -> LayerRun<Scalar>
}

extension RecurrentLayer: PartLayer {
  func forward(
    _ input: SequenceBatch<Scalar>, from initialState: LayerState<Scalar>,
    parameters: PackedParameters<Scalar>, mode: RunMode, firstStep: Int
  ) -> LayerRun<Scalar> {
    guard let noise, noise.acts(in: mode) else {
      return forward(input, from: initialState, parameters: parameters, mode: mode)
    }
    return forwardStepwise(
      input, from: initialState, parameters: parameters, mode: mode, firstStep: firstStep)
  }
}

extension SequenceLayer {
  /// A part of longer sequences; to a layer that does not ask which, like any batch.
  fileprivate func forward(
    _ input: SequenceBatch<Scalar>, from initialState: LayerState<Scalar>,
    parameters: PackedParameters<Scalar>, mode: RunMode, _ firstStep: Int
  ) -> LayerRun<Scalar> {
    guard let own = self as? any PartLayer<Scalar> else {
      return forward(input, from: initialState, parameters: parameters, mode: mode)
    }
    return own.forward(
      input, from: initialState, parameters: parameters, mode: mode, firstStep: firstStep)
  }
}

extension LayerState {
  /// The states of the sequences of all `parts`, one after another.
  static func joining(_ parts: [LayerState]) -> LayerState {
    guard let first = parts.first, parts.count > 1 else { return parts.first ?? .none }
    let components = parts.map { Dictionary(uniqueKeysWithValues: $0.components.map { ($0.path, $0.value) }) }
    return first.mapComponents { path, matrix in
      let all = components.compactMap { $0[path] }
      return Matrix(
        rows: all.reduce(0) { $0 + $1.rows }, columns: matrix.columns, elements: all.flatMap { $0.elements })
    }
  }
}
