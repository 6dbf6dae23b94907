public import RecurrentCore

/// A map from sequences to sequences: a recurrent layer, a stack of them, a linear map, dropout.
///
/// A layer is an immutable description; its parameters are passed in. Batching cannot change what it computes: each
/// sequence alone gives the same bits.
public protocol SequenceLayer<Scalar>: Sendable {
  /// What it computes in.
  associatedtype Scalar: TensorScalar
  /// F, features that it reads at each step.
  var inputSize: Int { get }
  /// Features that it gives at each step.
  var outputSize: Int { get }
  /// Whether an output depends on later steps, so that the layer cannot be run step by step. A layer that does not say counts
  /// as one that does.
  var readsAhead: Bool { get }
  /// The state that `batchSize` sequences start from where none is given: all zero, or `.none` of a layer that carries
  /// nothing.
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
  /// In use, and where a loss is only measured: nothing is random.
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

  /// What a layer of one's own gives.
  ///
  /// - Parameter pullback: must add to the store it is given, never assign.
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
  /// ∂L/∂(initial state), of the same form as the state.
  public let initialState: LayerState<Scalar>

  /// ∂L/∂input `[T, B, inputSize]`. Computed whenever it is asked for, because of the first layer, which reads data, it
  /// is not.
  public var input: SequenceBatch<Scalar> { makeInput() }

  /// What a pullback of one's own gives.
  ///
  /// - Parameter input: evaluated at each use of ``input``.
  public init(
    input: @autoclosure @escaping @Sendable () -> SequenceBatch<Scalar>, initialState: LayerState<Scalar>
  ) {
    makeInput = input
    self.initialState = initialState
  }
}

extension SequenceLayer {
  /// Not known, so true.
  public var readsAhead: Bool { true }
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
