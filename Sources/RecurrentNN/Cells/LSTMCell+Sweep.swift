public import RecurrentCore

/// The fused sweep: input products hoisted, nothing allocated in the time loop.
extension LSTMCell {
  /// All inputs, gates and states of a sweep: T B (F + 4H) + 2 (T + 1) B H numbers.
  public struct SequenceTape: Sendable {
    let input: SequenceBatch<Scalar>
    let hidden, cell: StateTrack<Scalar>
    /// The activated gates, `[T, B, 4H]`; rows without data hold what is never read.
    let gates: [Scalar]
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
    var cell = StateTrack(
      initial: initialState.cell, input: input, direction: direction, name: weightHidden.name)
    var gates: [Scalar] = []
    parameters.withPointers { pointers in
      gates = sweep.inputProducts(input, weightInput, bias: bias, pointers)
      let recurrent = pointers.plain(weightHidden)
      let track = hidden
      withBase(&gates) { gates in
        withBase(&hidden.values) { hidden in
          withBase(&cell.values) { cell in
            for index in 0..<sweep.steps {
              let t = sweep.time(index)
              let before = track.before(t)
              let after = track.after(t)
              let gate = gates + t * sweep.batch * 4 * size
              sweep.active.forEach(at: t) { first, count in
                let place = first * size
                Scalar._multiply(
                  rows: count, columns: 4 * size, inner: size, hidden + before + place, stride: size,
                  packed: recurrent, bias: nil, accumulate: true, into: gate + 4 * place,
                  resultStride: 4 * size)
                Scalar._lstm(
                  rows: count, size: size, gates: gate + 4 * place, cellBefore: cell + before + place,
                  cell: cell + after + place, y: hidden + after + place)
              }
            }
          }
        }
      }
    }
    return CellRun(
      output: hidden.output(like: input), finalState: State(hidden: hidden.final, cell: cell.final),
      tape: SequenceTape(input: input, hidden: hidden, cell: cell, gates: gates, sweep: sweep))
  }

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
    var state = finalStateGradient
    var da = sweep.room(width: 4 * size)
    parameters.withPointers { pointers in
      let recurrent = pointers.transposed(weightHidden)
      withBase(&da) { da in
        withBase(&state.hidden.elements) { dh in
          withBase(&state.cell.elements) { dc in
            withTape(tape, outputGradient) { gates, cell, dy in
              for index in stride(from: sweep.steps - 1, through: 0, by: -1) {
                let t = sweep.time(index)
                let offset = t * sweep.batch * size
                sweep.active.forEach(at: t) { first, count in
                  let place = first * size
                  let rows = offset + place
                  Scalar._lstmGradient(
                    rows: count, size: size, gates: gates + 4 * rows,
                    cellBefore: cell + track.before(t) + place, cell: cell + track.after(t) + place,
                    dy: dy + rows, dh: dh + place, dc: dc + place, da: da + 4 * rows)
                  Scalar._multiply(
                    rows: count, columns: size, inner: 4 * size, da + 4 * rows, stride: 4 * size,
                    packed: recurrent, bias: nil, accumulate: false, into: dh + place, resultStride: size)
                }
              }
            }
          }
        }
      }
    }
    sweep.accumulate(
      weightInput, weightHidden, bias: bias, da: da, x: tape.input.values, states: track, into: &gradients)
    let gradient = da
    return CellGradient(
      input: sweep.inputGradient(like: tape.input, gradient, weightInput, parameters), initialState: state)
  }

  @inline(__always)
  private func withTape(
    _ tape: SequenceTape, _ outputGradient: SequenceBatch<Scalar>,
    _ body: (UnsafePointer<Scalar>, UnsafePointer<Scalar>, UnsafePointer<Scalar>) -> Void
  ) {
    tape.gates.withUnsafeBufferPointer { gates in
      tape.cell.values.withUnsafeBufferPointer { cell in
        outputGradient.values.withUnsafeBufferPointer { dy in
          guard let gates = gates.baseAddress, let cell = cell.baseAddress, let dy = dy.baseAddress else {
            return
          }
          body(gates, cell, dy)
        }
      }
    }
  }
}
