internal import Foundation
internal import Recurrent

/// How the next token is drawn from a distribution.
public struct SamplingRule: Sendable, Hashable, Codable {
  /// τ: p ∝ exp(logit / τ). 1 is the model's own distribution; 0 always takes the most probable token, of equal ones the first.
  public var temperature: Double
  /// Only so many of the most probable tokens; `nil`: all.
  public var topK: Int?
  /// Only the most probable tokens that together reach this probability (nucleus sampling, Holtzman et al. 2020); `nil`: all.
  public var topP: Double?
  /// Of the draws: the same seed gives the same text.
  public var seed: UInt64

  /// By default the model's own distribution and seed 1.
  public init(temperature: Double = 1, topK: Int? = nil, topP: Double? = nil, seed: UInt64 = 1) {
    (self.temperature, self.topK, self.topP, self.seed) = (temperature, topK, topP, seed)
  }

  /// Draws a token.
  ///
  /// - Parameters:
  ///   - logits: one a token.
  ///   - number: which draw of the text it is, from 0.
  ///   - excluded: tokens that are never drawn, such as the unknown one.
  public func draw(_ logits: some Collection<Float>, number: Int, excluding excluded: Set<Int> = []) -> Int {
    let logits = Array(logits)
    let candidates = logits.indices.filter { !excluded.contains($0) }
    let best = candidates.max { (logits[$0], $1) < (logits[$1], $0) } ?? 0
    if temperature == 0 { return best }
    let top = Double(logits[best])
    var weights = candidates.map { ($0, exp((Double(logits[$0]) - top) / temperature)) }
    if topK != nil || topP != nil {
      weights.sort { $0.1 == $1.1 ? $0.0 < $1.0 : $0.1 > $1.1 }
      if let topK { weights.removeLast(max(0, weights.count - topK)) }
      if let topP {
        let bound = topP * weights.reduce(0) { $0 + $1.1 }
        var sum = 0.0
        let count =
          weights.firstIndex {
            sum += $0.1; return sum >= bound
          }.map { $0 + 1 } ?? weights.count
        weights.removeLast(weights.count - count)
      }
    }
    let total = weights.reduce(0) { $0 + $1.1 }
    var rest = CounterGenerator(seed: seed, purpose: .sampling, step: UInt64(number)).uniform(at: 0) * total
    for (token, weight) in weights {
      rest -= weight
      if rest < 0 { return token }
    }
    return weights.last?.0 ?? best
  }
}
