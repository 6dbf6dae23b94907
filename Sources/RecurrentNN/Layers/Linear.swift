public import RecurrentCore

/// y = x Wᵀ + b at every step.   x `[T, B, F]`, W `[Q, F]`, b `[1, Q]`, y `[T, B, Q]`.
///
/// Adjoint: dW += dyᵀ x, db += Σ dy, dx = dy W. Carries no state.
public struct Linear<Scalar: TensorScalar>: SequenceLayer {
  /// F.
  public let inputSize: Int
  /// Q.
  public let outputSize: Int
  /// W `[Q, F]`.
  public let weight: ParameterSlot
  /// b `[1, Q]`; `nil`: none.
  public let bias: ParameterSlot?

  /// - Parameter initializer: of the weight; `nil`: uniform on ±1/√F, PyTorch's for linear layers.
  public init(
    inputSize: Int, outputSize: Int, bias: Bool = true, initializer: Initializer? = nil, named name: String,
    in layout: inout ParameterLayout
  ) {
    self.inputSize = inputSize
    self.outputSize = outputSize
    let first = initializer ?? .uniform(bound: 1 / Double(inputSize).squareRoot())
    weight = layout.addWeight("\(name).weight", rows: outputSize, columns: inputSize, initializer: first)
    self.bias =
      bias
      ? layout.addVector(
        "\(name).bias", columns: outputSize, initializer: initializer == nil ? first : .zeros)
      : nil
  }

  /// A linear map whose weight is another layer's too: y = x Eᵀ + b with the E of an ``Embedding``, so that a symbol has one
  /// vector on its way in and out. Its gradient is the sum of both. Source: Press and Wolf, EACL 2017.
  ///
  /// - Parameter weight: packed for products: of an embedding made with `isShared`, or of another linear map.
  public init(
    sharing weight: ParameterSlot, bias: Bool = true, named name: String, in layout: inout ParameterLayout
  ) {
    precondition(
      !weight.blocks.isEmpty, "'\(weight.name)' is a table; make the embedding with isShared")
    inputSize = weight.columns
    outputSize = weight.rows
    self.weight = weight
    self.bias =
      bias ? layout.addVector("\(name).bias", columns: weight.rows, initializer: .zeros) : nil
  }

  /// Never.
  public var readsAhead: Bool { false }
  /// Carries nothing.
  public func zeroState(batchSize: Int) -> LayerState<Scalar> { .none }

  /// y = x Wᵀ + b at every step that has data, one product over all of them: 2 T B F Q floating-point operations, twice
  /// that back.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func forward(
    _ input: SequenceBatch<Scalar>, from initialState: LayerState<Scalar>,
    parameters: PackedParameters<Scalar>, mode: RunMode
  ) -> LayerRun<Scalar> {
    precondition(
      input.features == inputSize, "'\(weight.name)' expects \(inputSize) features, found \(input.features)")
    return LinearExecution(self).run(input, parameters: parameters, mode: mode) { LinearExecution(self) }
  }
}
