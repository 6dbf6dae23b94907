internal import RecurrentCore

/// One sequence on several threads: each takes a part of the hidden units, with its own share of the weights in its own
/// core's cache, and all meet after every step. Only where nothing is kept for a way back.
///
/// The pre-activations of a thread's units stand together, `[T, gates, units]`, so a step of the cell is the same call as
/// for a whole layer of that size.
extension CellSweep {
  /// The hidden units of one thread.
  struct Units {
    let first: Int, count: Int
    /// Pre-activations of step t: gates × count of them.
    let gates: UnsafeMutablePointer<Scalar>
  }

  /// Runs every step of every thread's units, or says that this cannot be done: false.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func forwardSharingUnits(_ parameters: PackedParameters<Scalar>.Pointers) -> Bool {
    // Panels of packed weights are 2 · 64 bytes wide; a part must begin with one.
    let panel = 128 / MemoryLayout<Scalar>.size
    let parts = outputSize / panel
    guard plan.isForwardOnly, plan.batchSize == 1, let pool = plan.idlePool,
      outputSize % panel == 0, parts >= 2, weightHidden.count >= pool.wakingCost / 4
    else { return false }
    let workers = min(pool.threads, parts)
    return pool.runTogether(
      UnitsWork(
        sweep: self, parameters: parameters, panel: panel, parts: parts, workers: workers,
        meeting: meeting(of: workers)))
  }

  /// The units of one worker at all steps.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  fileprivate func forward(
    _ parameters: PackedParameters<Scalar>.Pointers, units: Range<Int>, meeting: Meeting
  ) {
    let (first, count) = (units.lowerBound, units.count)
    let gateCount = weightInput.rows / outputSize
    var own = Units(first: first, count: count, gates: gates.base + plan.steps * gateCount * first)
    inputProducts(parameters, own, gateCount)
    for index in 0..<plan.lengths[0] {
      let t = direction == .forward ? index : plan.lengths[0] - 1 - index
      own = Units(
        first: first, count: count, gates: gates.base + (plan.steps * first + t * count) * gateCount)
      step(t, own, parameters)
      // The pool waits for the last step.
      if index + 1 < plan.lengths[0] { meeting.wait() }
    }
  }

  /// x Wᵀ + b of these units at all steps.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  private func inputProducts(
    _ parameters: PackedParameters<Scalar>.Pointers, _ units: Units, _ gateCount: Int
  ) {
    let width = gateCount * units.count
    for gate in 0..<gateCount {
      let column = gate * outputSize + units.first
      let target = units.gates + gate * units.count
      if let symbols = input.symbols {
        let weight = parameters.vector(weightInput)
        for t in 0..<plan.lengths[0] {
          for i in 0..<units.count {
            let value = weight[(column + i) * inputSize + Int(symbols[t])]
            target[t * width + i] = bias.map { parameters.vector($0)[column + i] + value } ?? value
          }
        }
      } else {
        Scalar._multiply(
          rows: plan.lengths[0], columns: units.count, inner: inputSize, input.values, stride: inputSize,
          packed: parameters.plain(weightInput) + column * inputSize,
          bias: bias.map { parameters.vector($0) + column }, accumulate: false, into: target,
          resultStride: width)
      }
    }
  }

  /// Adds h Uᵀ of one gate of these units to `target`.
  @inline(__always)
  func addRecurrent(
    _ gate: Int, of units: Units, _ before: UnsafePointer<Scalar>, _ packed: UnsafePointer<Scalar>,
    to target: UnsafeMutablePointer<Scalar>
  ) {
    Scalar._multiply(
      rows: 1, columns: units.count, inner: outputSize, before, stride: outputSize,
      packed: packed + (gate * outputSize + units.first) * outputSize, bias: nil, accumulate: true,
      into: target,
      resultStride: units.count)
  }
}

/// One sequence on several workers.
private struct UnitsWork<Scalar: TensorScalar>: SharedWork {
  let sweep: CellSweep<Scalar>
  let parameters: PackedParameters<Scalar>.Pointers
  let panel: Int
  let parts: Int
  let workers: Int
  let meeting: Meeting

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func share(of worker: Int, among threads: Int) {
    guard worker < workers else { return }
    let units = parts * worker / workers * panel..<parts * (worker + 1) / workers * panel
    sweep.forward(parameters, units: units, meeting: meeting)
  }
}
