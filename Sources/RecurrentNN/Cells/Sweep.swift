internal import RecurrentCore

/// What all fused sweeps share: the order of time, the products that are hoisted out of the time loop, and the weight
/// gradients taken as one product at its end.
///
/// Order of summation: a weight gradient is one chain over the steps in the order of back-propagation (last step of the
/// direction first), and within a step over the rows of the batch; the stepwise form adds in the same order.
struct Sweep<Scalar: TensorScalar>: Sendable {
  let steps: Int, batch: Int
  let direction: Direction
  let active: ActiveRows

  init(_ input: SequenceBatch<Scalar>, direction: Direction) {
    steps = input.steps
    batch = input.batchSize
    self.direction = direction
    active = ActiveRows(lengths: input.lengths, steps: input.steps)
  }

  /// The index-th step of the way forward.
  @inline(__always)
  func time(_ index: Int) -> Int { direction == .forward ? index : steps - 1 - index }

  /// The first step of the way back, and the distance to the next.
  private var backStart: Int { direction == .forward ? steps - 1 : 0 }
  private var backStride: Int { direction == .forward ? -1 : 1 }

  /// Room for `[T, B, width]` that a sweep fills: zero where there is no data.
  func room(width: Int) -> [Scalar] {
    let count = steps * batch * width
    return active.isAll
      ? [Scalar](unsafeUninitializedCapacity: count) { $1 = count } : [Scalar](repeating: 0, count: count)
  }

  /// x Wᵀ + b at all steps in one product: `[T, B, rows of W]`.
  func inputProducts(
    _ input: SequenceBatch<Scalar>, _ weight: ParameterSlot, bias: ParameterSlot?,
    _ pointers: PackedParameters<Scalar>.Pointers
  ) -> [Scalar] {
    let count = steps * batch * weight.rows
    return [Scalar](unsafeUninitializedCapacity: count) { buffer, initialized in
      input.values.withUnsafeBufferPointer { source in
        guard let target = buffer.baseAddress, let source = source.baseAddress, count > 0 else { return }
        Scalar._multiply(
          rows: steps * batch, columns: weight.rows, inner: weight.columns, source, stride: weight.columns,
          packed: pointers.plain(weight), bias: bias.map(pointers.vector), accumulate: false, into: target,
          resultStride: weight.rows)
      }
      initialized = count
    }
  }

  /// da W at all steps in one product: ∂L/∂input.
  func inputGradient(
    like input: SequenceBatch<Scalar>, _ da: [Scalar], _ weight: ParameterSlot,
    _ parameters: PackedParameters<Scalar>
  ) -> SequenceBatch<Scalar> {
    let count = steps * batch * weight.columns
    let values = [Scalar](unsafeUninitializedCapacity: count) { buffer, initialized in
      da.withUnsafeBufferPointer { source in
        guard let target = buffer.baseAddress, let source = source.baseAddress, count > 0 else { return }
        parameters.withPointers { pointers in
          Scalar._multiply(
            rows: steps * batch, columns: weight.columns, inner: weight.rows, source, stride: weight.rows,
            packed: pointers.transposed(weight), bias: nil, accumulate: false, into: target,
            resultStride: weight.columns)
        }
      }
      initialized = count
    }
    return input.replacingValues(features: weight.columns, values)
  }

  /// W += Σ daᵀ x, U += Σ daᵀ h and b += Σ da over steps and sequences, for a cell whose pre-activations all read the
  /// state h before the step.   da `[T, B, rows of W]`.
  func accumulate(
    _ weightInput: ParameterSlot, _ weightHidden: ParameterSlot, bias: ParameterSlot?, da: [Scalar],
    x: [Scalar], states: StateTrack<Scalar>, into gradients: inout ParameterStore<Scalar>
  ) {
    guard steps > 0 && batch > 0 else { return }
    gradients.values.withUnsafeMutableBufferPointer { target in
      da.withUnsafeBufferPointer { da in
        x.withUnsafeBufferPointer { x in
          states.values.withUnsafeBufferPointer { h in
            guard let target = target.baseAddress, let da = da.baseAddress, let x = x.baseAddress,
              let h = h.baseAddress
            else { return }
            Scalar._accumulateCell(
              steps: steps, rows: batch, descending: direction == .forward, columns: weightInput.rows, da,
              gradientRow: weightInput.rows, inputs: weightInput.columns, x,
              into: target + weightInput.offset,
              states: weightHidden.columns, h + states.before(0), into: target + weightHidden.offset,
              bias: bias.map { target + $0.offset })
          }
        }
      }
    }
  }

  /// The rows `rows` of W += Σ over steps and sequences of da[t, b, columns]ᵀ x[t, b].
  ///
  /// - Parameters:
  ///   - da: `[T, B, width]`; its columns from `column` on are taken.
  ///   - x: `[T, B, columns of W]`, beginning at element `xFirst` of its buffer.
  func accumulate(
    _ weight: ParameterSlot, rows: Range<Int>, da: [Scalar], width: Int, column: Int, x: [Scalar],
    xFirst: Int = 0, into gradients: inout ParameterStore<Scalar>
  ) {
    guard steps > 0 && batch > 0 else { return }
    gradients.values.withUnsafeMutableBufferPointer { target in
      da.withUnsafeBufferPointer { da in
        x.withUnsafeBufferPointer { x in
          guard let target = target.baseAddress, let da = da.baseAddress, let x = x.baseAddress else {
            return
          }
          Scalar._accumulateProduct(
            steps: steps, rows: batch, columns: rows.count, inner: weight.columns,
            da + backStart * batch * width + column, leftStep: backStride * batch * width, leftRow: width,
            x + xFirst + backStart * batch * weight.columns, rightStep: backStride * batch * weight.columns,
            rightRow: weight.columns,
            into: target + weight.offset + rows.lowerBound * weight.columns, resultStride: weight.columns)
        }
      }
    }
  }

  /// b += Σ over steps and sequences of da[t, b].   da `[T, B, columns of b]`.
  func accumulateBias(
    _ bias: ParameterSlot?, da: [Scalar], into gradients: inout ParameterStore<Scalar>
  ) {
    guard let bias, steps > 0 && batch > 0 else { return }
    gradients.values.withUnsafeMutableBufferPointer { target in
      da.withUnsafeBufferPointer { da in
        guard let target = target.baseAddress, let da = da.baseAddress else { return }
        Scalar._accumulateRows(
          steps: steps, rows: batch, columns: bias.columns, da + backStart * batch * bias.columns,
          step: backStride * batch * bias.columns, row: bias.columns, into: target + bias.offset)
      }
    }
  }
}

/// Calls `body` with the base of an array that is not empty, or not at all.
@inline(__always)
func withBase<Element, Result>(
  _ array: inout [Element], _ body: (UnsafeMutablePointer<Element>) -> Result
) -> Result? {
  array.withUnsafeMutableBufferPointer { $0.baseAddress.map(body) }
}
