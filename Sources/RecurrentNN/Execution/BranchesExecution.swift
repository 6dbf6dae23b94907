internal import RecurrentCore

/// Layers side by side over one input, with a merge, at work: the two directions of a bidirectional layer, or any others.
///
/// Where one thread has all sequences and others wait, branches run side by side: they share nothing, so that cannot
/// change a bit.
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
      inputSize: branches[0].inputSize, outputSize: merge.outputSize(branches.map { $0.outputSize }))
  }

  override var needsWholeShards: Bool { branches.contains { $0.needsWholeShards } }
  override var drawsMasks: Bool { branches.contains { $0.drawsMasks } }
  override var output: UnsafePointer<Scalar> { UnsafePointer(y.base) }
  override var inputGradient: UnsafePointer<Scalar> { UnsafePointer(dx.base) }

  override func connect(_ plan: SequencePlan, _ input: SequenceView<Scalar>) {
    super.connect(plan, input)
    for branch in branches { branch.connect(plan, input) }
    for case let branch as CellSweep<Scalar> in branches where runsSideBySide { branch.mayShareUnits = false }
    y.reserve(plan.steps * plan.batchSize * outputSize)
  }

  override func begin(from start: StartingState<Scalar>) {
    guard case .given(let state) = start else {
      for branch in branches { branch.begin(from: start) }
      return
    }
    for (branch, own) in zip(branches, branchStates(state)) { branch.begin(from: .given(own)) }
  }

  override func forward(_ parameters: PackedParameters<Scalar>.Pointers, _ mode: RunMode, thread: Int) {
    forEachBranch { branches[$0].forward(parameters, mode, thread: thread) }
    plan.forEachRow(of: thread) { row in
      merge.merge(
        branches.count, { (branches[$0].output + row * branches[$0].outputSize, branches[$0].outputSize) },
        to: y.base + row * outputSize, outputSize)
    }
  }

  override func connectBack(_ outputGradient: UnsafePointer<Scalar>, needsInputGradient: Bool) {
    super.connectBack(outputGradient, needsInputGradient: needsInputGradient)
    for (branch, part) in zip(branches, parts) {
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
    for (place, branch) in branches.enumerated() { branch.beginBack(finalStateGradient: states?[place]) }
  }

  override func backpropagate(_ parameters: PackedParameters<Scalar>.Pointers, thread: Int) {
    if merge != .sum {
      plan.forEachRow(of: thread) { row in
        for (place, part) in parts.enumerated() {
          merge.split(
            outputGradient + row * outputSize, place, branches.count,
            { (branches[$0].output + row * branches[$0].outputSize, branches[$0].outputSize) },
            to: part.base + row * branches[place].outputSize)
        }
      }
    }
    forEachBranch { branches[$0].backpropagate(parameters, thread: thread) }
    guard needsInputGradient else { return }
    plan.forEachRow(of: thread) { row in
      let target = dx.base + row * inputSize
      target.update(from: branches[0].inputGradient + row * inputSize, count: inputSize)
      for branch in branches.dropFirst() {
        Scalar._add(inputSize, branch.inputGradient + row * inputSize, to: target)
      }
    }
  }

  override func addTerms(to terms: inout [GradientTerm<Scalar>]) {
    for branch in branches { branch.addTerms(to: &terms) }
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

  /// Whether waiting threads take branches of their own. Waking them costs about as much as 100,000 multiplications.
  private var runsSideBySide: Bool {
    plan.idlePool != nil && plan.rowCount * (inputSize + outputSize) * outputSize > 1 << 17
  }

  private func forEachBranch(_ body: (Int) -> Void) {
    if let pool = plan.idlePool, runsSideBySide {
      pool.run { worker in
        for place in stride(from: worker, to: branches.count, by: pool.threads) { body(place) }
      }
    } else {
      for place in branches.indices { body(place) }
    }
  }
}

extension Merge {
  /// One row: the merge of `count` rows of branches.
  @inline(__always)
  func merge<Scalar: TensorScalar>(
    _ count: Int, _ row: (Int) -> (UnsafePointer<Scalar>, Int), to target: UnsafeMutablePointer<Scalar>,
    _ width: Int
  ) {
    var place = target
    for branch in 0..<count {
      let (source, size) = row(branch)
      switch self {
      case .concatenate, .none:
        place.update(from: source, count: size)
        place += size
      case .sum, .mean:
        if branch == 0 {
          target.update(from: source, count: size)
        } else {
          Scalar._add(size, source, to: target)
        }
      case .product:
        if branch == 0 {
          target.update(from: source, count: size)
        } else {
          Scalar._hadamard(size, target, source, target)
        }
      }
    }
    if self == .mean { Scalar._scale(width, 1 / Scalar(count), target) }
  }

  /// One row: what of the merged output's gradient is branch `branch`'s.
  @inline(__always)
  func split<Scalar: TensorScalar>(
    _ gradient: UnsafePointer<Scalar>, _ branch: Int, _ count: Int,
    _ row: (Int) -> (UnsafePointer<Scalar>, Int),
    to target: UnsafeMutablePointer<Scalar>
  ) {
    let size = row(branch).1
    switch self {
    case .concatenate, .none:
      var first = 0
      for other in 0..<branch { first += row(other).1 }
      target.update(from: gradient + first, count: size)
    case .sum: target.update(from: gradient, count: size)
    case .mean:
      target.update(from: gradient, count: size)
      Scalar._scale(size, 1 / Scalar(count), target)
    case .product:
      target.update(from: gradient, count: size)
      for other in 0..<count where other != branch { Scalar._hadamard(size, target, row(other).0, target) }
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
    if let own = cell as? any SweptCell<Scalar> { return own.makeSweep(direction) }
    return ValueExecution(self)
  }
}
