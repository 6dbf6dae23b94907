internal import RecurrentCore
internal import RecurrentHMM

extension HiddenMarkovNetwork {
  /// The gradient by expected counts: with γ and Σ ξ of the posterior,
  ///
  ///     dι −= γ₁ − initial     dθᵢ −= Σ ξ(i, ·) − Nᵢ transition(i, ·)     dφₖ −= Σₜ γₜ(k) ([xₜ = m] − B(k, m))
  ///
  /// the last over steps that are not missing. A sequence that no path explains has no gradient, and an infinite loss.
  func accumulateCounts(
    on shard: Batch, _ parameters: PackedParameters<Double>, into gradients: inout ParameterStore<Double>
  ) -> LossSum {
    let scores = chain.scores(parameters.values)
    let shown = LogProbabilityTable(emission.logits, parameters.values)
    let (initial, transition) = (
      LogProbabilityTable(chain.initial, parameters.values),
      LogProbabilityTable(chain.transition, parameters.values)
    )
    let (states, symbols) = (chain.stateCount, emission.inputSize)
    var value = LossSum()
    for sequence in shard where sequence.count > 0 {
      let seen = Matrix(
        (0..<sequence.count).map { t in
          (0..<states).map { k in sequence[t].map { shown.logarithms[k * symbols + $0] } ?? 0 }
        })
      guard let posterior = scores.posterior(seen) else {
        value = value + LossSum(sum: .infinity, count: sequence.count)
        continue
      }
      value = value + LossSum(sum: -posterior.logLikelihood, count: sequence.count)
      subtract(posterior.states.row(0), initial, row: 0, from: &gradients)
      var counts = Matrix<Double>(zeros: states, symbols)
      for t in 0..<sequence.count {
        guard let symbol = sequence[t] else { continue }
        for k in 0..<states { counts[k, symbol] += posterior.states[t, k] }
      }
      for k in 0..<states {
        subtract(posterior.transitions.row(k), transition, row: k, from: &gradients)
        subtract(counts.row(k), shown, row: k, from: &gradients)
      }
    }
    return value
  }

  private func subtract(
    _ counts: [Double], _ table: LogProbabilityTable, row: Int, from gradients: inout ParameterStore<Double>
  ) {
    let negative = counts.map { -$0 }
    table.add(negative, negative.reduce(0, +), row: row, into: &gradients)
  }
}
