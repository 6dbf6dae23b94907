public import RecurrentCore

/// What dropout zeroes together.
public enum DropoutUnit: String, Sendable, Hashable, Codable, CaseIterable {
  /// Every element is drawn by itself.
  case element
  /// The features of a step: behind an embedding, whole words are left out.
  case step
  /// A feature at all steps of a sequence: one mask a sequence, "variational" or "locked" dropout. Rows that a head reads are
  /// sequences of one step.
  case feature
}

/// Inverted dropout between layers: in training each element is zeroed with probability `rate` and the others are
/// scaled by 1 / (1 − rate); otherwise it passes everything.
///
/// The mask is a pure function of (seed, update, stream, sequence, step, feature), of those that its unit leaves, so it does
/// not depend on batch order, threads or resumption. Sources: Srivastava et al., JMLR 15 (2014); one mask a sequence: Gal and
/// Ghahramani (2016), arXiv:1512.05287.
public struct Dropout<Scalar: TensorScalar>: SequenceLayer {
  /// Features, of the input and of the output.
  public let inputSize: Int
  /// The probability of a zero, 0 ≤ rate < 1; 0 passes everything.
  public let rate: Double
  /// Tells the dropout layers of one model apart. Below 2¹⁶.
  public let stream: Int
  /// What is zeroed together.
  public let unit: DropoutUnit

  /// Precondition: 0 ≤ rate < 1. By default each element is drawn by itself.
  public init(size: Int, rate: Double, stream: Int, unit: DropoutUnit = .element) {
    precondition(rate >= 0 && rate < 1, "dropout rate must be in 0 ..< 1, found \(rate)")
    precondition(stream >= 0 && stream < 1 << 16, "dropout stream must be in 0 ..< 65536, found \(stream)")
    inputSize = size
    self.rate = rate
    self.stream = stream
    self.unit = unit
  }

  /// As many features as come in.
  public var outputSize: Int { inputSize }

  /// Never.
  public var readsAhead: Bool { false }
  /// Carries nothing.
  public func zeroState(batchSize: Int) -> LayerState<Scalar> { .none }

  /// y = m ⊙ x in training, with m either 0 or 1 / (1 − rate); y = x otherwise. Adjoint: dx = m ⊙ dy. Cost: one draw a
  /// unit, which is most of the time where units are elements.
  public func forward(
    _ input: SequenceBatch<Scalar>, from initialState: LayerState<Scalar>,
    parameters: PackedParameters<Scalar>, mode: RunMode
  ) -> LayerRun<Scalar> {
    guard rate > 0, case .training = mode else {
      return LayerRun(output: input, finalState: .none) { gradient, _, _ in
        LayerGradient(input: gradient, initialState: .none)
      }
    }
    let mask = mask(for: input, mode)
    var output = input.withoutPadding
    output.multiply(by: mask)
    return LayerRun(output: output, finalState: .none) { outputGradient, _, _ in
      var gradient = outputGradient.withoutPadding
      gradient.multiply(by: mask)
      let input = gradient
      return LayerGradient(input: input, initialState: .none)
    }
  }

  private func mask(for input: SequenceBatch<Scalar>, _ mode: RunMode) -> SequenceBatch<Scalar> {
    var mask = input.blank(features: inputSize)
    mask.values.withUnsafeMutableBufferPointer { values in
      guard let values = values.baseAddress else { return }
      fillMask(
        values, mode, sequences: 0..<input.batchSize, batchSize: input.batchSize, lengths: input.lengths,
        identifiers: input.identifiers)
    }
    return mask
  }

  /// 0 or 1 / (1 − rate) for every element of some sequences of a batch, padding untouched; 1 where dropout does not act.
  /// Each sequence has a stream of its own, drawn by its identifier, never by its place in the batch; in it, an element's
  /// place is (step, feature). The batch's first step is step `firstStep` of the sequences.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func fillMask(
    _ mask: UnsafeMutablePointer<Scalar>, _ mode: RunMode, sequences: Range<Int>, batchSize: Int,
    lengths: [Int],
    identifiers: [UInt64], firstStep: Int = 0
  ) {
    guard rate > 0, case .training(let seed, let update) = mode else {
      for b in sequences {
        for t in 0..<lengths[b] {
          (mask + (t * batchSize + b) * inputSize).update(repeating: 1, count: inputSize)
        }
      }
      return
    }
    let streams = CounterGenerator(seed: seed, purpose: .dropout, step: update << 16 | UInt64(stream))
    let scale = Scalar(1 / (1 - rate))
    for b in sequences {
      precondition(
        (firstStep + lengths[b]) >> 32 == 0 && inputSize >> 32 == 0,
        "dropout: more than 2³² steps or features")
      let own = CounterGenerator(seed: streams.word(at: identifiers[b]), purpose: .dropout)
      let first = mask + b * inputSize
      for t in 0..<lengths[b] {
        let row = mask + (t * batchSize + b) * inputSize
        let place = UInt64(firstStep + t) << 32
        switch unit {
        case .element:
          for f in 0..<inputSize { row[f] = own.uniform(at: place | UInt64(f)) >= rate ? scale : 0 }
        case .step:
          row.update(repeating: own.uniform(at: place) >= rate ? scale : 0, count: inputSize)
        case .feature where t == 0:
          for f in 0..<inputSize { row[f] = own.uniform(at: UInt64(f)) >= rate ? scale : 0 }
        case .feature:
          row.update(from: first, count: inputSize)
        }
      }
    }
  }
}
