internal import Foundation

/// What the recursions along a chain need of numbers: to choose between paths and to go on along one.
///
/// ⊕ joins the weights of paths that end alike, ⊗ the weights of two steps of one path; ⊗ distributes over ⊕, which is all that
/// makes K² operations a step do the work of Kᵀ paths. One recursion so gives the sum over all paths (``LogSumExp``), the
/// best path's score (``MaxPlus``), how many paths there are (``PathCount``), or a sum with expectations
/// (``Expectation``).
///
/// Source: Goodman, Semiring parsing, Computational Linguistics 25 (1999); Aji and McEliece, The generalized distributive law
/// (2000), doi:10.1109/18.825794.
public protocol Semiring: Sendable {
  /// The weight of a set of paths.
  associatedtype Element: Sendable

  /// Of no path: neutral to ``sum(_:_:)``, absorbing in ``product(_:_:)``.
  static var zero: Element { get }
  /// Of the empty path: neutral to ``product(_:_:)``.
  static var one: Element { get }
  /// a ⊕ b: either path.
  static func sum(_ a: Element, _ b: Element) -> Element
  /// a ⊗ b: one after the other.
  static func product(_ a: Element, _ b: Element) -> Element
  /// The weight of one arc.
  ///
  /// - Parameter score: a logarithm; −∞ where the arc is forbidden.
  static func weight(_ score: Double) -> Element
}

/// The best path's score: ⊕ is max, ⊗ is +.
public enum MaxPlus: Semiring {
  /// −∞.
  public static var zero: Double { -.infinity }
  /// 0.
  public static var one: Double { 0 }
  /// max(a, b).
  public static func sum(_ a: Double, _ b: Double) -> Double { max(a, b) }
  /// a + b.
  public static func product(_ a: Double, _ b: Double) -> Double { a + b }
  /// The score itself.
  public static func weight(_ score: Double) -> Double { score }
}

/// How many paths there are: ⊕ is +, ⊗ is ×, and each arc that is not forbidden counts 1. Exact up to 2⁵³, rounded beyond.
public enum PathCount: Semiring {
  /// 0.
  public static var zero: Double { 0 }
  /// 1.
  public static var one: Double { 1 }
  /// a + b.
  public static func sum(_ a: Double, _ b: Double) -> Double { a + b }
  /// a b.
  public static func product(_ a: Double, _ b: Double) -> Double { a * b }
  /// 1, or 0 for −∞.
  public static func weight(_ score: Double) -> Double { score == -.infinity ? 0 : 1 }
}

/// A sum over paths with the expectation of something that adds up along a path: log Z beside E[r].
///
/// With r the number of times that an arc is used, E[r] is the derivative of log Z by that arc's score: gradients come out of
/// the forward recursion alone.
///
/// Source: Eisner, Parameter estimation for probabilistic finite-state transducers (ACL 2002), doi:10.3115/1073083.1073085; here
/// with the expectation in place of its product with the weight, so that nothing underflows.
public enum Expectation: Semiring {
  /// The weight of a set of paths and the mean of r over them.
  public struct Element: Sendable, Hashable {
    /// log Σ of the paths' weights.
    public var logWeight: Double
    /// Σ weight · r / Σ weight.
    public var mean: Double

    /// A set of paths.
    public init(logWeight: Double, mean: Double) {
      self.logWeight = logWeight
      self.mean = mean
    }
  }

  /// No path.
  public static var zero: Element { Element(logWeight: -.infinity, mean: 0) }
  /// The empty path, r = 0.
  public static var one: Element { Element(logWeight: 0, mean: 0) }
  /// Weights are added; the mean is weighted by them.
  public static func sum(_ a: Element, _ b: Element) -> Element {
    let total = LogSumExp.sum(a.logWeight, b.logWeight)
    if total == -.infinity { return zero }
    let share = exp(b.logWeight - total)
    return Element(logWeight: total, mean: a.mean + share * (b.mean - a.mean))
  }
  /// Weights are multiplied, r is added.
  public static func product(_ a: Element, _ b: Element) -> Element {
    Element(logWeight: a.logWeight + b.logWeight, mean: a.mean + b.mean)
  }
  /// An arc with r = 0; one that counts is `Element(logWeight: score, mean: r)`.
  public static func weight(_ score: Double) -> Element { Element(logWeight: score, mean: 0) }
}
