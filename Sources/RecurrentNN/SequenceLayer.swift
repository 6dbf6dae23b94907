public import RecurrentCore

/// A map from sequences to sequences: a recurrent layer, a stack of them, a linear map, dropout.
///
/// A layer is an immutable description; its parameters are passed in. Batching cannot change what it computes: each
/// sequence alone gives the same bits.
public protocol SequenceLayer<Scalar>: Sendable {
  associatedtype Scalar: TensorScalar
  var inputSize: Int { get }
  var outputSize: Int { get }

  func zeroState(batchSize: Int) -> LayerState<Scalar>

  /// - Parameters:
  ///   - input: `[T, B, inputSize]`.
  ///   - initialState: of every sequence; `zeroState` is what the convenience without it passes.
  func forward(
    _ input: SequenceBatch<Scalar>, from initialState: LayerState<Scalar>,
    parameters: PackedParameters<Scalar>, mode: RunMode
  ) -> LayerRun<Scalar>
}

/// Whether a layer is used or trained. Dropout acts in training only.
public enum RunMode: Sendable, Hashable {
  case inference
  /// Random masks are drawn from the streams of (seed, update, layer, sequence, step, feature).
  case training(seed: UInt64, update: UInt64)
}

/// What a layer gives: output, final state, and the way back.
public struct LayerRun<Scalar: TensorScalar>: Sendable {
  /// `[T, B, outputSize]`, zero beyond each sequence's end.
  public let output: SequenceBatch<Scalar>
  /// Each sequence's state after its own last step, by name.
  public let finalState: LayerState<Scalar>
  /// Adds the parameters' gradients into a store, and returns those of the input and of the initial state.
  public let pullback: Pullback<Scalar>

  public init(
    output: SequenceBatch<Scalar>, finalState: LayerState<Scalar>, pullback: @escaping Pullback<Scalar>
  ) {
    self.output = output
    self.finalState = finalState
    self.pullback = pullback
  }
}

/// (∂L/∂output, ∂L/∂final state, store to add to) → ∂L/∂input and ∂L/∂initial state.
public typealias Pullback<Scalar: TensorScalar> =
  @Sendable (SequenceBatch<Scalar>, LayerState<Scalar>, inout ParameterStore<Scalar>) -> LayerGradient<Scalar>

/// What comes back from a layer: ∂L/∂input and ∂L/∂initial state.
public struct LayerGradient<Scalar: TensorScalar>: Sendable {
  private let makeInput: @Sendable () -> SequenceBatch<Scalar>
  public let initialState: LayerState<Scalar>

  /// ∂L/∂input `[T, B, inputSize]`. Computed whenever it is asked for, because of the first layer, which reads data, it
  /// is not.
  public var input: SequenceBatch<Scalar> { makeInput() }

  public init(
    input: @autoclosure @escaping @Sendable () -> SequenceBatch<Scalar>, initialState: LayerState<Scalar>
  ) {
    makeInput = input
    self.initialState = initialState
  }
}

extension SequenceLayer {
  /// The layer from a state of zeros where none is given: the same code path as with a state.
  public func forward(
    _ input: SequenceBatch<Scalar>, from initialState: LayerState<Scalar>? = nil,
    parameters: PackedParameters<Scalar>, mode: RunMode = .inference
  ) -> LayerRun<Scalar> {
    forward(
      input, from: initialState ?? zeroState(batchSize: input.batchSize), parameters: parameters, mode: mode)
  }
}
