internal import RecurrentCore

/// The numbers of a batch where they stand: `[T, B, F]`, or in place of one-hot vectors their symbols, `[T, B]`.
///
/// What it points to belongs to somebody else and outlives the work of a step.
struct SequenceView<Scalar: TensorScalar> {
  var values: UnsafePointer<Scalar>
  /// Where not `nil`, row r is the one-hot vector of `symbols[r]`, and `values` is not read.
  var symbols: UnsafePointer<Int32>?
  var features: Int
}
