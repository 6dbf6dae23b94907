public import RecurrentCore

/// What stands before and behind each step, without the step itself.
///
///     y_t = (x_{t−1}[0 ..< n], x_{t+1}[n ..< F]),     x_{−1} = x_L = 0
///
/// Above a forward direction of n units and a reverse one it makes a network that may look at both sides of a word and never at the
/// word, so it can be asked which word stands there: y_t holds the forward state after step t − 1 and the reverse state after
/// step t + 1. Deeper directions keep that only if none of their layers mixes the two, as layers side by side
/// (``Parallel``) do. Carries no state.
public struct Surroundings<Scalar: TensorScalar>: SequenceLayer {
  /// F, features of the input and of the output.
  public let inputSize: Int
  /// n, features that are taken from the step before; the others are taken from the step behind.
  public let forward: Int

  /// Precondition: 0 ≤ forward ≤ size.
  public init(forward: Int, size: Int) {
    precondition(0...size ~= forward, "\(forward) forward features of \(size)")
    self.forward = forward
    inputSize = size
  }

  /// As many features as come in.
  public var outputSize: Int { inputSize }
  /// Always.
  public var readsAhead: Bool { true }
  /// Carries nothing.
  public func zeroState(batchSize: Int) -> LayerState<Scalar> { .none }

  /// The neighbours' features at every step. Adjoint: dx_t = (dy_{t+1}[0 ..< n], dy_{t−1}[n ..< F]), zero where there is none.
  public func forward(
    _ input: SequenceBatch<Scalar>, from initialState: LayerState<Scalar>,
    parameters: PackedParameters<Scalar>, mode: RunMode
  ) -> LayerRun<Scalar> {
    precondition(
      input.features == inputSize, "surroundings expect \(inputSize) features, found \(input.features)")
    return SurroundingsExecution(self).run(input, parameters: parameters, mode: mode) {
      SurroundingsExecution(self)
    }
  }
}
