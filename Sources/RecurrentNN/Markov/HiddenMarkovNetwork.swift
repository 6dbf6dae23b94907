internal import Foundation
public import RecurrentCore
public import RecurrentHMM

/// A hidden Markov model of symbols as a recurrent network, to be trained by gradients: ``MarkovEmission``, upon it a
/// ``MarkovForwardCell``, and as loss −log P(x), the sum of the cell's last outputs.
///
///     let network = HiddenMarkovNetwork(model)
///     var parameters = network.parameters(of: model)      // begins at the model's likelihood
///     … train …
///     let trained = try network.model(parameters)
///
/// The loss is Σ −log P(x) over sequences, counted by steps. Its gradient is that of expected counts: with N what EM's E step
/// counts, ∂/∂θ(i, j) = −(N(i, j) − Nᵢ transition(i, j)), and so for initial and emission. So it is zero exactly where an EM
/// step changes nothing. Other losses can be added to this one, and other layers built upon its cells.
///
/// Source: Baldi and Chauvin (1994), doi:10.1162/neco.1994.6.2.307; Bridle, Alpha-nets (1990),
/// doi:10.1016/0167-6393(90)90049-F.
public struct HiddenMarkovNetwork: TrainableModel {
  /// Sequences, in which steps may be missing.
  public typealias Batch = [SymbolSequence]

  /// The logits of initial and transition.
  public let chain: MarkovChainParameters
  /// Reads symbols.
  public let emission: MarkovEmission<Double>
  /// What the gradient is computed by.
  public let path: GradientPath
  /// `chain.initial`, `chain.transition`, `chain.emission`.
  public let layout: ParameterLayout

  /// Two ways to one gradient.
  public enum GradientPath: String, Sendable, Hashable, Codable, CaseIterable {
    /// Back through the cells, step by step: what any network of these cells does.
    case cells
    /// By expected counts from the kernels of the two recursions: faster, and the same within rounding.
    case counts
  }

  /// - Parameters:
  ///   - states: K.
  ///   - symbols: M.
  ///   - initializer: of all logits; default normal with standard deviation 1.
  ///   - path: default the cells.
  public init(
    states: Int, symbols: Int, initializer: Initializer = .normal(standardDeviation: 1),
    path: GradientPath = .cells
  ) {
    var layout = ParameterLayout()
    chain = MarkovChainParameters(states: states, initializer: initializer, named: "chain", in: &layout)
    emission = MarkovEmission(
      states: states, symbols: symbols, initializer: initializer, named: "chain", in: &layout)
    self.path = path
    self.layout = layout
  }

  /// A network that can hold `model`.
  public init(_ model: HiddenMarkovModel<CategoricalEmission>, path: GradientPath = .cells) {
    self.init(states: model.stateCount, symbols: model.emission.symbolCount, path: path)
  }

  /// The parameters with which the network is `model`: logarithms of its probabilities.
  ///
  /// Precondition: as many states and symbols, and no final probabilities, which the network does not have.
  public func parameters(of model: HiddenMarkovModel<CategoricalEmission>) -> ParameterStore<Double> {
    var store = ParameterStore<Double>(zeros: layout)
    chain.set(model.scores, in: &store)
    emission.set(model.emission, in: &store)
    return store
  }

  /// The model that the parameters stand for.
  ///
  /// - Parameters:
  ///   - states: names; `nil`: "0", "1", ….
  ///   - symbols: names; `nil`: "0", "1", ….
  /// - Throws: `HMMError` where a parameter is NaN.
  public func model(
    _ parameters: ParameterStore<Double>, states: [String]? = nil, symbols: [String]? = nil
  ) throws(HMMError) -> HiddenMarkovModel<CategoricalEmission> {
    let scores = chain.scores(parameters)
    return try HiddenMarkovModel(
      initial: scores.initial.map { exp($0) },
      transition: scores.transition.map { exp($0) },
      emission: emission.distribution(parameters, symbols: symbols), states: states)
  }

  /// Neighbours, ``shardSize`` of them.
  public func shards(of batch: Batch) -> [Batch] {
    shardRanges(batchSize: batch.count).map { Array(batch[$0]) }
  }

  /// −log P(x) of a shard, infinite where no path explains a sequence; its gradient is added by ``path``.
  public func accumulateGradients(
    on shard: Batch, parameters: PackedParameters<Double>, mode: RunMode,
    into gradients: inout ParameterStore<Double>
  ) -> LossSum {
    if path == .counts { return accumulateCounts(on: shard, parameters, into: &gradients) }
    let run = layers.forward(input(shard), parameters: parameters, mode: mode)
    let last = chain.stateCount
    var outputGradient = run.output.blank(features: last + 1)
    outputGradient.forEachRowWithData { row in outputGradient.values[row * (last + 1) + last] = -1 }
    _ = run.pullback(outputGradient, run.finalState.zeroed, &gradients).input
    return loss(run.output, shard)
  }

  /// −log P(x) of every sequence, counted by steps; by the cells.
  public func loss(on batch: Batch, parameters: PackedParameters<Double>) -> LossSum {
    loss(layers.forward(input(batch), parameters: parameters).output, batch)
  }

  /// Scores of symbols, and the cell upon them.
  private var layers: Stack<Double> { Stack([emission, RecurrentLayer(MarkovForwardCell(chain: chain))]) }

  private func loss(_ output: SequenceBatch<Double>, _ batch: Batch) -> LossSum {
    var sum = 0.0
    output.forEachRowWithData { sum -= output.values[$0 * output.features + chain.stateCount] }
    return LossSum(sum: sum, count: batch.reduce(0) { $0 + $1.count })
  }

  /// One-hot vectors; of a missing step zeros.
  private func input(_ batch: Batch) -> SequenceBatch<Double> {
    let steps = batch.map(\.count).max() ?? 0
    var result = SequenceBatch<Double>(
      zeros: steps, batch.count, emission.inputSize, lengths: batch.map(\.count))
    for (b, sequence) in batch.enumerated() {
      for t in 0..<sequence.count {
        guard let symbol = sequence[t] else { continue }
        precondition(
          symbol < emission.inputSize,
          "sequence \(b), step \(t): symbol \(symbol), expected 0 ..< \(emission.inputSize)")
        result[t, b, symbol] = 1
      }
    }
    return result
  }
}
