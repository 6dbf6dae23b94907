import Foundation
import RecurrentCore
import RecurrentHMM
import RecurrentNN
import RecurrentTestSupport

extension Draws {
  /// Positive numbers that sum to 1, none below some 1/40 of the greatest.
  mutating func distribution(_ count: Int) -> [Double] {
    let weights = uniform(count).map { (x: Double) in 0.5 * (1 + x) + 0.025 }
    let sum = weights.reduce(0, +)
    return weights.map { $0 / sum }
  }

  /// The scores of a chain of probabilities.
  mutating func chain(_ states: Int) -> ChainScores {
    let initial = distribution(states).map { log($0) }
    let rows = (0..<states).map { _ in distribution(states).map { log($0) } }
    return ChainScores(initial: initial, transition: Matrix(rows))
  }

  /// A hidden Markov model of K states and M symbols.
  mutating func hiddenMarkovModel(
    _ states: Int, _ symbols: Int
  ) throws -> HiddenMarkovModel<CategoricalEmission> {
    let initial = distribution(states)
    let transition = Matrix((0..<states).map { _ in distribution(states) })
    let emission = CategoricalEmission(Matrix((0..<states).map { _ in distribution(symbols) }))
    return try HiddenMarkovModel(initial: initial, transition: transition, emission: emission)
  }
}

/// A chain's parameters in a layout of their own, with its scores as the logits.
struct ChainCase {
  var layout = ParameterLayout()
  let chain: MarkovChainParameters
  let parameters: PackedParameters<Double>

  init(_ scores: ChainScores) {
    chain = MarkovChainParameters(states: scores.stateCount, named: "chain", in: &layout)
    var store = ParameterStore<Double>(zeros: layout)
    chain.set(scores, in: &store)
    parameters = PackedParameters(store)
  }
}

extension SequenceBatch<Double> {
  /// Sequence b, `[T, F]`, without padding.
  func rows(_ b: Int) -> Matrix<Double> {
    Matrix(
      rows: lengths[b], columns: features,
      elements: (0..<lengths[b]).flatMap { t in (0..<features).map { self[t, b, $0] } })
  }

  /// Every element times `factor`: scores of another range.
  func scaled(_ factor: Double) -> SequenceBatch {
    var result = self
    for index in result.values.indices { result.values[index] *= factor }
    return result
  }
}
