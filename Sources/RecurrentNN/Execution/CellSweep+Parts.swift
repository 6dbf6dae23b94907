internal import RecurrentCore

/// How a sweep is cut between threads. Where a thread of the plan has all sequences and others wait, they are cut into groups,
/// and each group's hidden units between workers, with their own share of the weights in their own core's cache: those of a
/// group meet at every step, and nobody else is waited for.
extension CellSweep {
  /// What one worker has of every step.
  struct Part {
    /// The plan's thread whose sequences they are.
    var thread = 0
    /// Of its sequences these; `nil`: all.
    var sequences: Range<Int>?
    var units: Range<Int>
    /// Where those wait that have other units of the same sequences; `nil`: there are none.
    var meeting: Meeting?

    @inline(__always)
    func meet() { meeting?.wait() }
  }

  /// Does the sweep on all threads of the waiting pool, or says that this cannot be done, or not with gain: false.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  final func share(_ parameters: PackedParameters<Scalar>.Pointers, isForward: Bool) -> Bool {
    guard let pool = plan.idlePool, let cut = plan.cut(work) else { return false }
    // Of one group, each worker multiplies the inputs by its own weights, which are then at hand.
    let takesInput = isForward && cut.groups == 1 && input.symbols == nil
    let makesInput = isForward && !takesInput
    if makesInput { inputProducts(parameters, thread: 0) }
    let isDone = pool.runTogether(
      PartsWork(
        sweep: self, parameters: parameters, cut: cut, meetings: meetings(cut.groups, of: cut.workers),
        isForward: isForward, takesInput: takesInput))
    if isDone || !makesInput { return isDone }
    // Others have the threads, but the inputs are multiplied.
    sweep(parameters, Part(units: 0..<outputSize))
    return true
  }

  /// The whole of one worker's part.
  fileprivate func run(
    _ parameters: PackedParameters<Scalar>.Pointers, _ part: Part, isForward: Bool, takesInput: Bool
  ) {
    if takesInput {
      inputProducts(parameters, plan.rows(of: part.thread), units: part.units)
    }
    if isForward { sweep(parameters, part) } else { sweepBack(parameters, part) }
  }
}

/// What the cells' own sweeps are made of.
extension CellSweep {
  /// Calls `body` for every step on the way forward, with whether to read weights from the last. Before the next one all
  /// workers of the part's sequences have done theirs.
  @inline(__always)
  final func forEachStep(of part: Part, _ body: (_ t: Int, _ fromEnd: Bool) -> Void) {
    for index in 0..<plan.steps {
      // Forth and back: at a stream's steps, which are sweeps of one, as well as at a sequence's.
      body(time(index), (sweeps + index) % 2 == 1)
      // The pool waits for the last step.
      if index + 1 < plan.steps { part.meet() }
    }
  }

  /// The same on the way back, where nobody waits after a step: only what is one's own is read at the next one.
  @inline(__always)
  final func forEachStepBack(_ body: (_ t: Int) -> Void) {
    for index in stride(from: plan.steps - 1, through: 0, by: -1) { body(time(index)) }
  }

  /// Calls `body` with each run of a part's sequences that have data at step `t`.
  @inline(__always)
  final func forEachRun(of part: Part, at t: Int, _ body: (_ first: Int, _ count: Int) -> Void) {
    plan.forEachRun(of: part.thread, at: t) { first, count in
      guard let own = part.sequences else { return body(first, count) }
      let begin = max(first, own.lowerBound)
      let end = min(first + count, own.upperBound)
      if begin < end { body(begin, end - begin) }
    }
  }

  /// C (+)= A Wᵀ + b for these units of `gates` gates, whose weights stand gate after gate; A `[rows, inner]`.
  ///
  /// - Parameter fromEnd: whether the weights of one row are read from the last to the first.
  @inline(__always)
  final func multiplyGates(
    _ gates: Int, of units: Range<Int>, rows: Int, index: UnsafePointer<Int32>? = nil,
    _ a: UnsafePointer<Scalar>, inner: Int, packed: UnsafePointer<Scalar>, bias: UnsafePointer<Scalar>? = nil,
    accumulate: Bool, fromEnd: Bool = false, into target: UnsafeMutablePointer<Scalar>, resultStride: Int
  ) {
    if units.count == outputSize {
      Scalar._multiplyRows(
        rows, index, columns: gates * outputSize, inner: inner, a, stride: inner, packed: packed, bias: bias,
        accumulate: accumulate, fromEnd: fromEnd, into: target, resultStride: resultStride)
      return
    }
    for place in 0..<gates {
      let column = (fromEnd ? gates - 1 - place : place) * outputSize + units.lowerBound
      Scalar._multiplyRows(
        rows, index, columns: units.count, inner: inner, a, stride: inner, packed: packed + column * inner,
        bias: bias.map { $0 + column }, accumulate: accumulate, fromEnd: fromEnd, into: target + column,
        resultStride: resultStride)
    }
  }

  /// C (+)= A W for these columns of W; C `[rows, H]`.
  @inline(__always)
  final func multiplyBack(
    _ units: Range<Int>, rows: Int, _ a: UnsafePointer<Scalar>, inner: Int, stride: Int,
    packed: UnsafePointer<Scalar>, accumulate: Bool, into target: UnsafeMutablePointer<Scalar>
  ) {
    Scalar._multiply(
      rows: rows, columns: units.count, inner: inner, a, stride: stride,
      packed: packed + units.lowerBound * inner, bias: nil, accumulate: accumulate,
      into: target + units.lowerBound, resultStride: outputSize)
  }

  /// Calls `body` with where these units of each row begin and how many numbers follow: those of all rows at once, where
  /// they are neighbours.
  @inline(__always)
  final func forEachRow(
    of units: Range<Int>, count: Int, _ body: (_ place: Int, _ count: Int) -> Void
  ) {
    if units.count == outputSize { return body(0, count * outputSize) }
    for row in 0..<count { body(row * outputSize + units.lowerBound, units.count) }
  }
}

/// A sweep on several workers, part by part.
private struct PartsWork<Scalar: TensorScalar>: SharedWork {
  let sweep: CellSweep<Scalar>
  let parameters: PackedParameters<Scalar>.Pointers
  let cut: WorkSharing.Cut
  let meetings: [Meeting]
  let isForward: Bool
  let takesInput: Bool

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func share(of worker: Int, among threads: Int) {
    let (group, own) = worker.quotientAndRemainder(dividingBy: cut.workers)
    guard group < cut.groups else { return }
    let parts = sweep.work.unitParts
    let size = sweep.outputSize / parts
    let part = CellSweep<Scalar>.Part(
      sequences: cut.groups == 1 ? nil : sweep.plan.sequences(ofGroup: group, among: cut.groups),
      units: parts * own / cut.workers * size..<parts * (own + 1) / cut.workers * size,
      meeting: cut.workers == 1 ? nil : meetings[group])
    sweep.run(parameters, part, isForward: isForward, takesInput: takesInput)
  }
}
