public import RecurrentCore

/// Inverted dropout between layers: in training each element is zeroed with probability `rate` and the others are
/// scaled by 1 / (1 − rate); otherwise it passes everything.
///
/// The mask is a pure function of (seed, update, stream, sequence, step, feature), so it does not depend on batch
/// order, threads or resumption. Source: Srivastava et al., JMLR 15 (2014).
public struct Dropout<Scalar: TensorScalar>: SequenceLayer {
  public let inputSize: Int
  public let rate: Double
  /// Tells the dropout layers of one model apart. Below 2¹⁶.
  public let stream: Int

  /// Precondition: 0 ≤ rate < 1.
  public init(size: Int, rate: Double, stream: Int) {
    precondition(rate >= 0 && rate < 1, "dropout rate must be in 0 ..< 1, found \(rate)")
    precondition(stream >= 0 && stream < 1 << 16, "dropout stream must be in 0 ..< 65536, found \(stream)")
    inputSize = size
    self.rate = rate
    self.stream = stream
  }

  public var outputSize: Int { inputSize }

  public func zeroState(batchSize: Int) -> LayerState<Scalar> { .none }

  public func forward(
    _ input: SequenceBatch<Scalar>, from initialState: LayerState<Scalar>,
    parameters: PackedParameters<Scalar>, mode: RunMode
  ) -> LayerRun<Scalar> {
    guard rate > 0, case .training(let seed, let update) = mode else {
      return LayerRun(output: input, finalState: .none) { gradient, _, _ in
        LayerGradient(input: gradient, initialState: .none)
      }
    }
    let mask = mask(for: input, seed: seed, update: update)
    var output = input
    output.multiply(by: mask)
    return LayerRun(output: output, finalState: .none) { outputGradient, _, _ in
      var gradient = outputGradient
      gradient.multiply(by: mask)
      let input = gradient
      return LayerGradient(input: input, initialState: .none)
    }
  }

  /// 0 or 1 / (1 − rate) for every element. An element's draw is keyed by its sequence's identifier (low 24 bits apart
  /// from the step's 24 and the feature's 16), never by its place in the batch.
  private func mask(for input: SequenceBatch<Scalar>, seed: UInt64, update: UInt64) -> SequenceBatch<Scalar> {
    let generator = CounterGenerator(seed: seed, purpose: .dropout, step: update << 16 | UInt64(stream))
    let scale = Scalar(1 / (1 - rate))
    var mask = input.blank(features: inputSize)
    for t in 0..<input.steps {
      for b in 0..<input.batchSize where t < input.lengths[b] {
        let key = input.identifiers[b] << 40 | UInt64(t) << 16
        for f in 0..<inputSize where generator.uniform(at: key | UInt64(f)) >= rate {
          mask[t, b, f] = scale
        }
      }
    }
    return mask
  }
}
