internal import RecurrentCore
internal import Synchronization

/// Finds how near the pre-activations of ReLU cells come to the kink at zero, where a central difference is not the
/// derivative of anything.
final class KinkProbe: Sendable {
  private let least = Mutex(Double.infinity)

  /// The least |pre-activation| seen.
  var distance: Double { least.withLock { $0 } }

  func decorate(_ cell: any RecurrentCell<Double>) -> any RecurrentCell<Double> {
    guard let base = cell as? SimpleRNNCell<Double>, base.activation == .relu else { return cell }
    return ProbedCell(base: base, probe: self)
  }

  func record(_ value: Double) { least.withLock { $0 = min($0, abs(value)) } }
}

/// A ReLU cell that shows its pre-activations to a probe, and else is that cell.
private struct ProbedCell: RecurrentCell {
  typealias Scalar = Double
  typealias State = HiddenState<Double>

  let base: SimpleRNNCell<Double>
  let probe: KinkProbe

  var inputSize: Int { base.inputSize }
  var outputSize: Int { base.outputSize }

  func zeroState(batchSize: Int) -> State { base.zeroState(batchSize: batchSize) }

  func step(_ input: Matrix<Double>, state: inout State, parameters: PackedParameters<Double>)
    -> (output: Matrix<Double>, tape: SimpleRNNCell<Double>.Tape)
  {
    let sums = parameters.apply(
      base.weightHidden, to: state.hidden,
      adding: parameters.apply(base.weightInput, to: input, bias: base.bias))
    for row in 0..<input.rows {
      // Dead units below and before, and no bias: exactly zero, and it stays so whatever is moved by ε.
      if base.bias == nil && input.row(row).allSatisfy({ $0 == 0 })
        && state.hidden.row(row).allSatisfy({ $0 == 0 })
      {
        continue
      }
      sums.row(row).forEach(probe.record)
    }
    return base.step(input, state: &state, parameters: parameters)
  }

  func backpropagate(
    _ outputGradient: Matrix<Double>, through tape: SimpleRNNCell<Double>.Tape, stateGradient: inout State,
    parameters: PackedParameters<Double>, into gradients: inout ParameterStore<Double>
  ) -> Matrix<Double> {
    base.backpropagate(
      outputGradient, through: tape, stateGradient: &stateGradient, parameters: parameters, into: &gradients)
  }
}
