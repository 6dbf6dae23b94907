/// What a gradient check found: one entry for each parameter slot, for the input, and for each component of the initial
/// state.
public struct GradientReport: Sendable, Hashable, Codable {
  /// One tensor, compared element by element.
  public struct Entry: Sendable, Hashable, Codable {
    /// The parameter's name, or "input", or "initialState." and the component's path.
    public let name: String
    /// Elements compared.
    public let count: Int
    /// max|analytic − numeric| / max(max|numeric|, floor); infinite where a number is not finite.
    public let error: Double
    /// Where |analytic − numeric| is greatest, in the tensor's flat buffer, with both values there.
    public let worstIndex: Int
    /// The gradient there.
    public let analytic: Double
    /// The difference quotient there.
    public let numeric: Double

    /// Precondition: as many analytic as numeric values, and at least one.
    init(name: String, analytic: [Double], numeric: [Double], floor: Double) {
      precondition(analytic.count == numeric.count && !analytic.isEmpty, "'\(name)': nothing to compare")
      var worst = (index: 0, difference: -1.0)
      var greatest = floor
      for (index, (a, n)) in zip(analytic, numeric).enumerated() {
        // What is not a number is worse than any difference; `max` would pass over it.
        let difference = (a - n).isFinite ? abs(a - n) : .infinity
        if difference > worst.difference { worst = (index, difference) }
        greatest = max(greatest, abs(n))
      }
      self.name = name
      count = analytic.count
      error = worst.difference.isFinite ? worst.difference / greatest : .infinity
      worstIndex = worst.index
      self.analytic = analytic[worst.index]
      self.numeric = numeric[worst.index]
    }
  }

  /// Parameters in the order of their layout, then the input, then the initial state.
  public let entries: [Entry]

  /// A report of entries that were made elsewhere, for instance read from a file.
  public init(entries: [Entry]) { self.entries = entries }

  /// The entry with the greatest error; `nil` where nothing was checked.
  public var worst: Entry? { entries.max { $0.error < $1.error } }

  /// Numbers compared.
  public var count: Int { entries.reduce(0) { $0 + $1.count } }

  /// Whether something was checked and every error is at most `tolerance`. 10⁻⁷: see ``GradientCheck/tolerance``.
  public func passes(tolerance: Double = GradientCheck.tolerance) -> Bool {
    !entries.isEmpty && failing(tolerance: tolerance).isEmpty
  }

  /// The entries whose error exceeds `tolerance`: the tensors whose gradient is wrong.
  public func failing(tolerance: Double = GradientCheck.tolerance) -> [Entry] {
    entries.filter { !($0.error <= tolerance) }
  }
}
