internal import Foundation
public import RecurrentCore
internal import RecurrentHMM

/// The forward recursion of a hidden Markov model as a recurrent cell: xₜ are emission scores, the state is log π̂ₜ.
///
///     log q₁(j) = log initial(j)     log qₜ(j) = log Σᵢ π̂ₜ₋₁(i) transition(i, j)
///     uₜ(j) = log qₜ(j) + xₜ(j)     log cₜ = log Σⱼ exp uₜ(j)     log π̂ₜ(j) = uₜ(j) − log cₜ
///
/// x `[B, K]`, xₜ(k) = log p(xₜ | k); output `[B, K + 1]`: π̂ₜ(k) = P(hₜ = k | x₁ … xₜ), which sums to 1, and in the last
/// column log cₜ = log P(xₜ | x₁ … xₜ₋₁), whose sum over time is log P(x). All in logarithms, in double precision: scores
/// of any size will do, and −∞ forbids. Where nothing is possible any more, log c = −∞ and π̂ = 0, there and after.
///
/// The first step is the one whose state is zero (``MarkovState``): with s = `begun`, log q = (1 − s) log initial + s log Σ.
/// Adjoint, with g what reaches log π̂ and d what reaches log c:
///
///     du = g + (d − Σ g) π̂      dx = d log q = du      d log initial = (1 − s) du      dy = s du
///     w(i, j) = exp(log π̂ₜ₋₁(i) + log transition(i, j) − y(j)),  y(j) = log Σᵢ exp(…)
///     d log π̂ₜ₋₁(i) = Σⱼ dy(j) w(i, j)     d log transition(i, j) = dy(j) w(i, j)     ds = Σⱼ du(j) (y(j) − log initial(j))
///
/// and from log-probabilities to logits dθ = dL − exp L Σ dL. Cost: K² exponentials a step and sequence, twice that back, and K² a step for the
/// distributions that the logits make.
/// Source: Rabiner (1989), doi:10.1109/5.18626; as a recurrent network Bridle, Alpha-nets (1990),
/// doi:10.1016/0167-6393(90)90049-F.
public struct MarkovForwardCell<Scalar: TensorScalar>: RecurrentCell {
  /// log π̂ and whether there was a step.
  public typealias State = MarkovState<Scalar>

  /// Its logits.
  public let chain: MarkovChainParameters
  /// Of π̂ in the output. log c is a logarithm in either.
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
  /// K + 1.
  public var outputSize: Int { chain.stateCount + 1 }

  /// Before the first step: zeros `[batchSize, K]` and `[batchSize, 1]`.
  public func zeroState(batchSize: Int) -> State {
    State(filtered: Matrix(zeros: batchSize, inputSize), begun: Matrix(zeros: batchSize, 1))
  }

  /// Of each sequence: the state before the step, y, and log π̂ after it.
  public struct Tape: Sendable {
    var before: [[Double]] = []
    var begun: [Double] = []
    var ahead: [[Double]] = []
    var filtered: [[Double]] = []
  }

  /// log π̂ₜ and log cₜ from log π̂ₜ₋₁ and xₜ.
  public func step(_ input: Matrix<Scalar>, state: inout State, parameters: PackedParameters<Scalar>)
    -> (output: Matrix<Scalar>, tape: Tape)
  {
    let count = inputSize
    let initial = LogProbabilityTable(chain.initial, parameters.values)
    let transition = LogProbabilityTable(chain.transition, parameters.values)
    var output = Matrix<Scalar>(zeros: input.rows, count + 1)
    var tape = Tape()
    for b in 0..<input.rows {
      let (before, begun) = (state.filtered.doubleRow(b), Double(state.begun.elements[b]))
      let (x, ahead) = (input.doubleRow(b), transition.product(before))
      let u = (0..<count).map { Self.mixed(begun, initial.logarithms[$0], ahead[$0]) + x[$0] }
      let logC = LogSumExp.sum(count) { u[$0] }
      let filtered = u.map { logC == -.infinity ? -.infinity : $0 - logC }
      output.setDoubleRow(b, (form == .probabilities ? filtered.map { exp($0) } : filtered) + [logC])
      state.filtered.setDoubleRow(b, filtered)
      state.begun.elements[b] = 1
      tape.before.append(before)
      tape.begun.append(begun)
      tape.ahead.append(ahead)
      tape.filtered.append(filtered)
    }
    return (output, tape)
  }

  /// As the type's comment says; what is impossible has no gradient.
  public func backpropagate(
    _ outputGradient: Matrix<Scalar>, through tape: Tape, stateGradient: inout State,
    parameters: PackedParameters<Scalar>, into gradients: inout ParameterStore<Scalar>
  ) -> Matrix<Scalar> {
    let count = inputSize
    let initial = LogProbabilityTable(chain.initial, parameters.values)
    let transition = LogProbabilityTable(chain.transition, parameters.values)
    var inputGradient = Matrix<Scalar>(zeros: outputGradient.rows, count)
    for b in 0..<outputGradient.rows {
      let (filtered, begun, ahead) = (tape.filtered[b], tape.begun[b], tape.ahead[b])
      let du = scoreGradient(filtered, outputGradient.doubleRow(b), stateGradient.filtered.doubleRow(b))
      inputGradient.setDoubleRow(b, du)
      var before = [Double](repeating: 0, count: count)
      if begun != 0 {
        before = transition.backpropagate(
          product: ahead, of: tape.before[b], du.map { begun * $0 }, into: &gradients)
      }
      if begun != 1 {
        let own = du.map { (1 - begun) * $0 }
        initial.add(own, own.reduce(0, +), row: 0, into: &gradients)
      }
      var begunGradient = 0.0
      for j in 0..<count where du[j] != 0 {
        let slope = ahead[j] - initial.logarithms[j]
        if slope.isFinite { begunGradient += du[j] * slope }
      }
      stateGradient.filtered.setDoubleRow(b, before)
      // The state after the step is begun, whatever it was before.
      stateGradient.begun.elements[b] = Scalar(begunGradient)
    }
    return inputGradient
  }

  /// (1 − s) a + s b, exact at both ends, where the other may be −∞.
  private static func mixed(_ s: Double, _ a: Double, _ b: Double) -> Double {
    s == 0 ? a : s == 1 ? b : (1 - s) * a + s * b
  }

  /// du.
  private func scoreGradient(_ filtered: [Double], _ output: [Double], _ state: [Double]) -> [Double] {
    var g = state
    var sum = 0.0
    for k in filtered.indices {
      if filtered[k] == -.infinity {
        g[k] = 0
      } else {
        g[k] += form == .probabilities ? output[k] * exp(filtered[k]) : output[k]
      }
      sum += g[k]
    }
    let share = output[filtered.count] - sum
    return filtered.indices.map { filtered[$0] == -.infinity ? 0 : g[$0] + share * exp(filtered[$0]) }
  }
}
