public import RecurrentCore

extension HiddenMarkovModel {
  /// log P(x); −∞ where no path is possible, and 0 for a sequence of no step. Time T K².
  ///
  /// - Throws: ``HMMError``: an observation that the model does not know.
  public func logLikelihood(_ observations: E.Observations) throws(HMMError) -> Double {
    try check(observations)
    return engineLogLikelihood(observations, ChainEngine(engineParts.chain))
  }

  /// log P(x) of each of many sequences, on threads that share them. What a sequence gives does not depend on the others.
  ///
  /// - Throws: ``HMMError``: an observation that the model does not know, with the number of its sequence.
  public func logLikelihoods(
    _ sequences: [E.Observations], threads: Int = 1
  ) throws(HMMError) -> [Double] {
    try check(sequences)
    return map(sequences, threads) { observations, engine in
      engineLogLikelihood(observations, engine)
    }
  }

  /// What is known of the states once the whole sequence is seen. Time T K², memory T K.
  ///
  /// - Throws: ``HMMError/impossible(sequence:step:)`` or ``HMMError/cannotEnd(sequence:)`` where no path explains the sequence.
  public func posterior(_ observations: E.Observations) throws(HMMError) -> ChainPosterior {
    try check(observations)
    let engine = ChainEngine(engineParts.chain)
    if let found = withInput(observations, { engine.posterior($0) }) { return found }
    let scores = emissionScores(observations)
    guard let found = self.scores.posteriorInLogarithms(scores) else { throw impossible(observations, 0) }
    return found
  }

  /// The same of each of many sequences, on threads that share them.
  ///
  /// - Throws: ``HMMError/impossible(sequence:step:)`` or ``HMMError/cannotEnd(sequence:)``, the first.
  public func posteriors(
    _ sequences: [E.Observations], threads: Int = 1
  ) throws(HMMError) -> [ChainPosterior] {
    try check(sequences)
    let found = map(sequences, threads) { observations, engine in
      withInput(observations) { engine.posterior($0) }
        ?? scores.posteriorInLogarithms(emissionScores(observations))
    }
    return try possible(found, sequences)
  }

  /// The posterior of one segment of steps after another, from the first on, so that a sequence of any length takes room for √T
  /// rows beside its observations. Where weights become too small on the way, the rest is computed in logarithms, in room for all
  /// T rows.
  ///
  /// - Parameter each: takes steps and their γ, rows of K.
  /// - Returns: log P(x).
  /// - Throws: ``HMMError/impossible(sequence:step:)`` or ``HMMError/cannotEnd(sequence:)``.
  public func streamPosterior(
    _ observations: E.Observations, each: (_ steps: Range<Int>, _ posterior: Matrix<Double>) -> Void
  ) throws(HMMError) -> Double {
    try check(observations)
    let (engine, count) = (ChainEngine(engineParts.chain), stateCount)
    var done = 0
    let total = withInput(observations) { input in
      engine.posterior(input, transitions: nil) { steps, gamma in
        done = steps.upperBound
        let elements = Array(UnsafeBufferPointer(start: gamma, count: steps.count * count))
        each(steps, Matrix(rows: steps.count, columns: count, elements: elements))
      }
    }
    if let total { return total }
    guard let found = scores.posteriorInLogarithms(emissionScores(observations)) else {
      throw impossible(observations, 0)
    }
    // The steps before have been handed out.
    let rest = done..<observations.count
    each(
      rest,
      Matrix(rows: rest.count, columns: count, elements: Array(found.states.elements[(done * count)...])))
    return found.logLikelihood
  }

  /// The path of states that together with the observations is most probable (Viterbi), and log P(x, h).
  ///
  /// - Throws: ``HMMError/impossible(sequence:step:)`` or ``HMMError/cannotEnd(sequence:)`` where no path explains the sequence.
  public func mostLikelyPath(_ observations: E.Observations) throws(HMMError) -> ChainPath {
    try check(observations)
    let engine = ChainEngine(engineParts.chain)
    guard let path = withInput(observations, { engine.bestPath($0) }) else {
      throw impossible(observations, 0)
    }
    return path
  }

  /// The same of each of many sequences, on threads that share them.
  ///
  /// - Throws: ``HMMError/impossible(sequence:step:)`` or ``HMMError/cannotEnd(sequence:)``, the first.
  public func mostLikelyPaths(
    _ sequences: [E.Observations], threads: Int = 1
  ) throws(HMMError) -> [ChainPath] {
    try check(sequences)
    let paths = map(sequences, threads) { observations, engine in
      withInput(observations) { engine.bestPath($0) }
    }
    return try possible(paths, sequences)
  }

  /// P(h_{T+1} | x₁ … x_T), what the states of the next step are after a sequence; of an empty one, `initial`.
  ///
  /// - Throws: ``HMMError/impossible(sequence:step:)``.
  public func nextStates(after observations: E.Observations) throws(HMMError) -> [Double] {
    if observations.count == 0 { return initial }
    // That the sequence goes on is known: where it may end has no say.
    let open = HiddenMarkovModel(unchecked: initial, transition, nil, emission, states)
    let last = try open.posterior(observations).states.row(observations.count - 1)
    let next = (0..<stateCount).map { j in
      (0..<stateCount).reduce(0) { $0 + last[$1] * transition[$1, j] }
    }
    return next.shares ?? next
  }

  /// P(hₜ | what all other steps show): the posterior with step t missing, which weighs the distribution of xₜ given the rest.
  ///
  /// - Throws: ``HMMError/impossible(sequence:step:)`` or ``HMMError/cannotEnd(sequence:)``.
  public func statesWithout(
    step t: Int, _ observations: E.Observations
  ) throws(HMMError) -> [Double] {
    try check(observations)
    var scores = emissionScores(observations)
    for k in 0..<stateCount { scores[t, k] = 0 }
    guard let found = self.scores.posterior(scores) else { throw impossible(observations, 0) }
    return found.states.row(t)
  }

  // MARK: - The engine

  func check(_ observations: E.Observations) throws(HMMError) {
    if let problem = emission.problem(of: observations) { throw problem }
  }

  func check(_ sequences: [E.Observations]) throws(HMMError) {
    for (number, observations) in sequences.enumerated() {
      if let problem = emission.problem(of: observations) { throw problem.numbered(number) }
    }
  }

  /// Why a sequence that no path explains is impossible: ``HMMError/impossible(sequence:step:)`` with its first such step, or
  /// ``HMMError/cannotEnd(sequence:)``; `nil` where some path explains it. Time T K².
  ///
  /// - Parameter number: of the sequence, from 0.
  public func impossibility(of observations: E.Observations, number: Int = 0) -> HMMError? {
    scores.firstImpossibleStep(emissionScores(observations)).map { step in
      step < observations.count
        ? .impossible(sequence: number, step: step) : .cannotEnd(sequence: number)
    }
  }

  /// The same of a sequence of which the recursions found no path; where only rounding hides one, the fault is at its end.
  func impossible(_ observations: E.Observations, _ number: Int) -> HMMError {
    impossibility(of: observations, number: number) ?? .cannotEnd(sequence: number)
  }

  /// What was found of all sequences.
  ///
  /// - Throws: ``HMMError/impossible(sequence:step:)`` or ``HMMError/cannotEnd(sequence:)`` for the first of which nothing was found.
  private func possible<Result>(
    _ results: [Result?], _ sequences: [E.Observations]
  ) throws(HMMError) -> [Result] {
    var found: [Result] = []
    found.reserveCapacity(results.count)
    for (number, result) in results.enumerated() {
      guard let result else { throw impossible(sequences[number], number) }
      found.append(result)
    }
    return found
  }

  private func engineLogLikelihood(_ observations: E.Observations, _ engine: ChainEngine) -> Double {
    withInput(observations) { engine.logLikelihood($0) }
      ?? scores.total(emissionScores(observations), in: LogSumExp.self)
  }

  /// The observations as the engine reads them: by their symbols, or scores when they are asked for.
  func withInput<Result>(_ observations: E.Observations, _ body: (ChainInput) -> Result) -> Result {
    if let table = engineParts.table, let symbols = (observations as? SymbolSequence)?.symbols {
      let missing = Int32(table.rows - 1)
      let result = withUnsafeTemporaryAllocation(of: Int32.self, capacity: symbols.count) {
        index -> Result? in
        for (t, symbol) in symbols.enumerated() {
          if symbol >= missing { return nil }
          index[t] = symbol < 0 ? missing : symbol
        }
        return .some(body(.table(table, UnsafeBufferPointer(rebasing: index[..<symbols.count]))))
      }
      if let result { return result }
    }
    return body(
      .rows(steps: observations.count) { steps, target in
        emission.writeScores(observations, steps: steps, into: target)
      })
  }

  /// Each sequence with an engine that no other thread has.
  func map<Result: Sendable>(
    _ sequences: [E.Observations], _ threads: Int,
    _ transform: @Sendable (E.Observations, ChainEngine) -> Result
  ) -> [Result] {
    precondition(threads > 0, "\(threads) threads")
    let workers = max(1, min(threads, sequences.count))
    // Dealt out in turn, so that sequences that grow or shrink along the list balance.
    let parts = parallelMap(workers, threads: workers) { worker in
      let engine = ChainEngine(engineParts.chain)
      return stride(from: worker, to: sequences.count, by: workers).map { transform(sequences[$0], engine) }
    }
    return sequences.indices.map { parts[$0 % workers][$0 / workers] }
  }
}

extension HiddenMarkovModel where E == CategoricalEmission {
  /// P(x_{T+1} | x₁ … x_T) of every symbol, `[M]`.
  ///
  /// - Throws: ``HMMError/impossible(sequence:step:)``.
  public func nextSymbols(after observations: SymbolSequence) throws(HMMError) -> [Double] {
    emission.distribution(of: try nextStates(after: observations))
  }

  /// P(xₜ | what all other steps show) of every symbol, `[M]`: ∝ Σₖ πₜ(k) ρₜ(k) P(x | k) without the emission of step t.
  ///
  /// - Throws: ``HMMError/impossible(sequence:step:)`` or ``HMMError/cannotEnd(sequence:)``.
  public func symbols(at t: Int, without observations: SymbolSequence) throws(HMMError) -> [Double] {
    emission.distribution(of: try statesWithout(step: t, observations))
  }
}

extension CategoricalEmission {
  /// Σₖ P(k) B(k, x), `[M]`.
  func distribution(of states: [Double]) -> [Double] {
    (0..<symbolCount).map { x in (0..<stateCount).reduce(0) { $0 + states[$1] * probabilities[$1, x] } }
  }
}
