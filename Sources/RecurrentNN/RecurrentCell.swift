public import RecurrentCore

/// One time step of a recurrent layer, with its adjoint: the contract for a new cell.
///
/// A cell is an immutable description: sizes and the slots where its parameters live. Write `zeroState`, `step` and
/// `backpropagate`, and everything else comes with the layers: lengths, direction, depth, dropout, training and gradient
/// check. The built-in cells also override `run` and `pullback` with fused sweeps, which give the same
/// bits as the stepwise ones.
public protocol RecurrentCell<Scalar>: Sendable {
  /// What it computes in: `Float` to train and to run, `Double` to prove gradients.
  associatedtype Scalar: TensorScalar
  /// What it carries from a step to the next.
  associatedtype State: RecurrentState<Scalar>
  /// What `backpropagate` needs from `step`.
  associatedtype Tape: Sendable
  /// What `pullback` needs from `run`.
  associatedtype SequenceTape: Sendable = StepwiseTape<Self>

  /// F, features of the input.
  var inputSize: Int { get }
  /// H, features of the output.
  var outputSize: Int { get }

  /// The state that a sequence starts from where none is given: all components `[batchSize, size]`, all zero.
  func zeroState(batchSize: Int) -> State

  /// One step of `B` sequences: reads and replaces `state`.
  ///
  /// - Parameter input: `[B, F]`.
  /// - Returns: the output `[B, H]`, and a tape for ``backpropagate(_:through:stateGradient:parameters:into:)``.
  func step(_ input: Matrix<Scalar>, state: inout State, parameters: PackedParameters<Scalar>)
    -> (output: Matrix<Scalar>, tape: Tape)

  /// The adjoint of `step`.
  ///
  /// - Parameters:
  ///   - outputGradient: ∂L/∂output `[B, H]`, from this step's output alone.
  ///   - stateGradient: in, ∂L/∂(state after the step), from the future; out, ∂L/∂(state before it).
  ///   - gradients: ∂L/∂parameters are added here, never assigned.
  /// - Returns: ∂L/∂input `[B, F]`.
  func backpropagate(
    _ outputGradient: Matrix<Scalar>, through tape: Tape, stateGradient: inout State,
    parameters: PackedParameters<Scalar>, into gradients: inout ParameterStore<Scalar>
  ) -> Matrix<Scalar>

  /// Which component of the state is h, the one that is also the output: recurrent dropout masks it, and zoneout keeps the
  /// output and it alike. Default: the one named `hidden`; where none is, `nil`, and recurrent dropout is refused.
  static var hiddenComponent: Int? { get }

  /// One step under recurrent dropout: ``step(_:state:parameters:)`` whose recurrent products read m ⊙ h in place of h.
  ///
  /// The default masks h before the step, which is right where nothing but products reads it. A cell that hands h on besides,
  /// as a GRU does in z ⊙ h, has its own: a memory that is scaled by 1 / (1 − p) at every step would grow without end.
  ///
  /// - Parameter hiddenMask: m `[B, H]`.
  func step(
    _ input: Matrix<Scalar>, state: inout State, hiddenMask: Matrix<Scalar>,
    parameters: PackedParameters<Scalar>
  ) -> (output: Matrix<Scalar>, tape: Tape)

  /// The adjoint of ``step(_:state:hiddenMask:parameters:)``.
  func backpropagate(
    _ outputGradient: Matrix<Scalar>, through tape: Tape, stateGradient: inout State,
    hiddenMask: Matrix<Scalar>, parameters: PackedParameters<Scalar>,
    into gradients: inout ParameterStore<Scalar>
  ) -> Matrix<Scalar>

  /// All steps of a batch. The default calls ``step(_:state:parameters:)`` with the sequences that have data.
  func run(
    _ input: SequenceBatch<Scalar>, from initialState: State, direction: Direction,
    parameters: PackedParameters<Scalar>
  ) -> CellRun<Self>

  /// The adjoint of `run`.
  func pullback(
    _ outputGradient: SequenceBatch<Scalar>, finalStateGradient: State, through tape: SequenceTape,
    parameters: PackedParameters<Scalar>, into gradients: inout ParameterStore<Scalar>
  ) -> CellGradient<Self>
}

extension RecurrentCell {
  /// The component named `hidden`.
  public static var hiddenComponent: Int? { State.componentNames.firstIndex(of: "hidden") }

  /// The default: h is masked before the step.
  public func step(
    _ input: Matrix<Scalar>, state: inout State, hiddenMask: Matrix<Scalar>,
    parameters: PackedParameters<Scalar>
  ) -> (output: Matrix<Scalar>, tape: Tape) {
    state = state.maskingHidden(Self.hiddenComponent, by: hiddenMask)
    return step(input, state: &state, parameters: parameters)
  }

  /// The default: the gradient of h is masked behind the step.
  public func backpropagate(
    _ outputGradient: Matrix<Scalar>, through tape: Tape, stateGradient: inout State,
    hiddenMask: Matrix<Scalar>, parameters: PackedParameters<Scalar>,
    into gradients: inout ParameterStore<Scalar>
  ) -> Matrix<Scalar> {
    let inputGradient = backpropagate(
      outputGradient, through: tape, stateGradient: &stateGradient, parameters: parameters, into: &gradients)
    stateGradient = stateGradient.maskingHidden(Self.hiddenComponent, by: hiddenMask)
    return inputGradient
  }
}

/// What a cell gives for a whole batch of sequences.
public struct CellRun<Cell: RecurrentCell>: Sendable {
  /// `[T, B, H]`, zero beyond each sequence's end.
  public let output: SequenceBatch<Cell.Scalar>
  /// Of each sequence, after its own last step in the direction run.
  public let finalState: Cell.State
  /// For `pullback`.
  public let tape: Cell.SequenceTape

  /// What a `run` of one's own gives.
  public init(output: SequenceBatch<Cell.Scalar>, finalState: Cell.State, tape: Cell.SequenceTape) {
    self.output = output
    self.finalState = finalState
    self.tape = tape
  }
}

/// Gradients of a whole batch of sequences.
public struct CellGradient<Cell: RecurrentCell>: Sendable {
  private let makeInput: @Sendable () -> SequenceBatch<Cell.Scalar>
  /// ∂L/∂(initial state), `[B, size]` in each component.
  public let initialState: Cell.State

  /// ∂L/∂input `[T, B, F]`, zero beyond each sequence's end. Computed whenever it is asked for.
  public var input: SequenceBatch<Cell.Scalar> { makeInput() }

  /// What a `pullback` of one's own gives.
  ///
  /// - Parameter input: evaluated at each use of ``input``, so that a first layer, whose input is data, pays nothing for it.
  public init(
    input: @autoclosure @escaping @Sendable () -> SequenceBatch<Cell.Scalar>, initialState: Cell.State
  ) {
    makeInput = input
    self.initialState = initialState
  }
}
