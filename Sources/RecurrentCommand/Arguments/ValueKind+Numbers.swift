extension ValueKind where Value == Int {
  /// A whole number in a range.
  public static func integer(in range: ClosedRange<Int> = .min ... .max) -> ValueKind {
    let expectation =
      switch (range.lowerBound, range.upperBound) {
      case (.min, .max): "a whole number"
      case (let low, .max): "a whole number of at least \(low)"
      case (.min, let high): "a whole number of at most \(high)"
      case (let low, let high): "a whole number from \(low) to \(high)"
      }
    return ValueKind(placeholder: "N", expectation: expectation) { text throws(ValueProblem) in
      guard let value = Int(text), range.contains(value) else { throw ValueProblem() }
      return value
    } describe: {
      String($0)
    }
  }

  /// A whole number of at least the range's bound.
  public static func integer(in range: PartialRangeFrom<Int>) -> ValueKind {
    integer(in: range.lowerBound ... .max)
  }
}

extension ValueKind where Value == UInt64 {
  /// A random seed: 0 … 2⁶⁴ − 1.
  public static var seed: ValueKind {
    ValueKind(placeholder: "N", expectation: "a whole number from 0 to \(UInt64.max)") {
      text throws(ValueProblem) in
      guard let value = UInt64(text) else { throw ValueProblem() }
      return value
    } describe: {
      String($0)
    }
  }
}

extension ValueKind where Value == Double {
  /// A finite decimal number, with a dot whatever the locale.
  public static var number: ValueKind { decimal("a finite number") { _ in true } }

  /// A number in a closed range.
  public static func number(in range: ClosedRange<Double>) -> ValueKind {
    decimal("a number from \(plain(range.lowerBound)) to \(plain(range.upperBound))", range.contains)
  }

  /// A number from the lower bound on, below the upper.
  public static func number(in range: Range<Double>) -> ValueKind {
    decimal("a number from \(plain(range.lowerBound)) to below \(plain(range.upperBound))", range.contains)
  }

  /// A number of at least the range's bound.
  public static func number(in range: PartialRangeFrom<Double>) -> ValueKind {
    decimal("a finite number of at least \(plain(range.lowerBound))", range.contains)
  }

  /// A number above a bound, which itself is refused: rates, tolerances.
  public static func number(above bound: Double) -> ValueKind {
    decimal("a finite number above \(plain(bound))") { $0 > bound }
  }

  /// A number above 0, up to 1.
  public static var share: ValueKind {
    decimal("a number above 0, up to 1") { $0 > 0 && $0 <= 1 }
  }

  private static func decimal(
    _ expectation: String, _ accepts: @escaping @Sendable (Double) -> Bool
  ) -> ValueKind {
    ValueKind(placeholder: "NUMBER", expectation: expectation) { text throws(ValueProblem) in
      // `Double` also reads hexadecimal and the words for infinity and not-a-number; a user who types those errs.
      guard text.utf8.allSatisfy({ "0123456789+-.eE".utf8.contains($0) }), let value = Double(text),
        value.isFinite, accepts(value)
      else { throw ValueProblem() }
      return value
    } describe: {
      plain($0)
    }
  }

  private static func plain(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : String(value)
  }
}
