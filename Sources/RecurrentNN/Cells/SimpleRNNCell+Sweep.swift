public import RecurrentCore

extension SimpleRNNCell: SweptCell {
  /// What the sweep keeps for its way back.
  public typealias SequenceTape = SweepTape<Scalar>

  func makeSweep(_ direction: Direction) -> CellSweep<Scalar> { SimpleRNNSweep(self, direction: direction) }

  /// All steps of a batch as one sweep: what the steps give one by one, to the bit.
  public func run(
    _ input: SequenceBatch<Scalar>, from initialState: State, direction: Direction,
    parameters: PackedParameters<Scalar>
  ) -> CellRun<Self> {
    makeSweep(direction).run(input, from: initialState, parameters: parameters, as: Self.self)
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

  init(_ cell: SimpleRNNCell<Scalar>, direction: Direction) {
    activation = cell.activation
    super.init(
      cell.weightInput, cell.weightHidden, bias: cell.bias, stateNames: HiddenState<Scalar>.componentNames,
      direction: direction)
  }

  private init(_ other: SimpleRNNSweep) {
    activation = other.activation
    super.init(returning: other)
  }

  override func returning() -> CellSweep<Scalar> { SimpleRNNSweep(self) }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  override func forward(_ parameters: PackedParameters<Scalar>.Pointers, _ mode: RunMode, thread: Int) {
    if forwardSharingUnits(parameters) { return }
    inputProducts(parameters, thread: thread)
    let size = outputSize
    let (states, sums) = (tracks[0].base, gates.base)
    let recurrent = parameters.plain(weightHidden)
    for index in 0..<plan.steps {
      let t = time(index)
      let (before, after, sum) = (states + before(t), states + after(t), sums + t * plan.batchSize * size)
      plan.forEachRun(of: thread, at: t) { first, count in
        let place = first * size
        Scalar._multiply(
          rows: count, columns: size, inner: size, before + place, stride: size, packed: recurrent,
          bias: nil, accumulate: true, into: sum + place, resultStride: size)
        Scalar._activation(activation.kernelCode, count * size, sum + place, after + place)
      }
    }
  }

  /// One step of some units of one sequence.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  override func step(_ t: Int, _ units: Units, _ parameters: PackedParameters<Scalar>.Pointers) {
    let states = tracks[0].base
    addRecurrent(0, of: units, states + before(t), parameters.plain(weightHidden), to: units.gates)
    Scalar._activation(activation.kernelCode, units.count, units.gates, states + after(t) + units.first)
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  override func backpropagate(_ parameters: PackedParameters<Scalar>.Pointers, thread: Int) {
    let size = outputSize
    let (states, da, dh, dy) = (tracks[0].base, da.base, stateGradients[0].base, outputGradient)
    let recurrent = parameters.transposed(weightHidden)
    for index in stride(from: plan.steps - 1, through: 0, by: -1) {
      let t = time(index)
      let y = states + after(t)
      let offset = t * plan.batchSize * size
      plan.forEachRun(of: thread, at: t) { first, count in
        let place = first * size
        Scalar._rnnGradient(
          activation.kernelCode, count * size, y: y + place, dy: dy + offset + place, dh: dh + place,
          da: da + offset + place)
        Scalar._multiply(
          rows: count, columns: size, inner: size, da + offset + place, stride: size, packed: recurrent,
          bias: nil, accumulate: false, into: dh + place, resultStride: size)
      }
    }
    inputGradients(parameters, thread: thread)
  }

  override func addTerms(to terms: inout [GradientTerm<Scalar>]) { addTermsOfOneProduct(to: &terms) }
}
