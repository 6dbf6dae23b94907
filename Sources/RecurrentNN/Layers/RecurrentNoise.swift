internal import RecurrentCore

/// Noise in the state of a recurrent layer, which keeps it from learning its training data by heart: recurrent dropout and
/// zoneout. Whatever the cell, in either direction.
///
///     recurrent dropout:  the cell's recurrent products read m ⊙ h in place of h; m of a unit is 0 with probability p, else
///                         1 / (1 − p), and the same at every step of a sequence. Training only.
///     zoneout:            s′ ← k ⊙ s + (1 − k) ⊙ s′ for every component of the state; k of a unit is 1 with probability z,
///                         else 0, drawn at every step. In use k is its expectation, z.
///
/// h after zoneout is also the layer's output. An adjoint multiplies by the same m, k and 1 − k. Masks are a pure function of
/// (seed, update, stream, sequence, step, unit), so they do not depend on batch order, threads or resumption.
/// Sources: recurrent dropout: Gal and Ghahramani (2016), arXiv:1512.05287; zoneout: Krueger et al. (2017), arXiv:1606.01305.
public struct RecurrentNoise: Sendable, Hashable {
  /// p of recurrent dropout, 0 ≤ p < 1.
  public let dropout: Double
  /// z of h, the component that is the output, 0 ≤ z < 1.
  public let zoneout: Double
  /// z of every other component of the state: of an LSTM's memory c.
  public let zoneoutMemory: Double
  /// Tells the recurrent layers of one model apart, at least 0.
  public let stream: Int

  /// Precondition: 0 ≤ rate < 1 for each rate, 0 ≤ stream.
  public init(dropout: Double = 0, zoneout: Double = 0, zoneoutMemory: Double = 0, stream: Int) {
    for (name, rate) in [
      ("recurrent dropout", dropout), ("zoneout", zoneout), ("zoneout of the memory", zoneoutMemory),
    ] {
      precondition(rate >= 0 && rate < 1, "the rate of \(name) must be in 0 ..< 1, found \(rate)")
    }
    precondition(stream >= 0, "the stream of noise must be at least 0, found \(stream)")
    self.dropout = dropout
    self.zoneout = zoneout
    self.zoneoutMemory = zoneoutMemory
    self.stream = stream
  }

  /// Whether a layer in that mode differs from one without noise.
  func acts(in mode: RunMode) -> Bool {
    if zoneout > 0 || zoneoutMemory > 0 { return true }
    return dropout > 0 && mode != .inference
  }

  /// z of each component of a state.
  func zoneoutRates(components: Int, hidden: Int?) -> [Double] {
    (0..<components).map { $0 == hidden ? zoneout : zoneoutMemory }
  }
}

// The masks. Each sequence has streams of its own, drawn by its identifier, never by its place in the batch.
extension RecurrentNoise {
  /// m `[B, size]` of some sequences of a batch in training: 0 or 1 / (1 − p).
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func fillMask<Scalar: TensorScalar>(
    _ mask: UnsafeMutablePointer<Scalar>, size: Int, seed: UInt64, update: UInt64, sequences: Range<Int>,
    identifiers: [UInt64]
  ) {
    let streams = streams(.recurrentDropout, seed, update, component: 0)
    let scale = Scalar(1 / (1 - dropout))
    for b in sequences {
      let own = CounterGenerator(seed: streams.word(at: identifiers[b]), purpose: .recurrentDropout)
      let row = mask + b * size
      for unit in 0..<size { row[unit] = own.uniform(at: UInt64(unit)) >= dropout ? scale : 0 }
    }
  }

  /// k `[T, B, size]` of one component of some sequences of a batch, padding untouched: 1 or 0 in training, z in use. The batch's
  /// first step is step `firstStep` of the sequences.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func fillKept<Scalar: TensorScalar>(
    _ kept: UnsafeMutablePointer<Scalar>, rate: Double, component: Int, size: Int, _ mode: RunMode,
    sequences: Range<Int>, batchSize: Int, lengths: [Int], identifiers: [UInt64],
    firstStep: Int = 0
  ) {
    guard case .training(let seed, let update) = mode else {
      for b in sequences {
        for t in 0..<lengths[b] {
          (kept + (t * batchSize + b) * size).update(repeating: Scalar(rate), count: size)
        }
      }
      return
    }
    let streams = streams(.zoneout, seed, update, component: component)
    for b in sequences {
      precondition(
        (firstStep + lengths[b]) >> 32 == 0 && size >> 32 == 0, "zoneout: more than 2³² steps or units")
      let own = CounterGenerator(seed: streams.word(at: identifiers[b]), purpose: .zoneout)
      for t in 0..<lengths[b] {
        let row = kept + (t * batchSize + b) * size
        for unit in stride(from: 0, to: size, by: 2) {
          let draws = own.uniforms(atEven: UInt64(firstStep + t) << 32 | UInt64(unit))
          row[unit] = draws.0 < rate ? 1 : 0
          if unit + 1 < size { row[unit + 1] = draws.1 < rate ? 1 : 0 }
        }
      }
    }
  }

  private func streams(
    _ purpose: CounterGenerator.Purpose, _ seed: UInt64, _ update: UInt64, component: Int
  ) -> CounterGenerator {
    let layers = CounterGenerator(seed: seed, purpose: purpose, step: update)
    return CounterGenerator(
      seed: layers.word(at: UInt64(stream)), purpose: purpose, step: UInt64(component))
  }
}
