/// A named mistake in back-propagation, to show that ``GradientCheck`` sees it and says where.
///
/// Each is put into a small network of its own by a layer or a cell that stands in for the right one; the differences
/// come from the right network. The report must fail for ``expected`` and for nothing else.
public enum GradientFault: String, CaseIterable, Sendable, Codable {
  /// Outputs at the first and last step, and the reverse chain takes back only the first one's gradient.
  case reverseLastOutputGradientOmitted = "reverse-last-output-gradient-omitted"
  /// Parameter gradients of a step replace those of the steps before, instead of adding.
  case gradientsOverwritten = "gradients-overwritten"
  /// Nothing is carried from a step back to the one before it.
  case recurrentGradientDropped = "recurrent-gradient-dropped"
  /// The gradient of the initial state is zero.
  case initialStateGradientDropped = "initial-state-gradient-dropped"
  /// What the final state adds to the loss is not taken back.
  case finalStateGradientIgnored = "final-state-gradient-ignored"
  /// The final state's gradient is lost for sequences that end before the longest.
  case finishedRowsNotRestored = "finished-rows-not-restored"
  /// The bias gets no gradient.
  case biasGradientOmitted = "bias-gradient-omitted"
  /// An upper layer gives no gradient to the layer below it.
  case inputGradientOmitted = "input-gradient-omitted"
  /// The derivative of tanh is taken as 1.
  case activationDerivativeOmitted = "activation-derivative-omitted"
  /// The recurrent weight's gradient uses the state after the step, not before it.
  case stateAfterInsteadOfBefore = "state-after-instead-of-before"
  /// The gradient through the reset gate of a GRU is left out.
  case gruResetPathDropped = "gru-reset-path-dropped"
  /// The gradient of an LSTM's memory is not carried back in time.
  case lstmCellGradientDropped = "lstm-cell-gradient-dropped"
  /// Parameter gradients of an LSTM's forget and input gates are exchanged.
  case lstmForgetAndInputSwapped = "lstm-forget-and-input-swapped"
  /// A reverse layer gives its input's gradients in the order that it ran.
  case reverseInputGradientNotTurned = "reverse-input-gradient-not-turned"
  /// The halves of a concatenation are taken back to the wrong directions.
  case mergeHalvesSwapped = "merge-halves-swapped"
  /// A product of directions is taken back without the other direction's factor.
  case productWithoutPartner = "product-without-partner"
  /// A mean of directions is taken back as their sum.
  case meanWithoutHalf = "mean-without-half"
  /// Gradients pass dropout without its mask.
  case dropoutMaskNotApplied = "dropout-mask-not-applied"
  /// The last output's gradient is put at the end of the batch, not of its sequence.
  case lastOutputTakenFromPadding = "last-output-taken-from-padding"
  /// The gradient of the loss is twice what it is.
  case lossGradientDoubled = "loss-gradient-doubled"
  /// Each output is compared with the label of the step before, the first with that of the last.
  case labelOneStepLate = "label-one-step-late"
  /// Rows whose class is to be ignored have a gradient.
  case ignoredRowsCounted = "ignored-rows-counted"
  /// The loss smooths its labels, and its gradient does not.
  case labelSmoothingOmitted = "label-smoothing-omitted"

  /// The mistake in words.
  public var summary: String {
    switch self {
    case .reverseLastOutputGradientOmitted:
      "outputs at the first and last step, and the reverse chain takes back only the first one's gradient"
    case .gradientsOverwritten:
      "parameter gradients of a step replace those of the steps before, instead of adding"
    case .recurrentGradientDropped: "nothing is carried from a step back to the one before it"
    case .initialStateGradientDropped: "the gradient of the initial state is zero"
    case .finalStateGradientIgnored: "what the final state adds to the loss is not taken back"
    case .finishedRowsNotRestored:
      "the final state's gradient is lost for sequences that end before the longest"
    case .biasGradientOmitted: "the bias gets no gradient"
    case .inputGradientOmitted: "an upper layer gives no gradient to the layer below it"
    case .activationDerivativeOmitted: "the derivative of tanh is taken as 1"
    case .stateAfterInsteadOfBefore:
      "the recurrent weight's gradient uses the state after the step, not before it"
    case .gruResetPathDropped: "the gradient through the reset gate of a GRU is left out"
    case .lstmCellGradientDropped: "the gradient of an LSTM's memory is not carried back in time"
    case .lstmForgetAndInputSwapped: "parameter gradients of an LSTM's forget and input gates are exchanged"
    case .reverseInputGradientNotTurned:
      "a reverse layer gives its input's gradients in the order that it ran"
    case .mergeHalvesSwapped: "the halves of a concatenation are taken back to the wrong directions"
    case .productWithoutPartner: "a product of directions is taken back without the other direction's factor"
    case .meanWithoutHalf: "a mean of directions is taken back as their sum"
    case .dropoutMaskNotApplied: "gradients pass dropout without its mask"
    case .lastOutputTakenFromPadding:
      "the last output's gradient is put at the end of the batch, not of its sequence"
    case .lossGradientDoubled: "the gradient of the loss is twice what it is"
    case .labelOneStepLate:
      "each output is compared with the label of the step before, the first with that of the last"
    case .ignoredRowsCounted: "rows whose class is to be ignored have a gradient"
    case .labelSmoothingOmitted: "the loss smooths its labels, and its gradient does not"
    }
  }

  /// The names of the report's entries that go wrong, in the report's order.
  public var expected: [String] {
    switch self {
    case .reverseLastOutputGradientOmitted: ["body.1.0.reverse.weightInput", "body.1.1.weight"]
    case .gradientsOverwritten, .lstmForgetAndInputSwapped: Self.cell("body.forward")
    case .initialStateGradientDropped: ["initialState.hidden"]
    case .biasGradientOmitted: ["body.forward.bias"]
    case .stateAfterInsteadOfBefore: ["body.forward.weightHidden"]
    case .reverseInputGradientNotTurned: ["input"]
    case .recurrentGradientDropped, .finalStateGradientIgnored, .finishedRowsNotRestored,
      .activationDerivativeOmitted, .lastOutputTakenFromPadding:
      Self.cell("body.forward") + ["input", "initialState.hidden"]
    case .inputGradientOmitted, .dropoutMaskNotApplied:
      Self.cell("body.0.forward") + ["input", "initialState.0.hidden"]
    case .gruResetPathDropped:
      Self.cell("body.forward") + ["body.forward.biasHidden", "input", "initialState.hidden"]
    case .lstmCellGradientDropped:
      Self.cell("body.forward") + ["input", "initialState.hidden", "initialState.cell"]
    case .mergeHalvesSwapped, .productWithoutPartner, .meanWithoutHalf:
      Self.cell("body.forward") + Self.cell("body.reverse")
        + ["input", "initialState.forward.hidden", "initialState.reverse.hidden"]
    case .labelOneStepLate:
      // Every label still occurs as often as before, and that is all that the head's bias depends on.
      Self.cell("body.forward") + ["head.weight", "input", "initialState.hidden"]
    case .lossGradientDoubled, .ignoredRowsCounted, .labelSmoothingOmitted:
      Self.cell("body.forward") + ["head.weight", "head.bias", "input", "initialState.hidden"]
    }
  }

  private static func cell(_ prefix: String) -> [String] {
    ["weightInput", "weightHidden", "bias"].map { "\(prefix).\($0)" }
  }

  /// The check of this fault's network with the fault in it.
  public func report() -> GradientReport { report(faulty: true) }

  /// The check of the same network as it is without the fault: it passes.
  public func reportWithoutFault() -> GradientReport { report(faulty: false) }
}
