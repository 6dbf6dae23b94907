public import RecurrentCore

/// y = x E: a vector for every symbol.   x `[T, B, V]` one-hot, E `[V, D]`, y `[T, B, D]`.
///
/// Of a ``SymbolBatch`` it reads one row of E a symbol, and its gradient adds to those rows alone; vectors x that are not
/// one-hot are multiplied. Adjoint: dE += xᵀ dy, dx = dy Eᵀ. Carries no state. The cost of a step is that of the rows that
/// occur, and so is that of plain gradient descent and of sparse Adam; other optimisers with moments or weight decay move all of
/// E.
public struct Embedding<Scalar: TensorScalar>: SequenceLayer {
  /// V.
  public let inputSize: Int
  /// D.
  public let outputSize: Int
  /// E `[V, D]`, a table: not packed, unless it is shared.
  public let weight: ParameterSlot

  /// - Parameters:
  ///   - vocabulary: V.
  ///   - size: D.
  ///   - initializer: of E; normal with standard deviation 1 unless given, PyTorch's for embeddings.
  ///   - isShared: whether a ``Linear`` is to have E as its weight too (`Linear(sharing:)`), which packs it for products.
  public init(
    vocabulary: Int, size: Int, initializer: Initializer = .normal(standardDeviation: 1),
    isShared: Bool = false, named name: String, in layout: inout ParameterLayout
  ) {
    inputSize = vocabulary
    outputSize = size
    let name = "\(name).weight"
    weight =
      isShared
      ? layout.addWeight(name, rows: vocabulary, columns: size, initializer: initializer)
      : layout.addTable(name, rows: vocabulary, columns: size, initializer: initializer)
  }

  /// Never.
  public var readsAhead: Bool { false }
  /// `.none`: it carries nothing over time.
  public func zeroState(batchSize: Int) -> LayerState<Scalar> { .none }

  /// y = x E at every step that has data.
  public func forward(
    _ input: SequenceBatch<Scalar>, from initialState: LayerState<Scalar>,
    parameters: PackedParameters<Scalar>, mode: RunMode
  ) -> LayerRun<Scalar> {
    precondition(
      input.features == inputSize, "'\(weight.name)' expects \(inputSize) features, found \(input.features)")
    return EmbeddingExecution(self).run(input, parameters: parameters, mode: mode) {
      EmbeddingExecution(self)
    }
  }
}
