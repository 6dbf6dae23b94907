public import RecurrentCore

/// A model frozen for use: layers and their weights, packed once. A value that any number of threads may share.
///
///     let model = InferenceModel(trained, parameters: trainer.state.selectedParameters)
///     let runner = model.runner(threads: 2)            // whole sequences
///     var stream = try model.stream(count: 1)          // one step at a time
///
/// All state is the caller's: a runner and a stream each have room of their own and share nothing but the weights.
public struct InferenceModel<Scalar: TensorScalar>: Sendable {
  /// The layers that read the sequences.
  public let body: any SequenceLayer<Scalar>
  /// Where there are outputs.
  public let positions: SequencePositions
  /// Reads the body's outputs at the positions; `nil`: they are the outputs.
  public let head: (any SequenceLayer<Scalar>)?
  let parameters: PackedParameters<Scalar>

  /// A trained model with its parameters.
  public init(_ model: SequenceModel<Scalar>, parameters: ParameterStore<Scalar>) {
    body = model.body
    positions = model.positions
    head = model.head
    precondition(parameters.layout == model.layout, "the parameters are of another model")
    self.parameters = PackedParameters(parameters)
  }

  /// A layer alone, with outputs at all steps.
  public init(layer: any SequenceLayer<Scalar>, parameters: ParameterStore<Scalar>) {
    body = layer
    positions = .all
    head = nil
    self.parameters = PackedParameters(parameters)
  }

  /// F, features of a step's input.
  public var inputSize: Int { body.inputSize }
  /// Q, features of an output.
  public var outputSize: Int { head?.outputSize ?? body.outputSize }

  /// Room and threads to run whole sequences, again and again.
  ///
  /// - Parameter threads: how many may compute. They share the sequences of a batch, or where there are few, the hidden units, if
  ///   every layer's size is a multiple of 32 from 64 on (in double precision 16, from 32 on), or the directions of a
  ///   bidirectional one; they cannot change a bit.
  public func runner(threads: Int = 1) -> InferenceRunner<Scalar> {
    InferenceRunner(self, pool: WorkerPool(threads: threads))
  }

  /// Streams that take one step after another, each from a state of its own, zeros at first.
  ///
  /// - Parameters:
  ///   - count: how many streams take their steps together.
  ///   - threads: how many may compute, as of ``runner(threads:)``.
  /// - Throws: ``InferenceError/readsAhead`` where a layer needs steps to come: a reverse direction.
  public func stream(count: Int = 1, threads: Int = 1) throws(InferenceError) -> InferenceStream<Scalar> {
    precondition(count > 0, "there must be a stream, found \(count)")
    if body.readsAhead { throw .readsAhead }
    return InferenceStream(self, count: count, threads: threads)
  }
}

/// What a model cannot be used for.
public enum InferenceError: Error, Sendable, Hashable, CustomStringConvertible {
  /// A stream of a model with a reverse direction, which begins at the end of the sequence.
  case readsAhead

  public var description: String {
    switch self {
    case .readsAhead:
      "a reverse direction reads the sequence from its end, so it cannot be run step by step; run whole sequences, or train a model of forward layers"
    }
  }
}
