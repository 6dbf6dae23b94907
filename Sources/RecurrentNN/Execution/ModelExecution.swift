package import RecurrentCore

/// A ``SequenceModel`` at work: the gradients of one batch after another on the threads of a pool, in room that is kept.
///
/// Two rounds a batch. In the first, every thread takes its own sequences through all layers, to the loss and back, and
/// waits for no other; or one thread takes them all, and the others help inside each layer (`WorkSharing`). In the second, the weights' gradients, which are sums over all sequences, are
/// shared out by rows of the weights. Neither can change a bit.
package final class ModelExecution<Scalar: TensorScalar> {
  let model: SequenceModel<Scalar>
  let pool: WorkerPool
  let body: LayerExecution<Scalar>
  let head: LayerExecution<Scalar>?
  let plan = SequencePlan()
  let outputs = OutputRows<Scalar>()
  private let pass = GradientPass<Scalar>()
  private let values = Scratch<Scalar>()
  private let symbols = Scratch<Int32>()
  private let lossGradient = Scratch<Scalar>()
  private let sums = Scratch<Double>()
  private let counts = Scratch<Int>()
  /// The objective, where it is a loss of whole sequences, and the plan of a row for each of them.
  let sequenceLoss: SequenceLossExecution<Scalar>?
  private let sequences = SequencePlan()
  /// The final state of a way that did not end with the body's last steps.
  var keptState: LayerState<Scalar>?
  /// Whether two layers share a parameter, once somebody has asked.
  var knownSharing: Bool?

  package init(_ model: SequenceModel<Scalar>, pool: WorkerPool) {
    self.model = model
    self.pool = pool
    body = model.body.execution()
    head = model.head?.execution()
    if case .rows = model.objective {
      sequenceLoss = nil
    } else {
      sequenceLoss = SequenceLossExecution(model.objective)
    }
  }

  /// Each sequence's state after its last step, of the batch before.
  package var finalState: LayerState<Scalar> { keptState ?? body.finalState }

  /// The gradient of a batch's summed loss, and the loss.
  ///
  /// - Parameters:
  ///   - carriesState: whether the sequences go on where those of the batch before, of as many, ended. Lengths may
  ///     differ; where they do not, nothing is copied.
  ///   - passage: how many steps are held at once, among others; it cannot change a bit of the gradient.
  ///   - gradients: set to the gradient, whatever stood there.
  package func gradient(
    of batch: SequenceModel<Scalar>.Batch, parameters: PackedParameters<Scalar>, mode: RunMode,
    carriesState: Bool = false, passage: Passage = Passage(), into gradients: inout GradientStore<Scalar>
  ) -> LossSum {
    precondition(
      gradients.store.layout == model.layout && parameters.layout == model.layout
        && gradients.store.values.count == model.layout.count,
      "parameters and gradients must be of the model's layout")
    if let segment = passage.segment, batch.source.steps > segment {
      precondition(!carriesState, "a batch in segments is handed its state by name")
      return gradientInSegments(of: batch, parameters, mode, passage, into: &gradients)
    }
    let start = start(of: batch, carriesState: carriesState)
    keptState = nil
    connect(batch, isTraining: mode != .inference, firstStep: passage.firstStep)
    connectLoss(batch.targets, parameters, needsGradient: true)
    begin(from: start)
    connectBack(finalStateGradient: nil)
    run(batch.targets, parameters, mode, .thereAndBack)
    var shape = GradientPass<Scalar>.Shape(body: plan.version, outputs: outputs.plan.version)
    if case .symbols = batch.source { shape.hasSymbols = true }
    pass.set(
      &gradients, shape: shape, isEmpty: plan.shards == 0, needsWholeShards: needsWholeShards, on: pool
    ) { terms in
      body.addTerms(to: &terms)
      head?.addTerms(to: &terms)
      sequenceLoss?.addTerms(over: sequences, to: &terms)
    }
    return lossSum
  }

  /// The loss of a batch as in use: the sum that ``gradient(of:parameters:mode:carriesState:passage:into:)`` gives, without the way
  /// back and without dropout.
  package func loss(
    of batch: SequenceModel<Scalar>.Batch, parameters: PackedParameters<Scalar>, passage: Passage = Passage()
  ) -> LossSum {
    if let segment = passage.segment, batch.source.steps > segment {
      return lossInSegments(of: batch, parameters, passage)
    }
    keptState = nil
    connect(batch, isTraining: false, firstStep: passage.firstStep)
    connectLoss(batch.targets, parameters, needsGradient: false)
    begin(from: batch.initialState.map { .given($0) } ?? .zeros)
    run(batch.targets, parameters, .inference, .toLoss)
    return lossSum
  }

  /// One way through the layers, on every thread that has sequences.
  func run(
    _ targets: LossTargets<Scalar>, _ parameters: PackedParameters<Scalar>, _ mode: RunMode, _ way: Way
  ) {
    parameters.withPointers { pointers in
      plan.forEachThread(
        of: pool, Round(execution: self, targets: targets, parameters: pointers, mode: mode, way: way))
    }
  }

  /// How far a way through the layers goes.
  enum Way {
    /// To the body's outputs.
    case throughBody
    /// To the loss.
    case toLoss
    /// To the loss and back through the head.
    case backThroughHead
    /// To the loss and back through everything.
    case thereAndBack
  }

  private var lossSum: LossSum { lossSum(from: LossSum()) }

  /// - Parameter before: of one shard, the loss of the steps before, with which the sum goes on.
  func lossSum(from before: LossSum) -> LossSum {
    (sequenceLoss == nil ? outputs.plan : sequences).lossSum(sums.base, counts.base, from: before)
  }

  var needsWholeShards: Bool { body.needsWholeShards || head?.needsWholeShards ?? false }

  /// What the sequences start from, before anything is connected: a state is carried where it stands only into a batch
  /// of the same lengths.
  private func start(of batch: SequenceModel<Scalar>.Batch, carriesState: Bool) -> StartingState<Scalar> {
    guard carriesState else { return batch.initialState.map { .given($0) } ?? .zeros }
    precondition(plan.threads > 0, "states are carried from a batch before, but this is the first")
    let isSame =
      keptState == nil && plan.steps == batch.source.steps && plan.lengths == batch.source.lengths
    return isSame ? .carried : .given(finalState)
  }

  /// Settles where everything stands.
  func connect(_ batch: SequenceModel<Scalar>.Batch, isTraining: Bool, firstStep: Int) {
    connectBody(batch.source, firstStep: firstStep)
    outputs.prepare(
      plan, batch.positions ?? model.positions, width: body.outputSize,
      needsIdentifiers: head.map { $0.needsWholeShards || isTraining && $0.drawsMasks } ?? false)
    let gathered = outputs.gathered(from: body.output)
    lossGradient.reserve(outputs.count * width)
    sums.reserve(max(outputs.count, plan.batchSize))
    counts.reserve(max(outputs.count, plan.batchSize))
    head?.connect(outputs.plan, SequenceView(values: gathered, symbols: nil, features: body.outputSize))
  }

  /// The same of the body alone.
  func connectBody(_ source: SequenceInput<Scalar>, firstStep: Int) {
    let view = plan.take(
      source, firstStep: firstStep, pool: pool, wholeShards: needsWholeShards,
      work: body.work + (head?.work ?? LayerWork()), values, symbols)
    body.connect(plan, view)
  }

  /// Features of an output.
  var width: Int { head?.outputSize ?? body.outputSize }

  func connectLoss(
    _ targets: LossTargets<Scalar>, _ parameters: PackedParameters<Scalar>, needsGradient: Bool
  ) {
    if case .rows(let loss) = model.objective {
      loss.require(targets, rows: outputs.count, width: width)
    }
    guard let sequenceLoss else { return }
    sequences.prepare(oneRowForEachSequenceOf: plan)
    outputs.place(sequenceLoss.places)
    sequenceLoss.prepare(
      targets, width: width, sequences: plan.batchSize, workers: pool.threads, parameters: parameters,
      needsGradient: needsGradient)
  }

  func begin(from start: StartingState<Scalar>) {
    body.begin(from: start)
    head?.begin(from: .zeros)
  }

  /// Settles where everything stands on the way back.
  ///
  /// - Parameter finalStateGradient: what the body's final state adds to the loss; `nil`: nothing.
  func connectBack(finalStateGradient: LayerState<Scalar>?) {
    var back = UnsafePointer(lossGradient.base)
    if let head {
      head.connectBack(back, needsInputGradient: true)
      back = head.inputGradient
    }
    body.connectBack(outputs.scattered(from: back), needsInputGradient: false)
    body.beginBack(finalStateGradient: finalStateGradient)
    head?.beginBack(finalStateGradient: nil)
  }

  /// The first round of a batch: what a thread does with its sequences.
  private struct Round: SharedWork {
    let execution: ModelExecution
    let targets: LossTargets<Scalar>
    let parameters: PackedParameters<Scalar>.Pointers
    let mode: RunMode
    let way: Way

    func share(of thread: Int, among threads: Int) {
      execution.forwardBody(parameters, mode, thread)
      if way == .throughBody { return }
      execution.forwardHead(parameters, mode, thread)
      execution.evaluate(targets, thread)
      if way == .toLoss { return }
      execution.backpropagateHead(parameters, thread)
      if way == .thereAndBack { execution.backpropagateBody(parameters, thread) }
    }
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  private func forwardBody(_ parameters: PackedParameters<Scalar>.Pointers, _ mode: RunMode, _ thread: Int) {
    body.forward(parameters, mode, thread: thread)
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  private func forwardHead(_ parameters: PackedParameters<Scalar>.Pointers, _ mode: RunMode, _ thread: Int) {
    outputs.gather(body.output, thread: thread)
    head?.forward(parameters, mode, thread: thread)
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  private func evaluate(_ targets: LossTargets<Scalar>, _ thread: Int) {
    let work = LossWork(execution: self, targets: targets)
    if let sequenceLoss {
      let steps = outputs.count / max(plan.batchSize, 1)
      sequences.forEachRow(of: thread, weights: steps * sequenceLoss.work(width: width), work)
    } else {
      // An exponential is counted as so many multiplications, which only decides from what size on threads are woken.
      outputs.plan.forEachRow(of: thread, weights: 16 * width, work)
    }
  }

  /// The loss of rows, or of sequences, and its gradient.
  private struct LossWork: RowWork {
    let execution: ModelExecution
    let targets: LossTargets<Scalar>

    func work(on rows: SequencePlan.Rows, worker: Int) { execution.evaluate(targets, rows, worker) }
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  private func evaluate(_ targets: LossTargets<Scalar>, _ rows: SequencePlan.Rows, _ worker: Int) {
    let own = rows.first..<rows.first + rows.count
    let source = head?.output ?? outputs.gathered(from: body.output)
    switch model.objective {
    case .rows(let loss):
      loss.evaluate(
        own,
        LossRows(
          outputs: source, width: width, targets: targets, targetRows: outputs.targetRows,
          gradient: lossGradient.base, sums: sums.base, counts: counts.base))
    case .conditionalRandomField, .connectionistTemporalClassification:
      sequenceLoss?.evaluate(
        own, .init(outputs: source, gradient: lossGradient.base, sums: sums.base, counts: counts.base),
        worker: worker)
    }
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  private func backpropagateHead(_ parameters: PackedParameters<Scalar>.Pointers, _ thread: Int) {
    head?.backpropagate(parameters, thread: thread)
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  private func backpropagateBody(_ parameters: PackedParameters<Scalar>.Pointers, _ thread: Int) {
    outputs.scatter(head?.inputGradient ?? UnsafePointer(lossGradient.base), thread: thread)
    body.backpropagate(parameters, thread: thread)
  }
}

extension SequenceModel: ExecutableModel {
  package func execution(on pool: WorkerPool) -> TrainingExecution<Scalar, Batch> {
    let execution = ModelExecution(self, pool: pool)
    return TrainingExecution(
      gradient: { execution.gradient(of: $0, parameters: $1, mode: $2, passage: $3, into: &$4) },
      loss: { execution.loss(of: $0, parameters: $1, passage: $2) },
      finalState: { execution.finalState }, longSequences: execution.longSequences)
  }
}
