package import RecurrentCore
package import RecurrentNN

/// Equality to the bit, with the first place that differs in words. 0 and −0 count as equal; NaN equals nothing.
package func difference<Scalar: TensorScalar>(
  _ what: String, _ found: [Scalar], _ expected: [Scalar]
) -> [String] {
  guard found.count == expected.count else {
    return ["\(what): \(found.count) elements, expected \(expected.count)"]
  }
  for index in found.indices where found[index] != expected[index] {
    return ["\(what): element \(index) is \(found[index]), expected \(expected[index])"]
  }
  return []
}

package func difference<Scalar: TensorScalar>(
  _ what: String, _ found: SequenceBatch<Scalar>, _ expected: SequenceBatch<Scalar>
) -> [String] {
  guard found.lengths == expected.lengths && found.features == expected.features else {
    return [
      "\(what): \(found.features) features, lengths \(found.lengths), expected \(expected.features), \(expected.lengths)"
    ]
  }
  return difference(what, found.values, expected.values)
}

package func difference<Scalar: TensorScalar>(
  _ what: String, _ found: LayerState<Scalar>, _ expected: LayerState<Scalar>
) -> [String] {
  let found = found.components
  let expected = expected.components
  guard found.map(\.path) == expected.map(\.path) else {
    return ["\(what): components \(found.map(\.path)), expected \(expected.map(\.path))"]
  }
  return zip(found, expected).flatMap {
    difference("\(what) \($0.path)", $0.value.elements, $1.value.elements)
  }
}

/// max|found − expected| / max(1, max|expected|); infinite where the counts differ or a number is not finite.
package func scaledError<Scalar: TensorScalar>(_ found: [Scalar], _ expected: [Scalar]) -> Double {
  guard found.count == expected.count else { return .infinity }
  var error = 0.0
  var magnitude = 1.0
  for (f, e) in zip(found, expected) {
    let difference = abs(Double(f) - Double(e))
    guard difference.isFinite else { return .infinity }
    error = max(error, difference)
    magnitude = max(magnitude, abs(Double(e)))
  }
  return error / magnitude
}
