internal import Foundation
public import RecurrentCore
internal import RecurrentHMM

/// Both recursions of a hidden Markov model as a bidirectional layer: the posterior of every step given the whole sequence.
///
///     γₜ(k) = P(hₜ = k | x₁ … x_T) = softmax(log π̂ₜ + log β̂ₜ)ₖ
///
/// x `[T, B, K]` emission scores, output γ `[T, B, K]`. A ``Bidirectional`` of ``MarkovForwardCell`` and
/// ``MarkovReverseCell`` with one ``MarkovChainParameters``, whose gradients from both directions are added. Adjoint, with g
/// what reaches log γ: d log π̂ = d log β̂ = g − γ Σ g. Where nothing is possible γ = 0.
///
/// The directions' outputs are logarithms: states that the past and the future each leave 10⁻³⁰⁰ may be all that both allow.
/// Source: Rabiner (1989), doi:10.1109/5.18626; the form Schuster and Paliwal (1997), doi:10.1109/78.650093.
public struct MarkovSmoother<Scalar: TensorScalar>: SequenceLayer {
  /// The two recursions, their outputs side by side: log π̂ `[K]`, log c, log β̂ `[K]`.
  public let directions: Bidirectional<MarkovForwardCell<Scalar>, MarkovReverseCell<Scalar>>
  /// Of γ.
  public let form: DistributionForm

  /// - Parameters:
  ///   - chain: its logits; other cells may have them too.
  ///   - form: default probabilities; logarithms are logits for a softmax loss.
  public init(chain: MarkovChainParameters, form: DistributionForm = .probabilities) {
    directions = Bidirectional(
      forward: MarkovForwardCell(chain: chain, form: .logarithms),
      reverse: MarkovReverseCell(chain: chain, form: .logarithms))
    self.form = form
  }

  /// K.
  public var inputSize: Int { directions.inputSize }
  /// K.
  public var outputSize: Int { directions.inputSize }
  /// Always.
  public var readsAhead: Bool { true }
  /// Zeros of both directions' states.
  public func zeroState(batchSize: Int) -> LayerState<Scalar> { directions.zeroState(batchSize: batchSize) }

  /// γ of every step that has data; each sequence's reverse direction begins at its own end.
  public func forward(
    _ input: SequenceBatch<Scalar>, from initialState: LayerState<Scalar>,
    parameters: PackedParameters<Scalar>, mode: RunMode
  ) -> LayerRun<Scalar> {
    let run = directions.forward(input, from: initialState, parameters: parameters, mode: mode)
    let (count, width) = (outputSize, directions.outputSize)
    var output = input.blank(features: count)
    var logarithms = [Double](repeating: -.infinity, count: input.steps * input.batchSize * count)
    input.forEachRowWithData { row in
      let sums = (0..<count).map { k in
        Double(run.output.values[row * width + k])
          + Double(run.output.values[row * width + count + 1 + k])
      }
      let total = LogSumExp.sum(count) { sums[$0] }
      for k in 0..<count {
        let own = total == -.infinity ? total : sums[k] - total
        logarithms[row * count + k] = own
        output.values[row * count + k] = Scalar(form == .probabilities ? exp(own) : own)
      }
    }
    let tape = logarithms
    return LayerRun(output: output, finalState: run.finalState) {
      [form] outputGradient, finalStateGradient, gradients in
      var both = run.output.blank(features: width)
      both.forEachRowWithData { row in
        var g = [Double](repeating: 0, count: count)
        for k in 0..<count where tape[row * count + k] > -.infinity {
          let own = Double(outputGradient.values[row * count + k])
          g[k] = form == .probabilities ? own * exp(tape[row * count + k]) : own
        }
        let sum = g.reduce(0, +)
        for k in 0..<count {
          let own = Scalar(g[k] - exp(tape[row * count + k]) * sum)
          both.values[row * width + k] = own
          both.values[row * width + count + 1 + k] = own
        }
      }
      return run.pullback(both, finalStateGradient, &gradients)
    }
  }
}

extension SequenceBatch {
  /// Calls with the row t · B + b of every step that has data, by step and then by sequence.
  func forEachRowWithData(_ body: (_ row: Int) -> Void) {
    for t in 0..<steps {
      for (b, length) in lengths.enumerated() where t < length { body(t * batchSize + b) }
    }
  }
}
