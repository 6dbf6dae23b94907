package import RecurrentCore

/// Back-propagation through sequences of which only a segment is held at once (Chen et al., arXiv:1604.06174; for recurrent
/// networks Gruslys et al., arXiv:1606.03401), to the bits of the whole.
///
///     there:  segment 0, 1, … n − 1     keep the state before each, add the head's gradients
///     back:   segment n − 1, … 1, 0     run again from its state; back from ∂L/∂(state after it); add the body's gradients
///
/// Why it is the same bits: a sequence split anywhere and continued is the unsplit one; a body's weights are summed last step
/// first, a head's first step first, each as one chain in a shard of sequences, and a chain goes on in its place in the store.
/// So shards go one after another, and are added by the tree of the whole. The cost is one more way there.
extension ModelExecution {
  func gradientInSegments(
    of batch: SequenceModel<Scalar>.Batch, _ parameters: PackedParameters<Scalar>, _ mode: RunMode,
    _ passage: Passage, into gradients: inout GradientStore<Scalar>
  ) -> LossSum {
    if let segmentProblem { preconditionFailure("no segments: \(segmentProblem)") }
    let shards = model.shards(of: batch)
    gradients.reset()
    var total = LossSum()
    var states: [LayerState<Scalar>] = []
    // The tree's sums wait on a stack, the lowest in the gradient itself.
    var waiting: [ParameterStore<Scalar>] = []
    for (index, shard) in shards.enumerated() {
      if index == 0 {
        total = total + gradient(ofShard: shard, parameters, mode, passage, into: &gradients.store)
      } else {
        var own = ParameterStore<Scalar>(zeros: model.layout)
        total = total + gradient(ofShard: shard, parameters, mode, passage, into: &own)
        waiting.append(own)
      }
      states.append(finalState)
      var done = index + 1
      while !waiting.isEmpty && (done % 2 == 0 || index == shards.count - 1) {
        let top = waiting.removeLast()
        if waiting.isEmpty {
          gradients.store.add(top)
        } else {
          waiting[waiting.count - 1].add(top)
        }
        done /= 2
      }
    }
    keptState = .joining(states)
    return total
  }

  /// Adds the gradient of one shard of sequences.
  private func gradient(
    ofShard batch: SequenceModel<Scalar>.Batch, _ parameters: PackedParameters<Scalar>, _ mode: RunMode,
    _ passage: Passage, into gradients: inout ParameterStore<Scalar>
  ) -> LossSum {
    let segments = BatchSegments(batch, positions: batch.positions ?? model.positions, passage)
    let pass = GradientPass<Scalar>()
    let last = segments.count - 1
    var loss = LossSum()
    var states: [LayerState<Scalar>?] = [batch.initialState]
    var final: LayerState<Scalar>?
    func run(_ index: Int, _ way: Way, stateGradient: LayerState<Scalar>? = nil) {
      let part = segments.part(index, from: states[index])
      connect(part, isTraining: mode != .inference, firstStep: segments.firstStep(of: index))
      connectLoss(part.targets, parameters, needsGradient: true)
      begin(from: part.initialState.map { .given($0) } ?? .zeros)
      connectBack(finalStateGradient: stateGradient)
      self.run(part.targets, parameters, mode, way)
    }
    func addHead() {
      loss = lossSum(from: loss)
      var terms: [GradientTerm<Scalar>] = []
      head?.addTerms(to: &terms)
      pass.goOn(&gradients, with: terms, on: pool)
    }
    for index in 0..<last {
      run(index, .backThroughHead)
      addHead()
      states.append(body.finalState)
    }
    var stateGradient: LayerState<Scalar>?
    for index in stride(from: last, through: 0, by: -1) {
      run(index, .thereAndBack, stateGradient: stateGradient)
      if index == last {
        addHead()
        final = body.finalState
      }
      var terms: [GradientTerm<Scalar>] = []
      body.addTerms(to: &terms)
      pass.goOn(&gradients, with: terms, on: pool)
      stateGradient = body.initialStateGradient
      states.removeLast()
    }
    keptState = final
    return loss
  }

  func lossInSegments(
    of batch: SequenceModel<Scalar>.Batch, _ parameters: PackedParameters<Scalar>, _ passage: Passage
  ) -> LossSum {
    if let segmentProblem { preconditionFailure("no segments: \(segmentProblem)") }
    var total = LossSum()
    var states: [LayerState<Scalar>] = []
    for shard in model.shards(of: batch) {
      var loss = LossSum()
      let state = there(shard, passage) { part, firstStep in
        connect(part, isTraining: false, firstStep: firstStep)
        connectLoss(part.targets, parameters, needsGradient: false)
        begin(from: part.initialState.map { .given($0) } ?? .zeros)
        run(part.targets, parameters, .inference, .toLoss)
        loss = lossSum(from: loss)
      }
      states.append(state)
      total = total + loss
    }
    keptState = .joining(states)
    return total
  }

  /// Runs the body alone, for ``finalState``.
  package func advance(
    _ batch: SequenceModel<Scalar>.Batch, parameters: PackedParameters<Scalar>, mode: RunMode,
    passage: Passage
  ) {
    let isLong = passage.segment.map { batch.source.steps > $0 } ?? false
    let states = (isLong ? model.shards(of: batch) : [batch]).map { shard in
      there(shard, passage) { part, firstStep in
        connectBody(part.source, firstStep: firstStep)
        body.begin(from: part.initialState.map { .given($0) } ?? .zeros)
        run(part.targets, parameters, mode, .throughBody)
      }
    }
    keptState = .joining(states)
  }

  /// Goes through the segments of a batch, and returns the state after the last.
  private func there(
    _ batch: SequenceModel<Scalar>.Batch, _ passage: Passage,
    _ body: (_ part: SequenceModel<Scalar>.Batch, _ firstStep: Int) -> Void
  ) -> LayerState<Scalar> {
    let segments = BatchSegments(batch, positions: batch.positions ?? model.positions, passage)
    var state = batch.initialState
    for index in 0..<segments.count {
      body(segments.part(index, from: state), segments.firstStep(of: index))
      state = self.body.finalState
    }
    return state ?? .none
  }

  /// Why a batch's sequences cannot be gone through in segments; `nil`: they can.
  package var segmentProblem: String? {
    if model.body.readsAhead { return "the model reads ahead" }
    guard case .rows = model.objective else { return "the loss is one of whole sequences" }
    if needsWholeShards {
      return
        "a layer runs step by step and makes its gradients itself (LayerNormLSTMCell, or one of your own)"
    }
    return sharesParameters ? "two layers share a parameter" : nil
  }

  /// Whether a parameter is in the sums of two layers, whose order is then another one.
  private var sharesParameters: Bool {
    if let known = knownSharing { return known }
    // The terms of an empty batch name the same parameters as those of any other.
    let features = model.body.inputSize
    let nothing = SequenceBatch<Scalar>(zeros: 0, 1, features)
    connect(
      .init(input: nothing, targets: .classes([])), isTraining: false, firstStep: 0)
    connectBack(finalStateGradient: nil)
    var terms: [GradientTerm<Scalar>] = []
    body.addTerms(to: &terms)
    head?.addTerms(to: &terms)
    let isShared = GradientPass.areShared(terms)
    knownSharing = isShared
    return isShared
  }
}
