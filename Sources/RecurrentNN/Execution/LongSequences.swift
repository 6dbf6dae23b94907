package import RecurrentCore

/// What a model at work can do with sequences that one update does not hold as a whole, beside going through them by another
/// ``Passage``.
package struct LongSequences<Scalar: TensorScalar, Batch> {
  /// Runs the body alone, for the state after its last steps.
  package let advance: (Batch, PackedParameters<Scalar>, RunMode, Passage) -> Void
  /// See `SequenceModel.window(of:before:reach:next:)`.
  package let window: (Batch, (Int) -> Batch?, Int, Batch?) -> TruncatedWindow<Batch>
  /// The segments of a batch, with so many copies of the parameters, within so many bytes.
  package let segments:
    (_ batch: Batch, _ copiesOfParameters: Int, _ bytes: Int) -> Result<SegmentPlan, SegmentPlan.Excess>
  /// Why a batch's sequences cannot be gone through in segments; `nil`: they can.
  package let segmentProblem: () -> String?
  /// Why a window cannot be longer or shorter than a batch; `nil`: it can.
  package let windowProblem: () -> String?
}

extension ModelExecution {
  package var longSequences: LongSequences<Scalar, SequenceModel<Scalar>.Batch> {
    let model = model
    return LongSequences {
      self.advance($0, parameters: $1, mode: $2, passage: $3)
    } window: {
      model.window(of: $0, before: $1, reach: $2, next: $3)
    } segments: {
      self.segments(of: $0, copiesOfParameters: $1, within: $2)
    } segmentProblem: {
      self.segmentProblem
    } windowProblem: {
      model.windowProblem
    }
  }
}
