/// A small generator (SplitMix64) so that every test names its own numbers by a seed.
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// `count` values in `-scale ... scale`.
  mutating func values<T: KernelScalar>(_ count: Int, of type: T.Type, scale: Double = 1) -> [T] {
    (0..<count).map { _ in T(Double.random(in: -scale...scale, using: &self)) }
  }
}

/// The first place where two arrays differ in a bit (any NaN equals any NaN), in words; nil where they do not.
func difference<T: KernelScalar>(_ found: [T], _ expected: [T]) -> String? {
  guard found.count == expected.count else { return "\(found.count) elements, expected \(expected.count)" }
  for (index, (a, b)) in zip(found, expected).enumerated() {
    if a.isNaN && b.isNaN { continue }
    if a != b || a.sign != b.sign { return "[\(index)] is \(a), expected \(b)" }
  }
  return nil
}

/// The first place where two arrays differ by more than `tolerance` times `max(1, |expected|)`; nil where they do not.
func difference<T: KernelScalar>(_ found: [T], _ expected: [T], tolerance: Double) -> String? {
  guard found.count == expected.count else { return "\(found.count) elements, expected \(expected.count)" }
  for (index, (a, b)) in zip(found, expected).enumerated() {
    let error = abs(Double(a) - Double(b))
    if !(error <= tolerance * max(1, abs(Double(b)))) { return "[\(index)] is \(a), expected \(b)" }
  }
  return nil
}
