package import RecurrentCore

/// How the steps of a batch are gone through.
package struct Passage: Sendable, Hashable {
  /// Which step of its sequences the batch's first one is: random masks are keyed by the steps of the whole.
  package var firstStep: Int
  /// How many steps are held at once, at most; `nil`: all. It cannot change a bit of a loss or of a gradient.
  package var segment: Int?

  package init(firstStep: Int = 0, segment: Int? = nil) {
    (self.firstStep, self.segment) = (firstStep, segment)
  }
}

/// What a model at work can do with sequences that one update does not hold as a whole, without its type.
package struct LongSequences<Scalar: TensorScalar, Batch> {
  /// As ``TrainingExecution/gradient``.
  package let gradient:
    (Batch, PackedParameters<Scalar>, RunMode, Passage, inout GradientStore<Scalar>) -> LossSum
  /// As ``TrainingExecution/loss``.
  package let loss: (Batch, PackedParameters<Scalar>, Passage) -> LossSum
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
      self.gradient(of: $0, parameters: $1, mode: $2, passage: $3, into: &$4)
    } loss: {
      self.loss(of: $0, parameters: $1, passage: $2)
    } advance: {
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
