public import RecurrentCore

/// One vector of a whole sequence, given at its last step; the steps before give zeros. Many-to-one, with `.last` as positions.
///
/// | kind | y at step L − 1 |
/// |---|---|
/// | `.mean` | Σₜ xₜ / L |
/// | `.maximum` | maxₜ xₜ, each feature by itself; of equal ones the first |
/// | `.ends(forward: n)` | the first n features of x_{L−1} and the others of x₀: of a bidirectional layer whose forward direction has n units, the final state of either direction |
///
/// The last step of a bidirectional layer's output is not such a summary: there the reverse direction has read one step. Carries
/// no state. Cost: one pass over the input.
public struct Pooling<Scalar: TensorScalar>: SequenceLayer {
  /// What is made of the steps.
  public enum Kind: Sendable, Hashable, Codable {
    /// The mean over the steps.
    case mean
    /// The largest of each feature.
    case maximum
    /// Of the first `forward` features the last step, of the others the first.
    case ends(forward: Int)
  }

  /// F, features of the input and of the output.
  public let inputSize: Int
  /// What is made of the steps.
  public let kind: Kind

  /// Precondition: of `.ends`, 0 ≤ forward ≤ size.
  public init(_ kind: Kind, size: Int) {
    if case .ends(let forward) = kind {
      precondition(0...size ~= forward, "\(forward) forward features of \(size)")
    }
    self.kind = kind
    inputSize = size
  }

  /// As many features as come in.
  public var outputSize: Int { inputSize }
  /// Always: a step cannot know whether it is the last.
  public var readsAhead: Bool { true }
  /// Carries nothing.
  public func zeroState(batchSize: Int) -> LayerState<Scalar> { .none }

  /// The vector at each sequence's last step. Adjoint: of `.mean` dy / L at every step, of the others dy where the value was
  /// taken from.
  public func forward(
    _ input: SequenceBatch<Scalar>, from initialState: LayerState<Scalar>,
    parameters: PackedParameters<Scalar>, mode: RunMode
  ) -> LayerRun<Scalar> {
    precondition(
      input.features == inputSize, "pooling expects \(inputSize) features, found \(input.features)")
    return PoolingExecution(self).run(input, parameters: parameters, mode: mode) {
      PoolingExecution(self, isOnlyBack: true)
    }
  }
}
