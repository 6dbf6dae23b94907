public import RecurrentCore

extension SimpleRNNCell: SweptCell {
  /// What the sweep keeps for its way back.
  public typealias SequenceTape = SweepTape<Scalar>

  func makeSweep(_ direction: Direction, noise: RecurrentNoise?) -> CellSweep<Scalar> {
    SimpleRNNSweep(self, direction: direction, noise: noise)
  }

  /// All steps of a batch as one sweep: what the steps give one by one, to the bit.
  public func run(
    _ input: SequenceBatch<Scalar>, from initialState: State, direction: Direction,
    parameters: PackedParameters<Scalar>
  ) -> CellRun<Self> {
    makeSweep(direction, noise: nil).run(input, from: initialState, parameters: parameters, as: Self.self)
  }

  /// The adjoint of `run`, as one sweep back.
  public func pullback(
    _ outputGradient: SequenceBatch<Scalar>, finalStateGradient: State, through tape: SequenceTape,
    parameters: PackedParameters<Scalar>, into gradients: inout ParameterStore<Scalar>
  ) -> CellGradient<Self> {
    tape.sweep.pullback(
      outputGradient, finalStateGradient: finalStateGradient, of: tape, parameters: parameters,
      into: &gradients, as: Self.self)
  }
}

/// The simple RNN at work: input products hoisted, one product and one activation a step.
final class SimpleRNNSweep<Scalar: TensorScalar>: CellSweep<Scalar> {
  private let activation: Activation

  init(_ cell: SimpleRNNCell<Scalar>, direction: Direction, noise: RecurrentNoise?) {
    activation = cell.activation
    super.init(
      cell.weightInput, cell.weightHidden, bias: cell.bias, stateNames: HiddenState<Scalar>.componentNames,
      direction: direction, noise: noise)
  }

  private init(_ other: SimpleRNNSweep) {
    activation = other.activation
    super.init(returning: other)
  }

  override func returning() -> CellSweep<Scalar> { SimpleRNNSweep(self) }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  override func sweep(_ parameters: PackedParameters<Scalar>.Pointers, _ part: Part) {
    let size = outputSize
    let (states, read, sums) = (madeTrack(0), readTrack(of: part), gates.base)
    let recurrent = parameters.plain(weightHidden)
    let kind = activation.kernelCode
    forEachStep(of: part) { t, fromEnd in
      forEachRun(of: part, at: t) { sequence, count in
        let place = sequence * size
        let (after, sum) = (states + after(t) + place, sums + t * plan.batchSize * size + place)
        multiplyGates(
          1, of: part.units, rows: count, read + before(t) + place, inner: size, packed: recurrent,
          accumulate: true, fromEnd: fromEnd, into: sum, resultStride: size)
        forEachRow(of: part.units, count: count) { Scalar._activation(kind, $1, sum + $0, after + $0) }
      }
      endStep(t, of: part)
    }
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  override func sweepBack(_ parameters: PackedParameters<Scalar>.Pointers, _ part: Part) {
    let size = outputSize
    let (states, da, dh) = (madeTrack(0), da.base, stateGradients[0].base)
    let recurrent = parameters.transposed(weightHidden)
    let kind = activation.kernelCode
    forEachStepBack { t in
      let (y, row) = (states + after(t), t * plan.batchSize * size)
      beginStepBack(t, of: part)
      forEachRun(of: part, at: t) { sequence, count in
        let place = sequence * size
        let (y, dh, da) = (y + place, dh + place, da + row + place)
        let dy = cellOutputGradient(at: t, sequence)
        forEachRow(of: part.units, count: count) {
          Scalar._rnnGradient(kind, $1, y: y + $0, dy: dy + $0, dh: dh + $0, da: da + $0)
        }
      }
      part.meet()
      forEachRun(of: part, at: t) { sequence, count in
        let place = sequence * size
        multiplyBack(
          part.units, rows: count, da + row + place, inner: size, stride: size, packed: recurrent,
          accumulate: false, into: dh + place)
      }
      endStepBack(t, of: part)
    }
  }

  override func addTerms(to terms: inout [GradientTerm<Scalar>]) { addTermsOfOneProduct(to: &terms) }
}
