public import RecurrentCore

/// What a sequence shows, step by step; a step may be missing.
public protocol ObservationSequence: Sendable {
  /// T.
  var count: Int { get }
  /// Whether nothing was seen at a step.
  func isMissing(_ t: Int) -> Bool
}

extension ObservationSequence {
  /// The steps that are not missing: the N of BIC, and of figures for each step.
  public var observedCount: Int { (0..<count).count { !isMissing($0) } }
}

/// A sequence of symbols 0 ..< M.
public struct SymbolSequence: ObservationSequence, Hashable {
  /// −1 where the step is missing.
  package var symbols: [Int32]

  /// - Parameter symbols: `nil` where the step is missing.
  public init(_ symbols: [Int?]) {
    self.symbols = symbols.map { symbol in
      precondition(symbol.map { $0 >= 0 && $0 < Int32.max } ?? true, "symbol \(symbol ?? 0) is no symbol")
      return Int32(symbol ?? -1)
    }
  }

  /// None is missing.
  public init(_ symbols: [Int]) { self.init(symbols.map(Optional.some)) }

  /// T.
  public var count: Int { symbols.count }
  /// Whether nothing was seen at a step.
  public func isMissing(_ t: Int) -> Bool { symbols[t] < 0 }
  /// The symbol of a step; `nil` where it is missing.
  public subscript(t: Int) -> Int? { symbols[t] < 0 ? nil : Int(symbols[t]) }
}

/// A sequence of vectors of D numbers.
public struct VectorSequence: ObservationSequence, Hashable {
  /// `[T, D]`; what stands in a missing row is not read.
  public let values: Matrix<Double>
  /// Empty where none is missing.
  let missing: [Bool]

  /// - Parameters:
  ///   - values: `[T, D]`.
  ///   - missing: the steps that are missing.
  public init(_ values: Matrix<Double>, missing: Set<Int> = []) {
    self.values = values
    self.missing = missing.isEmpty ? [] : (0..<values.rows).map { missing.contains($0) }
  }

  /// T.
  public var count: Int { values.rows }
  /// D.
  public var dimensions: Int { values.columns }
  /// Whether nothing was seen at a step.
  public func isMissing(_ t: Int) -> Bool { !missing.isEmpty && missing[t] }
  /// The vector of a step; `nil` where it is missing.
  public subscript(t: Int) -> [Double]? { isMissing(t) ? nil : values.row(t) }

  /// Calls with each step of a range that is not missing, and its vector.
  @inline(__always)
  func forEach(_ steps: Range<Int>, _ body: (_ t: Int, _ x: UnsafePointer<Double>) -> Void) {
    values.elements.withUnsafeBufferPointer { values in
      guard let values = values.baseAddress else { return }
      for t in steps where !isMissing(t) { body(t, values + t * dimensions) }
    }
  }

  /// Calls with each stretch of a range in which no step is missing, and its first vector.
  func forEachRun(_ steps: Range<Int>, _ body: (_ run: Range<Int>, _ x: UnsafePointer<Double>) -> Void) {
    values.elements.withUnsafeBufferPointer { values in
      guard let values = values.baseAddress else { return }
      if missing.isEmpty {
        if !steps.isEmpty { body(steps, values + steps.lowerBound * dimensions) }
        return
      }
      var first = steps.lowerBound
      while first < steps.upperBound {
        let end = (first..<steps.upperBound).first(where: isMissing) ?? steps.upperBound
        if end > first { body(first..<end, values + first * dimensions) }
        first = end + 1
      }
    }
  }
}
