internal import Foundation
public import RecurrentCore

/// Emission scores of symbols: for every state log P(x | k), of logits whose softmax over symbols is P.
///
///     y(k) = Σₘ x(m) log B(k, m),   B(k, ·) = softmax(φₖ)
///
/// x `[T, B, M]`, one-hot for a symbol; zeros for a step where nothing was seen, which gives scores of 0. φ `[K, M]`, y
/// `[T, B, K]`. A logit of −∞ is a symbol that the state never shows, with a gradient of 0; x(m) = 0 passes over it.
/// Adjoint: d log B(k, m) = Σ dy(k) x(m), dφ = d log B − B Σₘ d log B, dx(m) = Σₖ dy(k) log B(k, m) over symbols that can
/// be. Carries no state. Cost: K M a step, less where x is zero.
public struct MarkovEmission<Scalar: TensorScalar>: SequenceLayer {
  /// φ `[K, M]`.
  public let logits: ParameterSlot

  /// Adds `name.emission` to `layout`.
  ///
  /// - Parameters:
  ///   - states: K.
  ///   - symbols: M.
  ///   - initializer: of the logits; default normal with standard deviation 1, since states that begin alike stay alike.
  public init(
    states: Int, symbols: Int, initializer: Initializer = .normal(standardDeviation: 1), named name: String,
    in layout: inout ParameterLayout
  ) {
    logits = layout.addUnpacked("\(name).emission", rows: states, columns: symbols, initializer: initializer)
  }

  /// M.
  public var inputSize: Int { logits.columns }
  /// K.
  public var outputSize: Int { logits.rows }
  /// Never.
  public var readsAhead: Bool { false }
  /// `.none`: it carries nothing over time.
  public func zeroState(batchSize: Int) -> LayerState<Scalar> { .none }

  /// The scores of every step that has data.
  public func forward(
    _ input: SequenceBatch<Scalar>, from initialState: LayerState<Scalar>,
    parameters: PackedParameters<Scalar>, mode: RunMode
  ) -> LayerRun<Scalar> {
    let (symbols, states) = (inputSize, outputSize)
    precondition(
      input.features == symbols, "'\(logits.name)' expects \(symbols) features, found \(input.features)")
    let table = LogProbabilityTable(logits, parameters.values)
    var output = input.blank(features: states)
    input.forEachRowWithData { row in
      for k in 0..<states {
        var sum = 0.0
        for m in 0..<symbols where input.values[row * symbols + m] != 0 {
          sum += Double(input.values[row * symbols + m]) * table.logarithms[k * symbols + m]
        }
        output.values[row * states + k] = Scalar(sum)
      }
    }
    return LayerRun(output: output, finalState: .none) { outputGradient, _, gradients in
      var inputGradient = input.blank(features: symbols)
      // One chain of terms in the order of back-propagation: the last step first.
      for t in stride(from: input.steps - 1, through: 0, by: -1) {
        for (b, length) in input.lengths.enumerated() where t < length {
          let row = t * input.batchSize + b
          for k in 0..<states {
            let dy = Double(outputGradient.values[row * states + k])
            if dy == 0 { continue }
            var terms = [Double](repeating: 0, count: symbols)
            for m in 0..<symbols where table.logarithms[k * symbols + m] > -.infinity {
              terms[m] = dy * Double(input.values[row * symbols + m])
              inputGradient.values[row * symbols + m] += Scalar(dy * table.logarithms[k * symbols + m])
            }
            table.add(terms, terms.reduce(0, +), row: k, into: &gradients)
          }
        }
      }
      let made = inputGradient
      return LayerGradient(input: made, initialState: .none)
    }
  }
}
