internal import RecurrentCore

/// Something that a weight's gradient is a sum of: rows of gradients D and of inputs X that stand in a layer's room after
/// back-propagation.
struct GradientTerm<Scalar: TensorScalar> {
  enum Kind {
    /// Rows `firstRow` ..< `firstRow` + n of W: Σ Dᵀ X.   X `[T, B, columns of W]`.
    case product(ParameterSlot, firstRow: Int, x: UnsafePointer<Scalar>)
    /// b: Σ D.
    case rows(ParameterSlot)
    /// W, U and b of a cell so small that they are summed as one vector.
    case smallCell(
      ParameterSlot, x: UnsafePointer<Scalar>, hidden: ParameterSlot, h: UnsafePointer<Scalar>,
      bias: ParameterSlot?)
    /// Σ Dᵀ X where X is one-hot: D's rows are added to the symbol's column of W `[n, V]`, or of an embedding E `[V, n]` to
    /// the symbol's row.
    case symbols(ParameterSlot, UnsafePointer<Int32>, isEmbedding: Bool)
    /// Whole gradients of all parameters, one a shard, from a layer that has no room of this kind.
    case stores(ShardStores<Scalar>)
  }

  let kind: Kind
  let plan: SequencePlan
  /// Whether rows are added last step first.
  let isDescending: Bool
  /// D: n columns from here, rows `row` apart.
  let d: UnsafePointer<Scalar>
  let n: Int
  let row: Int
}

/// Gradients of the shards of a batch, from a layer that computes them itself. Sent unchecked: each thread writes the stores of
/// its own shards, and they are added once all have come.
final class ShardStores<Scalar: TensorScalar>: @unchecked Sendable {
  var stores: [ParameterStore<Scalar>] = []
}
