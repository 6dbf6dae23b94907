/// A curve in one line of block characters, for a terminal.
public enum Sparkline {
  /// Draws the values from ▁ (least) to █ (largest); a value that is not finite is a space.
  ///
  /// - Parameters:
  ///   - values: The curve, in order.
  ///   - width: The most characters. A longer curve is cut into that many stretches, each shown by its mean.
  public static func text(_ values: [Double], width: Int = 40) -> String {
    precondition(width > 0, "Sparkline: width \(width)")
    let count = min(width, values.count)
    let means = (0..<count).map { index in
      let stretch = values[(index * values.count / count)..<((index + 1) * values.count / count)]
      let finite = stretch.filter(\.isFinite)
      // Divided first: the sum of large values may overflow.
      return finite.isEmpty ? Double.nan : finite.reduce(0) { $0 + $1 / Double(finite.count) }
    }
    guard let low = means.filter(\.isFinite).min(), let high = means.filter(\.isFinite).max() else {
      return String(repeating: " ", count: count)
    }
    let blocks = Array("▁▂▃▄▅▆▇█")
    let span = high / 2 - low / 2
    return String(
      means.map { value in
        guard value.isFinite else { return " " }
        let share = span > 0 ? (value / 2 - low / 2) / span : 0.5
        return blocks[min(7, Int(share * 8))]
      })
  }
}
