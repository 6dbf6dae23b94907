package import RecurrentCore

/// A body whose final states are read, at work: gradients, losses and outputs of one batch after another, in room that is
/// kept.
///
///     s = hidden states of the top layer, each after its own direction's last step    [B, S]
///     outputs = (s, a) Vᵀ + c  +  (x₁, …, x_T, a) Lᵀ + d                              [B, Q]
///
/// x `[T, B, F]` the input, a `[B, A]` what is known of each sequence besides. The second half, a linear path over the whole
/// input, may be left out; with it every sequence has T steps. Rounds and threads are those of ``ModelExecution``, and
/// neither can change a bit.
package final class SummaryExecution<Scalar: TensorScalar> {
  private let loss: Loss
  private let layout: ParameterLayout
  private let pool: WorkerPool
  private let body: LayerExecution<Scalar>
  private let head: LayerExecution<Scalar>
  private let linear: LayerExecution<Scalar>?
  private let plan = SequencePlan()
  /// A row for each sequence, on the thread that has the sequence.
  private let rows = SequencePlan()
  private let pass = GradientPass<Scalar>()
  private let values = Scratch<Scalar>()
  private let symbols = Scratch<Int32>()
  private let summaries = Scratch<Scalar>()
  private let flattened = Scratch<Scalar>()
  private let outputs = Scratch<Scalar>()
  private let lossGradient = Scratch<Scalar>()
  /// ∂L/∂outputs of the body, at any step: nothing reads them.
  private let zeros = Scratch<Scalar>()
  private var zeroCount = 0
  private let sums = Scratch<Double>()
  private let counts = Scratch<Int>()

  /// - Precondition: the body has hidden states; the head reads S + A features, the linear path T F + A.
  package init(
    body: any SequenceLayer<Scalar>, head: Linear<Scalar>, linear: Linear<Scalar>?, loss: Loss,
    layout: ParameterLayout, pool: WorkerPool
  ) {
    (self.loss, self.layout, self.pool) = (loss, layout, pool)
    self.body = body.execution()
    self.head = head.execution()
    self.linear = linear?.execution()
    precondition(self.body.summarySize > 0, "the body has no hidden state to be read")
  }

  /// The gradient of a batch's summed loss, and the loss.
  ///
  /// - Parameters:
  ///   - targets: `[B, Q]`.
  ///   - gradients: set to the gradient, whatever stood there.
  package func gradient(
    of input: SequenceBatch<Scalar>, beside known: Matrix<Scalar>, targets: Matrix<Scalar>,
    parameters: PackedParameters<Scalar>, mode: RunMode, into gradients: inout GradientStore<Scalar>
  ) -> LossSum {
    precondition(
      gradients.store.layout == layout && parameters.layout == layout
        && gradients.store.values.count == layout.count,
      "parameters and gradients must be of the model's layout")
    connect(input, known)
    connectLoss(.values(targets))
    connectBack()
    parameters.withPointers { pointers in
      let round = Round(
        execution: self, known: known, targets: .values(targets), parameters: pointers, mode: mode,
        goesBack: true)
      plan.forEachThread(of: pool, round)
    }
    pass.set(
      &gradients, shape: .init(body: plan.version, outputs: rows.version), isEmpty: plan.shards == 0,
      needsWholeShards: body.needsWholeShards, on: pool
    ) { terms in
      body.addTerms(to: &terms)
      head.addTerms(to: &terms)
      linear?.addTerms(to: &terms)
    }
    return rows.lossSum(sums.base, counts.base)
  }

  /// The loss of a batch as in use.
  package func loss(
    of input: SequenceBatch<Scalar>, beside known: Matrix<Scalar>, targets: Matrix<Scalar>,
    parameters: PackedParameters<Scalar>
  ) -> LossSum {
    connect(input, known)
    connectLoss(.values(targets))
    parameters.withPointers { pointers in
      let round = Round(
        execution: self, known: known, targets: .values(targets), parameters: pointers, mode: .inference,
        goesBack: false)
      plan.forEachThread(of: pool, round)
    }
    return rows.lossSum(sums.base, counts.base)
  }

  /// The outputs of a batch, `[B, Q]`.
  package func outputs(
    of input: SequenceBatch<Scalar>, beside known: Matrix<Scalar>, parameters: PackedParameters<Scalar>
  ) -> Matrix<Scalar> {
    connect(input, known)
    parameters.withPointers { pointers in
      let round = Round(
        execution: self, known: known, targets: nil, parameters: pointers, mode: .inference, goesBack: false)
      plan.forEachThread(of: pool, round)
    }
    return Matrix(
      rows: rows.batchSize, columns: head.outputSize,
      elements: Array(UnsafeBufferPointer(start: outputs.base, count: rows.batchSize * head.outputSize)))
  }

  // MARK: - Where everything stands

  private func connect(_ input: SequenceBatch<Scalar>, _ known: Matrix<Scalar>) {
    let wholeShards = body.needsWholeShards
    let view = plan.take(
      .values(input), pool: pool, wholeShards: wholeShards, work: body.work, values, symbols)
    rows.prepare(oneRowForEachSequenceOf: plan)
    precondition(
      known.rows == plan.batchSize && head.inputSize == body.summarySize + known.columns,
      "known besides [\(known.rows), \(known.columns)], expected [\(plan.batchSize), \(head.inputSize - body.summarySize)]"
    )
    body.connect(plan, view)
    connect(head, summaries)
    if let linear {
      precondition(
        plan.isFull && linear.inputSize == plan.steps * input.features + known.columns,
        "a linear path over \(linear.inputSize) inputs, found \(plan.steps) steps of \(input.features) features and \(known.columns) besides"
      )
      connect(linear, flattened)
    }
    outputs.reserve(rows.batchSize * head.outputSize)
    body.begin(from: .zeros)
  }

  private func connect(_ layer: LayerExecution<Scalar>, _ room: Scratch<Scalar>) {
    room.reserve(rows.batchSize * layer.inputSize)
    layer.connect(
      rows, SequenceView(values: UnsafePointer(room.base), symbols: nil, features: layer.inputSize))
  }

  private func connectLoss(_ targets: LossTargets<Scalar>) {
    loss.require(targets, rows: rows.batchSize, width: head.outputSize)
    lossGradient.reserve(rows.batchSize * head.outputSize)
    sums.reserve(rows.batchSize)
    counts.reserve(rows.batchSize)
  }

  private func connectBack() {
    let gradient = UnsafePointer(lossGradient.base)
    head.connectBack(gradient, needsInputGradient: true)
    linear?.connectBack(gradient, needsInputGradient: false)
    let count = plan.steps * plan.batchSize * body.outputSize
    zeros.reserve(count)
    if zeroCount < count {
      zeros.base.update(repeating: 0, count: count)
      zeroCount = count
    }
    body.connectBack(UnsafePointer(zeros.base), needsInputGradient: false)
    body.beginBack(finalStateGradient: nil)
  }

  // MARK: - What a thread does

  /// The first round of a batch, with the loss where there are targets.
  private struct Round: SharedWork {
    let execution: SummaryExecution
    let known: Matrix<Scalar>
    let targets: LossTargets<Scalar>?
    let parameters: PackedParameters<Scalar>.Pointers
    let mode: RunMode
    let goesBack: Bool

    func share(of thread: Int, among threads: Int) {
      execution.forward(known, parameters, mode, thread)
      if let targets { execution.evaluate(targets, thread) }
      if goesBack { execution.backpropagate(parameters, thread) }
    }
  }

  private func forward(
    _ known: Matrix<Scalar>, _ parameters: PackedParameters<Scalar>.Pointers, _ mode: RunMode, _ thread: Int
  ) {
    body.forward(parameters, mode, thread: thread)
    for b in plan.sequences(of: thread) {
      let row = summaries.base + b * head.inputSize
      body.copySummary(of: b, to: row)
      copy(known, b, to: row + body.summarySize)
    }
    head.forward(parameters, mode, thread: thread)
    let own = rows.sequences(of: thread)
    let (first, count) = (own.lowerBound * head.outputSize, own.count * head.outputSize)
    (outputs.base + first).update(from: head.output + first, count: count)
    guard let linear else { return }
    flatten(known, thread)
    linear.forward(parameters, mode, thread: thread)
    Scalar._add(count, linear.output + first, to: outputs.base + first)
  }

  /// (x₁, …, x_T, a) of every sequence of a thread.
  private func flatten(_ known: Matrix<Scalar>, _ thread: Int) {
    let features = body.inputSize
    for b in plan.sequences(of: thread) {
      let row = flattened.base + b * (plan.steps * features + known.columns)
      for t in 0..<plan.steps {
        (row + t * features).update(
          from: values.base + (t * plan.batchSize + b) * features, count: features)
      }
      copy(known, b, to: row + plan.steps * features)
    }
  }

  private func copy(_ known: Matrix<Scalar>, _ row: Int, to target: UnsafeMutablePointer<Scalar>) {
    known.elements.withUnsafeBufferPointer { source in
      guard let source = source.baseAddress else { return }
      target.update(from: source + row * known.columns, count: known.columns)
    }
  }

  private func evaluate(_ targets: LossTargets<Scalar>, _ thread: Int) {
    loss.evaluate(
      rows.sequences(of: thread),
      LossRows(
        outputs: UnsafePointer(outputs.base), width: head.outputSize, targets: targets, targetRows: nil,
        gradient: lossGradient.base, sums: sums.base, counts: counts.base))
  }

  private func backpropagate(_ parameters: PackedParameters<Scalar>.Pointers, _ thread: Int) {
    head.backpropagate(parameters, thread: thread)
    for b in plan.sequences(of: thread) {
      body.setSummaryGradient(of: b, from: head.inputGradient + b * head.inputSize)
    }
    body.backpropagate(parameters, thread: thread)
  }
}
