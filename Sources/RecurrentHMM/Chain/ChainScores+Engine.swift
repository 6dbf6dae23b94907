public import RecurrentCore

/// What is computed by kernels in linear space, scaled step by step; in logarithms where weights would be too small.
extension ChainScores {
  /// log Z; −∞ where no path is possible. Time T K².
  public func logPartition(_ emission: Matrix<Double>) -> Double {
    require(emission)
    let engine = ChainEngine(PackedChain(self))
    return engine.logLikelihood(emission.chainInput) ?? total(emission, in: LogSumExp.self)
  }

  /// The posterior of states and transitions, and log Z. Time T K², memory T K.
  ///
  /// - Returns: `nil` where no path is possible.
  public func posterior(_ emission: Matrix<Double>) -> ChainPosterior? {
    require(emission)
    let engine = ChainEngine(PackedChain(self))
    return engine.posterior(emission.chainInput) ?? posteriorInLogarithms(emission)
  }

  /// Viterbi's path: of all paths the one that scores most. Of paths that score alike, the one whose last state that differs
  /// has the lower number. Time T K², memory T K.
  ///
  /// - Returns: `nil` where no path is possible.
  ///
  /// Source: Viterbi, Error bounds for convolutional codes (1967), doi:10.1109/TIT.1967.1054010.
  public func bestPath(_ emission: Matrix<Double>) -> ChainPath? {
    require(emission)
    return ChainEngine(PackedChain(self)).bestPath(emission.chainInput)
  }
}

extension Matrix<Double> {
  /// Emission scores `[T, K]` as they stand.
  fileprivate var chainInput: ChainInput {
    let (elements, columns) = (elements, columns)
    return .rows(steps: rows) { steps, target in
      elements.withUnsafeBufferPointer { source in
        guard let source = source.baseAddress else { return }
        target.update(from: source + steps.lowerBound * columns, count: steps.count * columns)
      }
    }
  }
}

extension ChainEngine {
  /// The whole posterior; `nil`: weights are too small.
  func posterior(_ input: ChainInput) -> ChainPosterior? {
    let (steps, count) = (input.steps, chain.states)
    var total: Double?
    var transitions = [Double](repeating: 0, count: count * chain.width)
    let states = [Double](unsafeUninitializedCapacity: steps * count) { target, initialized in
      total = transitions.withUnsafeMutableBufferPointer { transitions in
        posterior(input, transitions: transitions.baseAddress) { steps, gamma in
          guard let base = target.baseAddress else { return }
          (base + steps.lowerBound * count).update(from: gamma, count: steps.count * count)
        }
      }
      initialized = total == nil ? 0 : steps * count
    }
    guard let total else { return nil }
    return ChainPosterior(
      logLikelihood: total, states: Matrix(rows: steps, columns: count, elements: states),
      transitions: weighed(transitions))
  }

  /// Σₜ ξₜ `[K, K]` from sums without the weights of the transitions.
  func weighed(_ transitions: [Double]) -> Matrix<Double> {
    var result = Matrix<Double>(zeros: chain.states, chain.states)
    result.elements.withUnsafeMutableBufferPointer {
      if let base = $0.baseAddress { weigh(transitions, into: base) }
    }
    return result
  }

  /// The same, written there.
  func weigh(_ transitions: UnsafePointer<Double>, into target: UnsafeMutablePointer<Double>) {
    for i in 0..<chain.states {
      for j in 0..<chain.states {
        let place = i * chain.width + j
        target[i * chain.states + j] = transitions[place] * chain.transition[place]
      }
    }
  }
}
