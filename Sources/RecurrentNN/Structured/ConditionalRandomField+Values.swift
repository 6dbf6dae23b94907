public import RecurrentCore
public import RecurrentHMM

/// The field by values, on emissions `[T, B, K]` of any lengths. Every sequence is computed by itself, so a batch changes no bit.
extension ConditionalRandomField {
  /// Σ log Z − s(y) over the sequences, counted by steps.
  ///
  /// Precondition: labels pass ``validate(_:lengths:)``.
  public func loss(
    _ emissions: SequenceBatch<Scalar>, labels: [[Int]], parameters: PackedParameters<Scalar>
  ) -> LossSum {
    let objective = SequenceObjective<Scalar>.conditionalRandomField(self)
    return objective.value(
      of: emissions.rows, emissions.sequencesOfRows, targets: .labels(labels),
      parameters: parameters)
  }

  /// The same loss with ∂sum/∂emissions `[T, B, K]`, 0 in the padding; adds the parameters' gradients into `gradients`. A
  /// forbidden start, transition or end has the gradient 0.
  public func gradient(
    _ emissions: SequenceBatch<Scalar>, labels: [[Int]], parameters: PackedParameters<Scalar>,
    into gradients: inout ParameterStore<Scalar>
  ) -> (value: LossSum, gradient: SequenceBatch<Scalar>) {
    let objective = SequenceObjective<Scalar>.conditionalRandomField(self)
    let made = objective.gradient(
      of: emissions.rows, emissions.sequencesOfRows, targets: .labels(labels),
      parameters: parameters, into: &gradients)
    return (made.value, emissions.scattering(made.gradient, rows: emissions.filledRows))
  }

  /// The labels of each sequence that score most, with their score s(y); `nil` where the constraints leave none. Time T K² a
  /// sequence.
  public func bestPaths(
    _ emissions: SequenceBatch<Scalar>, parameters: PackedParameters<Scalar>
  ) -> [ChainPath?] {
    require(emissions)
    let calculator = ChainCalculator(PackedChain(scores(parameters)))
    return emissions.lengths.indices.map { b in
      let own = emissions.doubles(of: b)
      return own.elements.withUnsafeBufferPointer { own in
        guard let base = own.baseAddress else { return nil }
        return calculator.bestPath(base, steps: emissions.lengths[b])
      } ?? (emissions.lengths[b] == 0 ? ChainPath(states: [], score: 0) : nil)
    }
  }

  /// The `count` labellings of each sequence that score most, best first; fewer where fewer are possible. See
  /// `ChainScores.bestPaths(_:_:)` for order and cost.
  public func bestPaths(
    _ count: Int, _ emissions: SequenceBatch<Scalar>, parameters: PackedParameters<Scalar>
  ) -> [[ChainPath]] {
    require(emissions)
    let scores = scores(parameters)
    return emissions.lengths.indices.map { scores.bestPaths(count, emissions.doubles(of: $0)) }
  }

  /// P(yₜ = k | e) `[T, B, K]`, 0 in the padding; rows sum to 1.
  ///
  /// Precondition: the constraints leave every sequence a path.
  public func marginals(
    _ emissions: SequenceBatch<Scalar>, parameters: PackedParameters<Scalar>
  ) -> SequenceBatch<Scalar> {
    require(emissions)
    let scores = scores(parameters)
    var result = emissions
    for (b, length) in emissions.lengths.enumerated() {
      guard let posterior = scores.posterior(emissions.doubles(of: b)) else {
        preconditionFailure("sequence \(b): the constraints leave no path of \(length) steps")
      }
      for t in 0..<length {
        for k in 0..<labelCount { result[t, b, k] = Scalar(posterior.states[t, k]) }
      }
    }
    return result
  }

  private func require(_ emissions: SequenceBatch<Scalar>) {
    precondition(
      emissions.features == labelCount,
      "emissions of \(emissions.features) labels for a field of \(labelCount)")
  }
}

extension SequenceBatch {
  /// Where the rows with data stand, by step and then by sequence.
  var filledRows: [Int] { SequencePositions.all.rows(lengths: lengths, steps: steps) }

  /// These rows `[N, F]`.
  var rows: Matrix<Scalar> { gathering(rows: filledRows) }

  /// The sequence of each of them, and how many there are.
  var sequencesOfRows: SequencesOfRows { SequencesOfRows(rows: filledRows, batchSize: batchSize) }

  /// One sequence `[T, F]` in Double.
  func doubles(of b: Int) -> Matrix<Double> {
    let elements = (0..<lengths[b]).flatMap { t in
      let first = (t * batchSize + b) * features
      return values[first..<first + features].map { Double($0) }
    }
    return Matrix(rows: lengths[b], columns: features, elements: elements)
  }
}
