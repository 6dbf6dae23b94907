/// Tick positions and labels of an axis, and the range that they make the axis cover.
struct Ticks: Hashable {
  struct Tick: Hashable {
    var value: Double
    var label: String
  }

  var range: ClosedRange<Double>
  var ticks: [Tick]

  /// Round positions 1, 2 or 5 × 10^k apart.
  ///
  /// - Parameters:
  ///   - range: What must be covered.
  ///   - count: About how many steps.
  ///   - extends: Whether the range grows to the next tick on both sides.
  static func linear(_ range: ClosedRange<Double>, count: Int, extends: Bool) -> Ticks {
    let range = widened(range)
    let step = Step(atLeast: (range.upperBound - range.lowerBound) / Double(max(count, 1)))
    // A little slack keeps a bound that is a tick but for rounding from costing a whole step.
    let slack = 1e-9
    let lowest = range.lowerBound / step.value
    let highest = range.upperBound / step.value
    let first = extends ? (lowest + slack).rounded(.down) : (lowest - slack).rounded(.up)
    let last = extends ? (highest - slack).rounded(.up) : (highest + slack).rounded(.down)
    let values = first <= last ? (Int(first)...Int(last)).map(step.multiple) : []
    let covered =
      extends
      ? min(values.first!, range.lowerBound)...max(values.last!, range.upperBound) : range
    return Ticks(range: covered, ticks: labelled(values, step: step))
  }

  /// 1, 2 and 5 of each decade, or whole decades where there are many. The range must be positive.
  static func logarithmic(_ range: ClosedRange<Double>) -> Ticks {
    precondition(range.lowerBound > 0, "logarithmic axis: lower bound \(range.lowerBound)")
    if range.upperBound / range.lowerBound < 2 {
      let ticks = linear(range, count: 5, extends: true)
      if ticks.range.lowerBound > 0 { return ticks }
    }
    let low = DecimalDigits(range.lowerBound).point - 1
    let high = DecimalDigits(range.upperBound).point
    let decades = high - low
    let mantissas: [Double] = decades > 3 ? [1] : [1, 2, 5]
    var values: [Double] = []
    for exponent in low...high {
      values += mantissas.map { Step.scaled(Int($0), exponent) }
    }
    let first = values.lastIndex { $0 <= range.lowerBound } ?? 0
    let last = values.firstIndex { $0 >= range.upperBound } ?? values.count - 1
    values = Array(values[first...max(first, last)])
    let covered = min(values[0], range.lowerBound)...max(values.last!, range.upperBound)
    let stride = max(1, (values.count + 7) / 8)
    let ticks = values.enumerated().filter { $0.offset % stride == 0 }.map {
      Tick(value: $0.element, label: NumberFormat.shortest.text($0.element))
    }
    return Ticks(range: covered, ticks: ticks)
  }

  /// A range that is wide enough to be divided: one value becomes a neighbourhood of it.
  static func widened(_ range: ClosedRange<Double>) -> ClosedRange<Double> {
    let (low, high) = (range.lowerBound, range.upperBound)
    let magnitude = max(low.magnitude, high.magnitude)
    if high - low > magnitude * 1e-9 { return range }
    let margin = magnitude > 0 ? magnitude * 0.1 : 1
    return (low - margin)...(high + margin)
  }

  private static func labelled(_ values: [Double], step: Step) -> [Tick] {
    let largest = values.map(\.magnitude).max() ?? 0
    let isPlain = largest < 1e7 && step.exponent >= -5
    return values.map { value in
      let label: String
      if isPlain {
        label = NumberFormat.fixed(max(0, -step.exponent)).text(value)
      } else {
        let digits = DecimalDigits(value.magnitude).point - 1 - step.exponent
        label = value == 0 ? "0" : NumberFormat.scientific(max(0, digits)).text(value)
      }
      return Tick(value: value, label: label)
    }
  }
}

/// 1, 2 or 5 times a power of ten.
struct Step {
  let mantissa: Int
  let exponent: Int

  /// The smallest such step that is not below the value.
  init(atLeast value: Double) {
    precondition(value > 0 && value.isFinite, "Step: \(value)")
    var exponent = DecimalDigits(value).point - 1
    var mantissa = 1
    for candidate in [1, 2, 5, 10] {
      mantissa = candidate
      if Self.scaled(candidate, exponent) >= value * (1 - 1e-12) { break }
    }
    if mantissa == 10 { (mantissa, exponent) = (1, exponent + 1) }
    self.mantissa = mantissa
    self.exponent = exponent
  }

  var value: Double { multiple(1) }

  /// A multiple of the step, rounded once: 3 × 0.1 is 0.3.
  func multiple(_ count: Int) -> Double { Self.scaled(count * mantissa, exponent) }

  static func scaled(_ count: Int, _ exponent: Int) -> Double { Double("\(count)e\(exponent)") ?? 0 }
}
