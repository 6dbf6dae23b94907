/// The parts that charts share.
///
/// Numbers that are not finite, and on a logarithmic axis those that are not positive, are gaps: nothing is drawn there,
/// and lines do not bridge them. So are magnitudes above 1e300.
public enum Chart {
  /// A numeric axis.
  public struct Axis: Sendable, Hashable {
    /// How values become distances.
    public enum Scale: Sendable, Hashable {
      /// Equal differences, equal distances.
      case linear
      /// Equal ratios, equal distances; only positive values are drawn.
      case logarithmic
      /// Values are seconds since 1970-01-01 00:00 on the clock of the data; ticks are hours, days, months, years.
      case time
      /// As `time`, of a clock without years: ticks never name one.
      case yearlessTime
    }

    /// What is measured.
    public var label: String
    /// In what unit; `nil` for a pure number.
    public var unit: String?
    /// How values become distances. Default linear.
    public var scale: Scale
    /// What the axis shows; `nil` takes it from the data. What lies outside is cut off.
    public var range: ClosedRange<Double>?

    /// An axis; without a range it shows all of the data.
    public init(
      _ label: String, unit: String? = nil, scale: Scale = .linear, range: ClosedRange<Double>? = nil
    ) {
      self.label = label
      self.unit = unit
      self.scale = scale
      self.range = range
    }

    var text: String { unit.map { label.isEmpty ? $0 : "\(label) (\($0))" } ?? label }
  }

  /// A named list of points.
  public struct Series: Sendable, Hashable {
    /// What the legend calls it.
    public var name: String
    /// Places along the x axis.
    public var x: [Double]
    /// Heights, one for each place.
    public var y: [Double]
    /// Whether it is what others are held against (the truth): drawn in the colour of the text, without a pattern.
    public var isReference: Bool

    /// Points at the given places; `x` and `y` must be of one length.
    public init(_ name: String, x: [Double], y: [Double], isReference: Bool = false) {
      precondition(x.count == y.count, "Chart.Series \(name): \(x.count) x for \(y.count) y")
      self.name = name
      self.x = x
      self.y = y
      self.isReference = isReference
    }

    /// Points at even distances: x = first, first + step, ….
    public init(_ name: String, y: [Double], first: Double = 1, step: Double = 1, isReference: Bool = false) {
      self.init(
        name, x: y.indices.map { first + Double($0) * step }, y: y, isReference: isReference)
    }
  }

  /// A dashed line across the plot with a word at its end, for instance at the best epoch.
  public struct Marker: Sendable, Hashable {
    /// Which way the line runs.
    public enum Direction: Sendable, Hashable {
      /// Upright, at a place of the x axis.
      case vertical
      /// Level, at a place of the y axis.
      case horizontal
    }

    /// Which way the line runs.
    public var direction: Direction
    /// Where it crosses its axis, in the axis's values.
    public var position: Double
    /// The word at its end.
    public var label: String

    /// A line at one place.
    public init(_ direction: Direction, at position: Double, label: String) {
      self.direction = direction
      self.position = position
      self.label = label
    }
  }

  /// A shaded stretch of the x axis, for instance the test period.
  public struct Band: Sendable, Hashable {
    /// From where to where on the x axis.
    public var range: ClosedRange<Double>
    /// The word inside it.
    public var label: String

    /// A stretch of the x axis.
    public init(_ range: ClosedRange<Double>, label: String) {
      self.range = range
      self.label = label
    }
  }

  static func isDrawable(_ value: Double, _ scale: Axis.Scale) -> Bool {
    value.magnitude <= 1e300 && (scale != .logarithmic || value > 0)
  }

  /// The least range that holds the drawable values; `nil` where there are none.
  static func extent(_ values: some Sequence<Double>, _ scale: Axis.Scale) -> ClosedRange<Double>? {
    var range: ClosedRange<Double>?
    for value in values where isDrawable(value, scale) {
      range = range.map { min($0.lowerBound, value)...max($0.upperBound, value) } ?? value...value
    }
    return range
  }
}
