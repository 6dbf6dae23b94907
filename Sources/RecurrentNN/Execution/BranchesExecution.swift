internal import RecurrentCore

/// Layers side by side over one input, with a merge, at work: the two directions of a bidirectional layer, or any others.
///
/// Where one thread has all sequences and others wait, branches run side by side, if that keeps more of them busy than to
/// cut one branch after another: they share nothing, so that cannot change a bit.
final class BranchesExecution<Scalar: TensorScalar>: LayerExecution<Scalar> {
  private let branches: [LayerExecution<Scalar>]
  private let merge: Merge
  private let isBidirectional: Bool
  private let y = Scratch<Scalar>()
  /// ∂L/∂output of each branch, where the merge does not hand on the whole.
  private let parts: [Scratch<Scalar>]
  private let dx = Scratch<Scalar>()

  init(_ branches: [LayerExecution<Scalar>], merge: Merge, isBidirectional: Bool) {
    self.branches = branches
    self.merge = merge
    self.isBidirectional = isBidirectional
    parts = branches.map { _ in Scratch() }
    super.init(
      inputSize: branches[0].inputSize, outputSize: merge.outputSize(branches.map { $0.outputSize }),
      work: branches.reduce(LayerWork()) { $0 + $1.work },
      needsWholeShards: branches.contains { $0.needsWholeShards },
      drawsMasks: branches.contains { $0.drawsMasks })
  }

  override func elementsPerRow(needsInputGradient: Bool) -> Int {
    branches.reduce(outputSize + (needsInputGradient ? inputSize : 0)) {
      $0 + $1.outputSize + $1.elementsPerRow(needsInputGradient: needsInputGradient)
    }
  }

  override var output: UnsafePointer<Scalar> { UnsafePointer(y.base) }
  override var inputGradient: UnsafePointer<Scalar> { UnsafePointer(dx.base) }

  override func connect(_ plan: SequencePlan, _ input: SequenceView<Scalar>) {
    super.connect(plan, input)
    for branch in branches { branch.connect(plan, input) }
    y.reserve(plan.steps * plan.batchSize * outputSize)
  }

  override func begin(from start: StartingState<Scalar>) {
    guard case .given(let state) = start else {
      for branch in branches { branch.begin(from: start) }
      return
    }
    let states = branchStates(state)
    for place in branches.indices { branches[place].begin(from: .given(states[place])) }
  }

  override func forward(_ parameters: PackedParameters<Scalar>.Pointers, _ mode: RunMode, thread: Int) {
    forEachBranch(BranchWork(branches: branches, parameters: parameters, mode: mode, thread: thread))
    plan.forEachRow(of: thread, weights: outputSize, MergeWork(layer: self, kind: .merge))
  }

  override func connectBack(_ outputGradient: UnsafePointer<Scalar>, needsInputGradient: Bool) {
    super.connectBack(outputGradient, needsInputGradient: needsInputGradient)
    for place in branches.indices {
      let (branch, part) = (branches[place], parts[place])
      if merge == .sum {
        branch.connectBack(outputGradient, needsInputGradient: needsInputGradient)
        continue
      }
      part.reserve(plan.steps * plan.batchSize * branch.outputSize)
      branch.connectBack(UnsafePointer(part.base), needsInputGradient: needsInputGradient)
    }
    if needsInputGradient { dx.reserve(plan.steps * plan.batchSize * inputSize) }
  }

  override func beginBack(finalStateGradient: LayerState<Scalar>?) {
    let states = finalStateGradient.map(branchStates)
    for place in branches.indices { branches[place].beginBack(finalStateGradient: states?[place]) }
  }

  override func backpropagate(_ parameters: PackedParameters<Scalar>.Pointers, thread: Int) {
    plan.forEachRow(of: thread, weights: outputSize, MergeWork(layer: self, kind: .split))
    forEachBranch(BranchWork(branches: branches, parameters: parameters, mode: nil, thread: thread))
    if needsInputGradient {
      plan.forEachRow(of: thread, weights: inputSize, MergeWork(layer: self, kind: .addInputGradients))
    }
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  fileprivate func addInputGradients(_ rows: SequencePlan.Rows) {
    let (dx, size) = (dx.base, inputSize)
    for place in branches.indices {
      let branch = branches[place]
      let source = branch.inputGradient
      rows.forEach { row in
        if place == 0 {
          (dx + row * size).update(from: source + row * size, count: size)
        } else {
          Scalar._add(size, source + row * size, to: dx + row * size)
        }
      }
    }
  }

  override func addTerms(to terms: inout [GradientTerm<Scalar>]) {
    for branch in branches { branch.addTerms(to: &terms) }
  }

  /// The branches whose states are read: both directions, or of other branches the last that has any, as of layers.
  private var summarised: ArraySlice<LayerExecution<Scalar>> {
    if isBidirectional { return branches[...] }
    return branches.lastIndex { $0.summarySize > 0 }.map { branches[$0...$0] } ?? []
  }

  override var summarySize: Int { summarised.reduce(0) { $0 + $1.summarySize } }

  override func copySummary(of sequence: Int, to target: UnsafeMutablePointer<Scalar>) {
    var first = 0
    for branch in summarised {
      branch.copySummary(of: sequence, to: target + first)
      first += branch.summarySize
    }
  }

  override func setSummaryGradient(of sequence: Int, from source: UnsafePointer<Scalar>) {
    var first = 0
    for branch in summarised {
      branch.setSummaryGradient(of: sequence, from: source + first)
      first += branch.summarySize
    }
  }

  override var finalState: LayerState<Scalar> { joined(branches.map { $0.finalState }) }
  override var initialStateGradient: LayerState<Scalar> { joined(branches.map { $0.initialStateGradient }) }

  private func joined(_ states: [LayerState<Scalar>]) -> LayerState<Scalar> {
    isBidirectional ? .bidirectional(forward: states[0], reverse: states[1]) : .layers(states)
  }

  private func branchStates(_ state: LayerState<Scalar>) -> [LayerState<Scalar>] {
    guard isBidirectional else { return state.layerStates(count: branches.count, "parallel layers") }
    guard case .bidirectional(let forward, let reverse) = state else {
      preconditionFailure("bidirectional layer: expected a state of two directions, found \(state.kind)")
    }
    return [forward, reverse]
  }

  /// Whether waiting threads take branches of their own: where each branch in turn does not keep more of them busy.
  private func runsSideBySide(on pool: WorkerPool) -> Bool {
    // A loop, since a closure would be an allocation.
    for branch in branches where plan.cut(branch.work)?.count ?? 1 <= branches.count {
      return pool.sharers(of: plan.rowCount * work.weights) > 1
    }
    return false
  }

  private func forEachBranch(_ work: BranchWork<Scalar>) {
    if let pool = plan.idlePool, runsSideBySide(on: pool) {
      pool.run(work)
    } else {
      work.share(of: 0, among: 1)
    }
  }
}

/// The way forward or back of all branches. A worker's share is every n-th branch, of the sequences of one thread.
private struct BranchWork<Scalar: TensorScalar>: SharedWork {
  let branches: [LayerExecution<Scalar>]
  let parameters: PackedParameters<Scalar>.Pointers
  /// `nil`: the way back.
  let mode: RunMode?
  let thread: Int

  func share(of worker: Int, among workers: Int) {
    for place in stride(from: worker, to: branches.count, by: workers) {
      if let mode {
        branches[place].forward(parameters, mode, thread: thread)
      } else {
        branches[place].backpropagate(parameters, thread: thread)
      }
    }
  }
}

/// What is done between the branches and the layers around them.
private struct MergeWork<Scalar: TensorScalar>: RowWork {
  enum Kind { case merge, split, addInputGradients }
  let layer: BranchesExecution<Scalar>
  let kind: Kind

  func work(on rows: SequencePlan.Rows, worker: Int) {
    switch kind {
    case .merge: layer.merge(rows)
    case .split: layer.split(rows)
    case .addInputGradients: layer.addInputGradients(rows)
    }
  }
}

extension BranchesExecution {
  /// The merge of the branches' outputs, branch after branch.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  fileprivate func merge(_ rows: SequencePlan.Rows) {
    let (y, width) = (y.base, outputSize)
    var first = 0
    for place in branches.indices {
      let branch = branches[place]
      let (source, size) = (branch.output, branch.outputSize)
      switch merge {
      case .concatenate, .none:
        rows.forEach { row in
          (y + row * width + first).update(from: source + row * size, count: size)
        }
        first += size
      case _ where place == 0:
        rows.forEach { (y + $0 * size).update(from: source + $0 * size, count: size) }
      case .sum, .mean:
        rows.forEach { Scalar._add(size, source + $0 * size, to: y + $0 * size) }
      case .product:
        rows.forEach {
          Scalar._hadamard(size, y + $0 * size, source + $0 * size, y + $0 * size)
        }
      }
    }
    if merge == .mean {
      let share = 1 / Scalar(branches.count)
      rows.forEach { Scalar._scale(width, share, y + $0 * width) }
    }
  }

  /// What of the merged output's gradient is each branch's. A sum hands it on as it is.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  fileprivate func split(_ rows: SequencePlan.Rows) {
    if merge == .sum { return }
    let (dy, width) = (outputGradient, outputSize)
    let isWide = merge == .concatenate || merge == .none
    var first = 0
    for place in parts.indices {
      let part = parts[place]
      let (target, size) = (part.base, branches[place].outputSize)
      rows.forEach { row in
        (target + row * size).update(from: dy + row * width + first, count: size)
      }
      if isWide { first += size }
      if merge == .mean {
        let share = 1 / Scalar(branches.count)
        rows.forEach { Scalar._scale(size, share, target + $0 * size) }
      } else if merge == .product {
        for other in branches.indices where other != place {
          let factor = branches[other].output
          rows.forEach {
            Scalar._hadamard(size, target + $0 * size, factor + $0 * size, target + $0 * size)
          }
        }
      }
    }
  }
}

extension Parallel: ExecutableLayer {
  func makeExecution() -> LayerExecution<Scalar> {
    BranchesExecution(branches.map { $0.execution() }, merge: merge, isBidirectional: false)
  }
}

extension Bidirectional: ExecutableLayer {
  func makeExecution() -> LayerExecution<Scalar> {
    BranchesExecution(
      [forwardLayer.execution(), reverseLayer.execution()], merge: merge, isBidirectional: true)
  }
}

extension RecurrentLayer: ExecutableLayer {
  func makeExecution() -> LayerExecution<Scalar> {
    if let own = cell as? any SweptCell<Scalar> { return own.makeSweep(direction, noise: noise) }
    return ValueExecution(self)
  }
}
