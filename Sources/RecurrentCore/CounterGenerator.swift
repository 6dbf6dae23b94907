/// A counter-based random generator: Philox 4×32 with 10 rounds.
///
/// Each draw is a pure function of (seed, purpose, step, index), so it does not depend on what was drawn before, on the
/// order of a batch or on threads, and a resumed run draws what an uninterrupted one would. Used as a
/// `RandomNumberGenerator` it reads its own stream from `position` on.
///
/// Source: Salmon, Moraes, Dror, Shaw, Parallel random numbers: as easy as 1, 2, 3 (SC 2011),
/// doi:10.1145/2063384.2063405.
public struct CounterGenerator: RandomNumberGenerator, Codable, Sendable, Hashable {
  /// What the numbers are for: streams of different purposes never meet.
  public enum Purpose: UInt32, Codable, Sendable {
    /// First values of parameters; the step is the slot.
    case initialization
    /// The order of examples; the step is the epoch.
    case shuffle
    /// Masks of dropout.
    case dropout
    /// Numbers that a check is made with.
    case check
    /// What a task draws for itself.
    case sampling
    /// Masks of recurrent dropout; the step is the update.
    case recurrentDropout
    /// Masks of zoneout; the step is the update.
    case zoneout
  }

  /// The key of all streams of one run.
  public let seed: UInt64
  /// What the numbers are for.
  public let purpose: Purpose
  /// A number of the caller's: an epoch, an update, a slot. The low 56 bits count.
  public let step: UInt64
  /// Words of 64 bits drawn through `next()`.
  public var position: UInt64 = 0

  /// The stream of (`seed`, `purpose`, `step`), at its start.
  ///
  /// - Parameter step: a number of the caller's, default 0; its low 56 bits count.
  public init(seed: UInt64, purpose: Purpose, step: UInt64 = 0) {
    self.seed = seed
    self.purpose = purpose
    self.step = step
  }

  /// Block `index` of the stream: 128 random bits.
  public func block(at index: UInt64) -> SIMD4<UInt32> {
    let counter = SIMD4<UInt32>(
      UInt32(truncatingIfNeeded: index), UInt32(truncatingIfNeeded: index >> 32),
      UInt32(truncatingIfNeeded: step),
      UInt32(truncatingIfNeeded: step >> 32) & 0x00FF_FFFF | purpose.rawValue << 24)
    return Self.philox(
      counter, key: SIMD2(UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32)))
  }

  /// Word `index` of the stream: half a block.
  public func word(at index: UInt64) -> UInt64 {
    let block = block(at: index >> 1)
    return index & 1 == 0
      ? UInt64(block[0]) | UInt64(block[1]) << 32 : UInt64(block[2]) | UInt64(block[3]) << 32
  }

  /// Draw `index` from the uniform distribution on [0, 1), a multiple of 2⁻⁵³.
  public func uniform(at index: UInt64) -> Double {
    Double(word(at: index) >> 11) * 0x1p-53
  }

  /// Draws `index` and `index + 1` of ``uniform(at:)``, which for an even index are one block.
  package func uniforms(atEven index: UInt64) -> (Double, Double) {
    let block = block(at: index >> 1)
    let first = UInt64(block[0]) | UInt64(block[1]) << 32
    let second = UInt64(block[2]) | UInt64(block[3]) << 32
    return (Double(first >> 11) * 0x1p-53, Double(second >> 11) * 0x1p-53)
  }

  /// Draw `index` from the standard normal distribution (Box and Muller), the same bits on every platform.
  public func normal(at index: UInt64) -> Double {
    let first = 1 - uniform(at: 2 * (index >> 1))
    let second = uniform(at: 2 * (index >> 1) + 1)
    let radius = (-2 * PortableMath.log(first)).squareRoot()
    let (sine, cosine) = PortableMath.sineAndCosine(turns: second)
    return radius * (index & 1 == 0 ? cosine : sine)
  }

  /// Word `position` of the stream; moves on by one. Cost: one block of ten rounds.
  public mutating func next() -> UInt64 {
    defer { position += 1 }
    return word(at: position)
  }

  /// Draw `position` from the uniform distribution on [0, 1); moves on by one.
  package mutating func nextUniform() -> Double {
    defer { position += 1 }
    return uniform(at: position)
  }

  /// A permutation of 0 ..< count (Fisher and Yates), a pure function of the stream.
  public func permutation(_ count: Int) -> [Int] {
    var generator = self
    generator.position = 0
    var order = Array(0..<count)
    for last in stride(from: count - 1, to: 0, by: -1) {
      order.swapAt(last, Int(generator.next().multipliedFullWidth(by: UInt64(last + 1)).high))
    }
    return order
  }

  static func philox(_ counter: SIMD4<UInt32>, key: SIMD2<UInt32>) -> SIMD4<UInt32> {
    var c = counter
    var k = key
    for _ in 0..<10 {
      let left = UInt64(c[0]) * 0xD251_1F53
      let right = UInt64(c[2]) * 0xCD9E_8D57
      c = SIMD4(
        UInt32(right >> 32) ^ c[1] ^ k[0], UInt32(truncatingIfNeeded: right),
        UInt32(left >> 32) ^ c[3] ^ k[1], UInt32(truncatingIfNeeded: left))
      k = k &+ SIMD2(0x9E37_79B9, 0xBB67_AE85)
    }
    return c
  }
}
