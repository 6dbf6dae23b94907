internal import RecurrentData

extension ValueKind where Value == GapPolicy {
  /// A policy that fills a gap from what a forecaster can know. A straight line to the value after the gap is none: it would
  /// hand the network, and every forecast that it is held against, part of what is asked for.
  static var knownGaps: ValueKind {
    let usual = oneOf(
      GapPolicy.allCases.filter { !$0.looksAhead }.map { ($0.rawValue, $0) }, word: \.rawValue)
    return ValueKind(placeholder: usual.placeholder, expectation: usual.expectation, choices: usual.choices) {
      text throws(ValueProblem) in
      if GapPolicy(rawValue: text)?.looksAhead == true {
        throw ValueProblem(advice: "it fills a gap from the value after it, which a forecast cannot know")
      }
      return try usual.parse(text)
    } describe: {
      $0.rawValue
    }
  }
}
