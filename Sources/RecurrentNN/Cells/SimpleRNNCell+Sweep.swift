public import RecurrentCore

/// The fused sweep: input products hoisted, nothing allocated in the time loop.
extension SimpleRNNCell {
  /// All inputs and states of a sweep: T B F + (T + 1) B H numbers.
  public struct SequenceTape: Sendable {
    let input: SequenceBatch<Scalar>
    let hidden: StateTrack<Scalar>
    let sweep: Sweep<Scalar>
  }

  /// All steps with the input products hoisted over time: the bits of single steps.
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
    parameters.withPointers { pointers in
      var sums = sweep.inputProducts(input, weightInput, bias: bias, pointers)
      let recurrent = pointers.plain(weightHidden)
      let track = hidden
      withBase(&sums) { sums in
        withBase(&hidden.values) { states in
          for index in 0..<sweep.steps {
            let t = sweep.time(index)
            let before = states + track.before(t)
            let after = states + track.after(t)
            let sum = sums + t * sweep.batch * size
            sweep.active.forEach(at: t) { first, count in
              let place = first * size
              Scalar._multiply(
                rows: count, columns: size, inner: size, before + place, stride: size, packed: recurrent,
                bias: nil, accumulate: true, into: sum + place, resultStride: size)
              Scalar._activation(activation.kernelCode, count * size, sum + place, after + place)
            }
          }
        }
      }
    }
    return CellRun(
      output: hidden.output(like: input), finalState: State(hidden: hidden.final),
      tape: SequenceTape(input: input, hidden: hidden, sweep: sweep))
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
    var dh = finalStateGradient.hidden
    var da = sweep.room(width: size)
    parameters.withPointers { pointers in
      let recurrent = pointers.transposed(weightHidden)
      withBase(&da) { da in
        withBase(&dh.elements) { dh in
          track.values.withUnsafeBufferPointer { states in
            outputGradient.values.withUnsafeBufferPointer { dy in
              guard let states = states.baseAddress, let dy = dy.baseAddress else { return }
              for index in stride(from: sweep.steps - 1, through: 0, by: -1) {
                let t = sweep.time(index)
                let y = states + track.after(t)
                let offset = t * sweep.batch * size
                sweep.active.forEach(at: t) { first, count in
                  let place = first * size
                  Scalar._rnnGradient(
                    activation.kernelCode, count * size, y: y + place, dy: dy + offset + place,
                    dh: dh + place, da: da + offset + place)
                  Scalar._multiply(
                    rows: count, columns: size, inner: size, da + offset + place, stride: size,
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
      input: sweep.inputGradient(like: tape.input, gradient, weightInput, parameters),
      initialState: State(hidden: dh))
  }
}
