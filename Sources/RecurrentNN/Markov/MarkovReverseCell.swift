internal import Foundation
public import RecurrentCore
internal import RecurrentHMM

/// The other recursion of a hidden Markov model as a recurrent cell, to be run in the direction `.reverse`: at each step
/// what the steps after it say of its state.
///
///     vₜ(i) = log Σⱼ transition(i, j) exp hₜ₊₁(j)     log dₜ = log Σᵢ exp vₜ(i)     log β̂ₜ(i) = vₜ(i) − log dₜ
///     hₜ(j) = xₜ(j) + log β̂ₜ(j)
///
/// x `[B, K]` emission scores; output β̂ₜ `[B, K]`, proportional to P(xₜ₊₁ … x_T | hₜ = k), with sum 1. The state h `[B, K]`
/// is what a step says together with all after it. A state of zeros says nothing: a row of transitions sums to 1, so v = 0
/// and β̂ is uniform at each sequence's own last step, as it should be. Adjoint, with g what reaches log β̂ from the output
/// and dh what reaches h from the steps before:
///
///     dx = dh     G = g + dh     dv = G − β̂ Σ G     w(i, j) = exp(log transition(i, j) + hₜ₊₁(j) − v(i))
///     dhₜ₊₁(j) = Σᵢ dv(i) w(i, j)     d log transition(i, j) = dv(i) w(i, j)
///
/// Cost and source as of ``MarkovForwardCell``.
public struct MarkovReverseCell<Scalar: TensorScalar>: RecurrentCell {
  /// h `[B, K]`.
  public typealias State = HiddenState<Scalar>

  /// Its logits, of which the transitions are read.
  public let chain: MarkovChainParameters
  /// Of β̂ in the output.
  public let form: DistributionForm

  /// - Parameters:
  ///   - chain: its logits; other cells may have them too.
  ///   - form: default probabilities.
  public init(chain: MarkovChainParameters, form: DistributionForm = .probabilities) {
    self.chain = chain
    self.form = form
  }

  /// K.
  public var inputSize: Int { chain.stateCount }
  /// K.
  public var outputSize: Int { chain.stateCount }

  /// None: the output is β̂ₜ, and h has the scores of step t besides.
  public static var hiddenComponent: Int? { nil }

  /// Nothing seen yet: zeros `[batchSize, K]`.
  public func zeroState(batchSize: Int) -> State { State(hidden: Matrix(zeros: batchSize, inputSize)) }

  /// Of each sequence: h before the step in the direction run, v, and log β̂.
  public struct Tape: Sendable {
    var before: [[Double]] = []
    var leaving: [[Double]] = []
    var behind: [[Double]] = []
  }

  /// log β̂ₜ from hₜ₊₁, and hₜ from it and xₜ.
  public func step(_ input: Matrix<Scalar>, state: inout State, parameters: PackedParameters<Scalar>)
    -> (output: Matrix<Scalar>, tape: Tape)
  {
    let transition = LogProbabilityTable(chain.transition, parameters.values)
    var output = Matrix<Scalar>(zeros: input.rows, outputSize)
    var tape = Tape()
    for b in 0..<input.rows {
      let (x, before) = (input.doubleRow(b), state.hidden.doubleRow(b))
      let v = transition.transposedProduct(before)
      let logD = LogSumExp.sum(v.count) { v[$0] }
      let behind = v.map { logD == -.infinity ? -.infinity : $0 - logD }
      output.setDoubleRow(b, form == .probabilities ? behind.map { exp($0) } : behind)
      state.hidden.setDoubleRow(b, zip(x, behind).map { $0 + $1 })
      tape.before.append(before)
      tape.leaving.append(v)
      tape.behind.append(behind)
    }
    return (output, tape)
  }

  /// As the type's comment says; what is impossible has no gradient.
  public func backpropagate(
    _ outputGradient: Matrix<Scalar>, through tape: Tape, stateGradient: inout State,
    parameters: PackedParameters<Scalar>, into gradients: inout ParameterStore<Scalar>
  ) -> Matrix<Scalar> {
    let transition = LogProbabilityTable(chain.transition, parameters.values)
    let inputGradient = stateGradient.hidden
    for b in 0..<outputGradient.rows {
      let (behind, output) = (tape.behind[b], outputGradient.doubleRow(b))
      var g = stateGradient.hidden.doubleRow(b)
      for k in g.indices {
        if behind[k] == -.infinity {
          g[k] = 0
        } else {
          g[k] += form == .probabilities ? output[k] * exp(behind[k]) : output[k]
        }
      }
      let sum = g.reduce(0, +)
      let dv = zip(g, behind).map { $0 - exp($1) * sum }
      stateGradient.hidden.setDoubleRow(
        b,
        transition.backpropagate(
          transposedProduct: tape.leaving[b], of: tape.before[b], dv, into: &gradients))
    }
    return inputGradient
  }
}
