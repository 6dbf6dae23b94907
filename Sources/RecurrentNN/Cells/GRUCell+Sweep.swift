public import RecurrentCore

/// The fused sweep: input products hoisted, nothing allocated in the time loop.
extension GRUCell {
  /// All inputs, gates and states of a sweep: T B (F + 4H) + (T + 1) B H numbers.
  public struct SequenceTape: Sendable {
    let input: SequenceBatch<Scalar>
    let hidden: StateTrack<Scalar>
    /// Activated r z n, `[T, B, 3H]`; rows without data hold what is never read.
    let gates: [Scalar]
    /// q (reset after) or r ⊙ h (reset before), `[T, B, H]`, zero where there is no data.
    let recurrent: [Scalar]
    let sweep: Sweep<Scalar>
  }

  /// All steps with the input products hoisted over time and the gates fused: the bits of single steps.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func run(
    _ input: SequenceBatch<Scalar>, from initialState: State, direction: Direction,
    parameters: PackedParameters<Scalar>
  ) -> CellRun<Self> {
    let sweep = Sweep(input, direction: direction)
    let size = outputSize
    var hidden = StateTrack(
      initial: initialState.hidden, input: input, direction: direction, name: weightHidden.name)
    var recurrent = sweep.room(width: size)
    var gates: [Scalar] = []
    parameters.withPointers { pointers in
      gates = sweep.inputProducts(input, weightInput, bias: bias, pointers)
      let track = hidden
      withBase(&gates) { gates in
        withBase(&recurrent) { recurrent in
          withBase(&hidden.values) { states in
            for index in 0..<sweep.steps {
              let t = sweep.time(index)
              sweep.active.forEach(at: t) { first, count in
                let place = (t * sweep.batch + first) * size
                step(
                  rows: count, gates: gates + 3 * place, recurrent: recurrent + place,
                  before: states + track.before(t) + first * size,
                  after: states + track.after(t) + first * size, pointers)
              }
            }
          }
        }
      }
    }
    return CellRun(
      output: hidden.output(like: input), finalState: State(hidden: hidden.final),
      tape: SequenceTape(input: input, hidden: hidden, gates: gates, recurrent: recurrent, sweep: sweep))
  }

  /// One step of neighbouring rows: gates [rows, 3H] hold x Wᵀ + b.
  @inline(__always)
  private func step(
    rows: Int, gates: UnsafeMutablePointer<Scalar>, recurrent: UnsafeMutablePointer<Scalar>,
    before: UnsafePointer<Scalar>, after: UnsafeMutablePointer<Scalar>,
    _ pointers: PackedParameters<Scalar>.Pointers
  ) {
    let size = outputSize
    Scalar._multiply(
      rows: rows, columns: 2 * size, inner: size, before, stride: size, packed: pointers.plain(weightHidden),
      bias: nil, accumulate: true, into: gates, resultStride: 3 * size)
    switch form {
    case .resetAfter:
      Scalar._multiply(
        rows: rows, columns: size, inner: size, before, stride: size,
        packed: pointers.plain(weightHidden, block: 1), bias: biasHidden.map(pointers.vector),
        accumulate: false, into: recurrent, resultStride: size)
      Scalar._gruAfter(rows: rows, size: size, gates: gates, q: recurrent, hiddenBefore: before, y: after)
    case .resetBefore:
      Scalar._gruBeforeReset(
        rows: rows, size: size, gates: gates, hiddenBefore: before, resetHidden: recurrent)
      Scalar._multiply(
        rows: rows, columns: size, inner: size, recurrent, stride: size,
        packed: pointers.plain(weightHidden, block: 1), bias: nil, accumulate: true, into: gates + 2 * size,
        resultStride: 3 * size)
      Scalar._gruBeforeOutput(rows: rows, size: size, gates: gates, hiddenBefore: before, y: after)
    }
  }
}
