/// A converted value, and what the conversion cost.
public struct Conversion<Value: Sendable>: Sendable {
  /// What came out.
  public let value: Value
  /// True when converting back gives the original numbers.
  ///
  /// It says nothing about training: a lossless conversion computes the same function, but a library that
  /// splits a parameter in two takes other steps from there on. `note` says so where it applies.
  public let isLossless: Bool
  /// One line for the user: what was changed, and what follows from it.
  public let note: String

  /// A result with what it cost.
  public init(value: Value, isLossless: Bool, note: String) {
    self.value = value
    self.isLossless = isLossless
    self.note = note
  }
}

extension Conversion: Equatable where Value: Equatable {}
