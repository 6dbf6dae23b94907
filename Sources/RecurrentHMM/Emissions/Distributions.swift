internal import RecurrentCore

extension [Double] {
  /// Weights as shares of their sum; `nil` where there is none.
  var shares: [Double]? {
    let sum = reduce(0, +)
    return sum > 0 && sum.isFinite ? map { $0 / sum } : nil
  }

  /// The place at which the running sum of these probabilities passes a uniform draw.
  func drawn(using generator: inout CounterGenerator) -> Int {
    let target = generator.nextUniform() * reduce(0, +)
    var sum = 0.0
    var last = 0
    for (index, share) in enumerated() where share > 0 {
      sum += share
      last = index
      if target < sum { return index }
    }
    return last
  }

  /// Gives each state of a group an even share of what was counted of all of them; the states begin at `first`, `stride`
  /// apart. Totals stay, so what is pooled over groups and others, and a prior on each state, weigh as before.
  mutating func share(_ first: Int, stride: Int = 1, among groups: [[Int]]) {
    for group in groups {
      let sum = group.reduce(0) { $0 + self[first + $1 * stride] }
      for state in group { self[first + state * stride] = sum / Double(group.count) }
    }
  }
}
