internal import Recurrent

extension HiddenMarkovModel {
  /// A start whose states follow one another: sequences begin in the first, and no state is come back to.
  ///
  /// - Parameters:
  ///   - bySegments: the states show what stands in equal parts of each sequence, the first part in the first state; else this
  ///     model's states, in the order in which they come in the sequences.
  ///   - prior: keeps what a part does not show possible in its state.
  /// - Throws: ``HMMError``.
  func leftToRight(
    _ sequences: [E.Observations], bySegments: Bool, prior: E.Prior
  ) throws(HMMError) -> HiddenMarkovModel {
    let count = stateCount
    let model = bySegments ? self : reordered(try orderOfStates(in: sequences))
    let rows = (0..<count).map { i in
      let onward = (0..<count).map { j in j < i ? 0 : model.transition[i, j] }
      let sum = onward.reduce(0, +)
      return onward.map { $0 / sum }
    }
    // Without names: numbers say which comes first.
    let chain = try HiddenMarkovModel(
      initial: (0..<count).map { $0 == 0 ? 1 : 0 }, transition: Matrix(rows), emission: model.emission)
    if !bySegments { return chain }
    let labelled = sequences.map { sequence in
      let steps = sequence.count
      return Labelled(states: (0..<steps).map { $0 * count / steps }, observations: sequence)
    }
    return try chain.counting(
      labelled,
      options: BaumWelchOptions(
        chainPrior: ChainPrior(initial: 1, transition: 1), emissionPrior: prior))
  }

  /// By the mean place of their steps, as a share of the sequence.
  private func orderOfStates(in sequences: [E.Observations]) throws(HMMError) -> [Int] {
    var places = [Double](repeating: 0, count: stateCount)
    var weights = [Double](repeating: 1e-9, count: stateCount)
    for (number, sequence) in sequences.enumerated() {
      let posterior: Matrix<Double>
      do throws(HMMError) {
        posterior = try self.posterior(sequence).states
      } catch {
        throw error.numbered(number)
      }
      for t in 0..<posterior.rows {
        let place = (Double(t) + 0.5) / Double(posterior.rows)
        for k in 0..<stateCount {
          places[k] += place * posterior[t, k]
          weights[k] += posterior[t, k]
        }
      }
    }
    let means = zip(places, weights).map { $0 / $1 }
    return means.indices.sorted { (means[$0], $0) < (means[$1], $1) }
  }
}
