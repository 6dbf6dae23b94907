public import RecurrentCore

/// What a hidden Markov model expects next: from the filtered states, the log-probability of every symbol.
///
///     log rₜ(j) = log Σᵢ π̂ₜ(i) transition(i, j)     zₜ(m) = log Σⱼ rₜ(j) B(j, m) = log P(xₜ₊₁ = m | x₁ … xₜ)
///
/// Input `[T, B, K + 1]`, the output of a ``MarkovForwardCell`` in the form `.logarithms`, whose last column is not read; output
/// z `[T, B, M]`, logits for `Loss.softmaxCrossEntropy`, which they leave as they are. With the logits of chain and emission
/// that the layers below have. Adjoint: that of the two sums, each dv(r) = Σ dy(c) w(r, c) with
/// w(r, c) = exp(v(r) + L(r, c) − y(c)) and dL(r, c) = dy(c) w(r, c). Carries no state. Cost: K (K + M) exponentials a step.
public struct MarkovPrediction<Scalar: TensorScalar>: SequenceLayer {
  /// The chain's logits.
  public let chain: MarkovChainParameters
  /// The emission's, φ `[K, M]`.
  public let emission: MarkovEmission<Scalar>

  /// Precondition: both of as many states.
  public init(chain: MarkovChainParameters, emission: MarkovEmission<Scalar>) {
    precondition(
      chain.stateCount == emission.outputSize,
      "a chain of \(chain.stateCount) states, an emission of \(emission.outputSize)")
    self.chain = chain
    self.emission = emission
  }

  /// K + 1.
  public var inputSize: Int { chain.stateCount + 1 }
  /// M.
  public var outputSize: Int { emission.inputSize }
  /// Never.
  public var readsAhead: Bool { false }
  /// `.none`: it carries nothing over time.
  public func zeroState(batchSize: Int) -> LayerState<Scalar> { .none }

  /// z of every step that has data.
  public func forward(
    _ input: SequenceBatch<Scalar>, from initialState: LayerState<Scalar>,
    parameters: PackedParameters<Scalar>, mode: RunMode
  ) -> LayerRun<Scalar> {
    let (count, symbols) = (chain.stateCount, outputSize)
    precondition(
      input.features == count + 1, "a prediction expects \(count + 1) features, found \(input.features)")
    let transition = LogProbabilityTable(chain.transition, parameters.values)
    let shown = LogProbabilityTable(emission.logits, parameters.values)
    @Sendable func filtered(_ row: Int) -> [Double] {
      (0..<count).map { Double(input.values[row * (count + 1) + $0]) }
    }
    var output = input.blank(features: symbols)
    input.forEachRowWithData { row in
      let z = shown.product(transition.product(filtered(row)))
      for m in 0..<symbols { output.values[row * symbols + m] = Scalar(z[m]) }
    }
    return LayerRun(output: output, finalState: .none) { outputGradient, _, gradients in
      var inputGradient = input.blank(features: count + 1)
      // One chain of terms in the order of back-propagation: the last step first.
      for t in stride(from: input.steps - 1, through: 0, by: -1) {
        for (b, length) in input.lengths.enumerated() where t < length {
          let row = t * input.batchSize + b
          let before = filtered(row)
          let next = transition.product(before)
          let z = shown.product(next)
          let dz = (0..<symbols).map { Double(outputGradient.values[row * symbols + $0]) }
          let dNext = shown.backpropagate(product: z, of: next, dz, into: &gradients)
          let back = transition.backpropagate(product: next, of: before, dNext, into: &gradients)
          for k in 0..<count { inputGradient.values[row * (count + 1) + k] = Scalar(back[k]) }
        }
      }
      let made = inputGradient
      return LayerGradient(input: made, initialState: .none)
    }
  }
}
