import RecurrentCore
import RecurrentNN

/// Another cell, but that one step hands on a state with a small number added, and gives it as its output too: for central
/// differences by the state at that step. The state counts the steps.
struct NudgedCell<Base: RecurrentCell>: RecurrentCell {
  typealias Scalar = Base.Scalar

  let base: Base
  /// Counted in the order in which they are made.
  let nudgedStep: Int
  /// Of the state.
  let component: Int
  let unit: Int
  let amount: Scalar
  /// How far the count of the steps gets in one, behind the zoneout of a memory.
  let counting: Scalar

  var inputSize: Int { base.inputSize }
  var outputSize: Int { base.outputSize }

  struct State: RecurrentState {
    typealias Scalar = Base.Scalar
    static var componentNames: [String] { Base.State.componentNames + ["steps"] }
    let components: [Matrix<Base.Scalar>]
    init(components: [Matrix<Base.Scalar>]) { self.components = components }
    var base: Base.State { .init(components: Array(components.dropLast())) }
  }

  func zeroState(batchSize: Int) -> State {
    State(components: base.zeroState(batchSize: batchSize).components + [Matrix(zeros: batchSize, 1)])
  }

  func step(_ input: Matrix<Scalar>, state: inout State, parameters: PackedParameters<Scalar>) -> (
    output: Matrix<Scalar>, tape: Base.Tape
  ) {
    var own = state.base
    let steps = state.components[state.components.count - 1]
    var (output, tape) = base.step(input, state: &own, parameters: parameters)
    var components = own.components
    if (steps[0, 0] / counting).rounded() == Scalar(nudgedStep) {
      components[component][0, unit] += amount
      if component == 0 { output[0, unit] += amount }
    }
    state = State(components: components + [steps.map { $0 + 1 }])
    return (output, tape)
  }

  func backpropagate(
    _ outputGradient: Matrix<Scalar>, through tape: Base.Tape, stateGradient: inout State,
    parameters: PackedParameters<Scalar>, into gradients: inout ParameterStore<Scalar>
  ) -> Matrix<Scalar> {
    preconditionFailure("differences need no gradient")
  }
}

extension RecurrentCell {
  /// The cell with one number of its state changed at one step.
  func nudged(
    step: Int, component: Int, unit: Int, by amount: Scalar, counting: Scalar = 1
  ) -> any RecurrentCell<Scalar> {
    NudgedCell(
      base: self, nudgedStep: step, component: component, unit: unit, amount: amount, counting: counting)
  }
}
