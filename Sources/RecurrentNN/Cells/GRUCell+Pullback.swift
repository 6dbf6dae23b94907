public import RecurrentCore

/// The adjoint of the fused sweep.
extension GRUCell {
  /// The adjoint of the sweep: the bits of single steps.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func pullback(
    _ outputGradient: SequenceBatch<Scalar>, finalStateGradient: State, through tape: SequenceTape,
    parameters: PackedParameters<Scalar>, into gradients: inout ParameterStore<Scalar>
  ) -> CellGradient<Self> {
    let track = tape.hidden
    let sweep = tape.sweep
    let size = outputSize
    var dh = finalStateGradient.hidden
    var da = sweep.room(width: 3 * size)
    // dq of the reset-after form; of the other only the first rows are used, as scratch for d(r ⊙ h).
    var recurrent =
      form == .resetAfter
      ? sweep.room(width: size) : [Scalar](repeating: 0, count: sweep.batch * size)
    parameters.withPointers { pointers in
      withBase(&da) { da in
        withBase(&dh.elements) { dh in
          withBase(&recurrent) { recurrent in
            withTape(tape, outputGradient) { states, gates, forwardRecurrent, dy in
              for index in stride(from: sweep.steps - 1, through: 0, by: -1) {
                let t = sweep.time(index)
                sweep.active.forEach(at: t) { first, count in
                  let place = (t * sweep.batch + first) * size
                  backpropagate(
                    rows: count, gates: gates + 3 * place, q: forwardRecurrent + place,
                    before: states + track.before(t) + first * size, dy: dy + place, dh: dh + first * size,
                    da: da + 3 * place,
                    recurrent: recurrent + (form == .resetAfter ? place : first * size), pointers)
                }
              }
            }
          }
        }
      }
    }
    sweep.accumulate(
      weightHidden, rows: resetUpdateRows, da: da, width: 3 * size, column: 0, x: track.values,
      xFirst: track.before(0), into: &gradients)
    switch form {
    case .resetAfter:
      sweep.accumulate(
        weightHidden, rows: candidateRows, da: recurrent, width: size, column: 0, x: track.values,
        xFirst: track.before(0), into: &gradients)
      sweep.accumulateBias(biasHidden, da: recurrent, into: &gradients)
    case .resetBefore:
      sweep.accumulate(
        weightHidden, rows: candidateRows, da: da, width: 3 * size, column: 2 * size, x: tape.recurrent,
        into: &gradients)
    }
    sweep.accumulate(
      weightInput, rows: 0..<3 * size, da: da, width: 3 * size, column: 0, x: tape.input.values,
      into: &gradients)
    sweep.accumulateBias(bias, da: da, into: &gradients)
    let gradient = da
    return CellGradient(
      input: sweep.inputGradient(like: tape.input, gradient, weightInput, parameters),
      initialState: State(hidden: dh))
  }

  /// One step of neighbouring rows. `recurrent` receives dq (reset after) or d(r ⊙ h) (reset before).
  @inline(__always)
  private func backpropagate(
    rows: Int, gates: UnsafePointer<Scalar>, q: UnsafePointer<Scalar>, before: UnsafePointer<Scalar>,
    dy: UnsafePointer<Scalar>, dh: UnsafeMutablePointer<Scalar>, da: UnsafeMutablePointer<Scalar>,
    recurrent: UnsafeMutablePointer<Scalar>, _ pointers: PackedParameters<Scalar>.Pointers
  ) {
    let size = outputSize
    let candidate = pointers.transposed(weightHidden, block: 1)
    switch form {
    case .resetAfter:
      Scalar._gruAfterGradient(
        rows: rows, size: size, gates: gates, q: q, hiddenBefore: before, dy: dy, dh: dh, da: da,
        dq: recurrent)
      Scalar._multiply(
        rows: rows, columns: size, inner: size, recurrent, stride: size, packed: candidate, bias: nil,
        accumulate: true, into: dh, resultStride: size)
    case .resetBefore:
      Scalar._gruBeforeOutputGradient(
        rows: rows, size: size, gates: gates, hiddenBefore: before, dy: dy, dh: dh, da: da)
      Scalar._multiply(
        rows: rows, columns: size, inner: size, da + 2 * size, stride: 3 * size, packed: candidate, bias: nil,
        accumulate: false, into: recurrent, resultStride: size)
      Scalar._gruBeforeResetGradient(
        rows: rows, size: size, gates: gates, hiddenBefore: before, drh: recurrent, dh: dh, da: da)
    }
    Scalar._multiply(
      rows: rows, columns: size, inner: 2 * size, da, stride: 3 * size,
      packed: pointers.transposed(weightHidden), bias: nil, accumulate: true, into: dh, resultStride: size)
  }

  @inline(__always)
  private func withTape(
    _ tape: SequenceTape, _ outputGradient: SequenceBatch<Scalar>,
    _ body: (
      UnsafePointer<Scalar>, UnsafePointer<Scalar>, UnsafePointer<Scalar>, UnsafePointer<Scalar>
    ) -> Void
  ) {
    tape.hidden.values.withUnsafeBufferPointer { states in
      tape.gates.withUnsafeBufferPointer { gates in
        tape.recurrent.withUnsafeBufferPointer { recurrent in
          outputGradient.values.withUnsafeBufferPointer { dy in
            guard let states = states.baseAddress, let gates = gates.baseAddress,
              let recurrent = recurrent.baseAddress, let dy = dy.baseAddress
            else { return }
            body(states, gates, recurrent, dy)
          }
        }
      }
    }
  }
}
