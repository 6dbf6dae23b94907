/// How the values of a column are brought to a common size.
public enum Normalisation: String, Codable, CaseIterable, Sendable {
  /// (x − mean) / standard deviation (of the population).
  case standard
  /// (x − minimum) / (maximum − minimum).
  case minMax = "min-max"
  /// x as it is.
  case none
}

/// One column's normalisation x ↦ (x − shift) / scale, fitted on some rows and kept.
public struct Normaliser: Codable, Equatable, Sendable {
  /// How shift and scale were found.
  public let method: Normalisation
  /// What becomes 0.
  public let shift: Double
  /// Never 0: 1 for a constant column.
  public let scale: Double

  /// From numbers that were found before.
  ///
  /// - Precondition: both finite, scale not 0.
  public init(method: Normalisation, shift: Double, scale: Double) {
    precondition(scale != 0 && scale.isFinite && shift.isFinite, "normaliser: shift \(shift), scale \(scale)")
    (self.method, self.shift, self.scale) = (method, shift, scale)
  }

  /// Fits on values of the training rows only; the caller chooses them.
  ///
  /// A column that is constant there gets scale 1, so that it becomes 0 and later changes stay visible.
  /// - Precondition: at least one value, all finite.
  public init(_ method: Normalisation, fitting values: some Collection<Double>) {
    precondition(!values.isEmpty, "normaliser: no values to fit on")
    let (low, high) = (values.min()!, values.max()!)
    let count = Double(values.count)
    switch method {
    case .none: self.init(method: method, shift: 0, scale: 1)
    case _ where low == high: self.init(method: method, shift: low, scale: 1)
    case .minMax: self.init(method: method, shift: low, scale: high - low)
    case .standard:
      // Two passes: sums of squares of values far from zero would cancel.
      let mean = low + values.reduce(0) { $0 + ($1 - low) } / count
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
      self.init(method: method, shift: mean, scale: variance > 0 ? variance.squareRoot() : 1)
    }
  }

  /// Fits on the target's training values.
  ///
  /// - Throws: `constantTarget`: nothing can be learned from it, and R² does not exist; `narrowTarget` where only the
  ///   computer's numbers say so.
  public init(
    _ method: Normalisation, fittingTarget values: some Collection<Double>, named name: String, source: String
  ) throws(DataError) {
    if let low = values.min(), let high = values.max() {
      if low == high { throw .column(.constantTarget(column: name, value: low), at: DataError.Place(source)) }
      guard high - low >= Self.leastSpread else {
        throw .column(.narrowTarget(column: name, spread: high - low), at: DataError.Place(source))
      }
    }
    self.init(method, fitting: values)
  }

  /// Squares of smaller differences, and of the errors of their forecasts, would become 0.
  static let leastSpread = 1e-140

  /// (value − shift) / scale.
  public func normalised(_ value: Double) -> Double { (value - shift) / scale }

  /// The inverse of `normalised`.
  public func restored(_ value: Double) -> Double { value * scale + shift }
}

/// A normaliser for each column of a frame.
public struct FrameNormaliser: Codable, Equatable, Sendable {
  /// Of the frame's columns.
  public let names: [String]
  /// One for each of them.
  public let columns: [Normaliser]

  /// Fits each column on the given rows, which should be the training rows.
  public init(_ method: Normalisation, fitting frame: Frame, rows: Range<Int>) {
    names = frame.names
    columns = frame.names.indices.map { column in
      Normaliser(method, fitting: rows.lazy.map { frame[$0, column] })
    }
  }

  /// From normalisers that were fitted before.
  ///
  /// - Precondition: one for each name.
  public init(names: [String], columns: [Normaliser]) {
    precondition(
      names.count == columns.count, "frame normaliser: \(columns.count) for \(names.count) columns")
    (self.names, self.columns) = (names, columns)
  }

  /// - Precondition: the frame has the columns that the normaliser was fitted on.
  public func normalised(_ frame: Frame) -> Frame {
    precondition(frame.names == names, "frame normaliser: columns \(frame.names), fitted on \(names)")
    var result = frame
    for row in 0..<frame.rowCount {
      for (column, normaliser) in columns.enumerated() {
        result[row, column] = normaliser.normalised(frame[row, column])
      }
    }
    return result
  }
}
