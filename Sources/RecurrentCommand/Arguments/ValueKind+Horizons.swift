internal import RecurrentData

extension ValueKind where Value == [Int] {
  /// Rows ahead: numbers and ranges of them with commas between, `1,2,4` or `1-24`, none twice.
  package static var horizons: ValueKind {
    ValueKind(
      placeholder: "N,…",
      expectation:
        "whole numbers from 1 to \(furthest), or ranges as in 1-24, with commas between them, at most \(most) in all"
    ) { text throws(ValueProblem) in
      var values: [Int] = []
      var seen: Set<Int> = []
      for part in text.split(separator: ",", omittingEmptySubsequences: false) {
        let range = try span(String(part))
        guard values.count + range.count <= most else { throw ValueProblem(part: String(part)) }
        for value in range {
          guard seen.insert(value).inserted else {
            throw ValueProblem(part: String(part), advice: "\(value) stands there twice")
          }
          values.append(value)
        }
      }
      return values
    } describe: { values in
      runs(values).map(\.text).joined(separator: ",")
    }
  }

  private static var furthest: Int { WindowPlan.sizes.upperBound }
  /// Each is an output of the network and a line of the report.
  private static var most: Int { 1000 }

  private static func span(_ text: String) throws(ValueProblem) -> ClosedRange<Int> {
    let bounds = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
    guard bounds.count == 1 || bounds.count == 2, let first = bounds[0], let last = bounds[bounds.count - 1],
      first >= 1, last <= furthest
    else { throw ValueProblem(part: text) }
    guard first <= last else {
      throw ValueProblem(part: text, advice: "did you mean '\(last)-\(first)'?")
    }
    return first...last
  }

  /// Neighbours that follow one another, as ranges.
  private static func runs(_ values: [Int]) -> [ClosedRange<Int>] {
    values.reduce(into: []) { runs, value in
      if let last = runs.last, last.upperBound + 1 == value {
        runs[runs.count - 1] = last.lowerBound...value
      } else {
        runs.append(value...value)
      }
    }
  }
}

extension ClosedRange<Int> {
  /// Two neighbours are shorter as two numbers.
  fileprivate var text: String {
    switch count {
    case 1: "\(lowerBound)"
    case 2: "\(lowerBound),\(upperBound)"
    default: "\(lowerBound)-\(upperBound)"
    }
  }
}
