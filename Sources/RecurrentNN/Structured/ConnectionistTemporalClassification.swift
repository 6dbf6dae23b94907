public import RecurrentCore

/// Connectionist temporal classification (CTC): labels in order whose places in the sequence are not known.
///
/// Every step of logits z `[T, V]` chooses one of V symbols, one of which, the blank, stands for no label. A path of T symbols
/// reads as the labels that are left once equal neighbours are joined and then blanks are dropped; labels l have the
/// probability of all paths that read so:
///
///     p(l) = Σ_{π reads as l} Πₜ yₜ(πₜ),    y = softmax(z)
///     loss = −log p(l),    ∂/∂z(t, k) = yₜ(k) − P(πₜ = k | l)
///
/// L labels need T ≥ L + (equal neighbours among them) steps; no label, L = 0, is all blanks, and p = 1 where T = 0 too. The sum
/// runs by forward and backward recursions over the 2 L + 1 labels with blanks between, in logarithms (`LogSumExp`), in
/// Double; softmax is computed in `Scalar`. Time T (V + L), memory T (V + L).
///
/// A loss is counted by sequences: the number of labels may be 0, and that of steps says nothing of how much is to be read.
/// So the sum is PyTorch's `ctc_loss` with `reduction="sum"`; its "mean" divides each loss by its number of labels before.
///
/// Source: Graves, Fernández, Gomez and Schmidhuber, Connectionist temporal classification (ICML 2006),
/// doi:10.1145/1143844.1143891.
public struct ConnectionistTemporalClassification: Sendable, Hashable, Codable {
  /// Which symbol is the blank; default 0, as PyTorch's.
  public var blank: Int
  /// What labels count for that no path reads as, for want of steps or because a probability is 0. False, the default: their
  /// loss is +∞ and has no gradient (NaN), which stops a training run. True: nothing, neither in sum, count nor gradient.
  public var zeroInfinity: Bool

  /// A loss with this blank.
  public init(blank: Int = 0, zeroInfinity: Bool = false) {
    self.blank = blank
    self.zeroInfinity = zeroInfinity
  }

  /// Σ −log p over the sequences of logits `[T, B, V]`.
  ///
  /// - Parameter labels: a list for each sequence, of symbols other than the blank.
  ///
  /// Precondition: labels are such symbols; ``validate(_:lengths:symbols:)`` checks that before.
  public func loss<Scalar>(_ logits: SequenceBatch<Scalar>, labels: [[Int]]) -> LossSum {
    SequenceObjective<Scalar>.connectionistTemporalClassification(self).value(
      of: logits.rows, logits.sequencesOfRows, targets: .labels(labels), parameters: nil)
  }

  /// The same loss with ∂sum/∂logits `[T, B, V]`, 0 in the padding.
  public func gradient<Scalar>(
    _ logits: SequenceBatch<Scalar>, labels: [[Int]]
  ) -> (value: LossSum, gradient: SequenceBatch<Scalar>) {
    let made = SequenceObjective<Scalar>.connectionistTemporalClassification(self).evaluate(
      logits.rows, logits.sequencesOfRows, .labels(labels), nil, needsGradient: true)
    return (made.value, logits.scattering(made.gradient, rows: logits.filledRows))
  }

  /// Checks labels before anything is trained on them.
  ///
  /// - Parameters:
  ///   - labels: a list for each sequence.
  ///   - lengths: how many steps each sequence has.
  ///   - symbols: V, with the blank.
  public func validate(
    _ labels: [[Int]], lengths: [Int], symbols: Int
  ) throws(SequenceTargetError) {
    if labels.count != lengths.count { throw .sequences(found: labels.count, expected: lengths.count) }
    for (sequence, (own, steps)) in zip(labels, lengths).enumerated() {
      if let problem = problem(own, symbols: symbols, sequence: sequence) { throw problem }
      let needed = own.count + zip(own, own.dropFirst()).count { $0 == $1 }
      if steps < needed && !zeroInfinity {
        throw .tooFewSteps(sequence: sequence, steps: steps, needed: needed)
      }
    }
  }

  /// Why a sequence cannot have these labels, whatever its length.
  func problem(_ labels: [Int], symbols: Int, sequence: Int) -> SequenceTargetError? {
    for (place, label) in labels.enumerated() {
      if label < 0 || label >= symbols {
        return .label(sequence: sequence, step: place, found: label, count: symbols)
      }
      if label == blank { return .blank(sequence: sequence, place: place, blank: blank) }
    }
    return nil
  }
}
