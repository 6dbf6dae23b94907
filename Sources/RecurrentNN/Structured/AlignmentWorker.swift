internal import Foundation
internal import RecurrentCore
internal import RecurrentHMM

/// One caller's room for the loss of connectionist temporal classification.
///
///     l′ = blank, l₁, blank, l₂, … l_L, blank                       [S],  S = 2 L + 1
///     αₜ(s) = yₜ(l′ₛ) [αₜ₋₁(s) + αₜ₋₁(s − 1) + αₜ₋₁(s − 2)]
///     βₜ(s) = Σ yₜ₊₁(l′ᵤ) βₜ₊₁(u),  u = s, s + 1, s + 2
///     p = α_T(S) + α_T(S − 1) = Σₛ αₜ(s) βₜ(s)
///
/// all in logarithms. A step of two only passes over a blank between labels that differ.
final class AlignmentWorker<Scalar: TensorScalar> {
  private let loss: ConnectionistTemporalClassification
  private let logarithms = Scratch<Scalar>()
  private let symbols = Scratch<Int>()
  private let forward = Scratch<Double>()
  private let backward = Scratch<Double>()
  private let shifted = Scratch<Double>()
  /// P(πₜ = k | l) of one step, zeros between two.
  private let occupied = Scratch<Double>()

  init(_ loss: ConnectionistTemporalClassification) { self.loss = loss }

  /// The loss of a sequence.
  ///
  /// - Parameters:
  ///   - places: rows of `outputs` `[N, width]`, by step.
  ///   - gradient: where ∂loss/∂outputs is written, at the same rows.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func evaluate(
    _ sequence: Int, _ labels: [Int], _ places: UnsafeBufferPointer<Int32>, width: Int,
    _ outputs: UnsafePointer<Scalar>, _ gradient: UnsafeMutablePointer<Scalar>?
  ) -> LossSum {
    if let problem = loss.problem(labels, symbols: width, sequence: sequence) {
      preconditionFailure(problem.description)
    }
    let logarithms = logarithms.reserve(places.count * width)
    for (t, place) in places.enumerated() {
      Scalar._logSoftmax(
        rows: 1, columns: width, outputs + Int(place) * width, logarithms + t * width)
    }
    extend(labels)
    let size = 2 * labels.count + 1
    let total = goForward(places.count, size, width)
    let isImpossible = total == -.infinity
    if let gradient {
      if isImpossible {
        for place in places {
          (gradient + Int(place) * width).update(repeating: loss.zeroInfinity ? 0 : .nan, count: width)
        }
      } else {
        goBack(places, size, width, gradient)
      }
    }
    return isImpossible && loss.zeroInfinity ? LossSum() : LossSum(sum: -total, count: 1)
  }

  private func extend(_ labels: [Int]) {
    let symbols = symbols.reserve(2 * labels.count + 1)
    symbols[0] = loss.blank
    for (place, label) in labels.enumerated() {
      (symbols[2 * place + 1], symbols[2 * place + 2]) = (label, loss.blank)
    }
  }

  /// Whether a path may go from s − 2 to s.
  @inline(__always)
  private func skips(to s: Int, _ symbols: UnsafePointer<Int>) -> Bool {
    s % 2 == 1 && s >= 3 && symbols[s] != symbols[s - 2]
  }

  /// log(eᵃ + eᵇ + eᶜ) of a row.
  @inline(__always)
  private func logSums(
    _ size: Int, into target: UnsafeMutablePointer<Double>, _ terms: (Int) -> (Double, Double, Double)
  ) {
    let room = shifted.reserve(3 * size)
    for s in 0..<size { (room[3 * s], room[3 * s + 1], room[3 * s + 2]) = terms(s) }
    LogSumExp.sums(rows: size, columns: 3, room, into: target)
  }

  /// log p, with log α in ``forward``.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  private func goForward(_ steps: Int, _ size: Int, _ width: Int) -> Double {
    if steps == 0 { return size == 1 ? 0 : -.infinity }
    let (alpha, symbols, logs) = (forward.reserve(steps * size), symbols.base, logarithms.base)
    for t in 0..<steps {
      let (own, before) = (alpha + t * size, alpha + (t - 1) * size)
      if t == 0 {
        for s in 0..<size { own[s] = s < 2 ? 0 : -.infinity }
      } else {
        logSums(size, into: own) { s in
          (before[s], s >= 1 ? before[s - 1] : -.infinity, skips(to: s, symbols) ? before[s - 2] : -.infinity)
        }
      }
      for s in 0..<size { own[s] += Double(logs[t * width + symbols[s]]) }
    }
    let last = alpha + (steps - 1) * size
    return size == 1 ? last[0] : LogSumExp.sum(last[size - 1], last[size - 2])
  }

  /// log β step by step from the end, and with it the gradient of each step.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  private func goBack(
    _ places: UnsafeBufferPointer<Int32>, _ size: Int, _ width: Int, _ gradient: UnsafeMutablePointer<Scalar>
  ) {
    let symbols = symbols.base
    occupied.reserve(width).update(repeating: 0, count: width)
    // Two rows to turn with: what follows a step, and what follows the one behind it with that one's own symbol.
    let (beta, after) = (backward.reserve(2 * size), backward.base + size)
    for t in stride(from: places.count - 1, through: 0, by: -1) {
      if t == places.count - 1 {
        for s in 0..<size { beta[s] = s + 2 >= size ? 0 : -.infinity }
      } else {
        logSums(size, into: beta) { s in
          (
            after[s], s + 1 < size ? after[s + 1] : -.infinity,
            s + 2 < size && skips(to: s + 2, symbols) ? after[s + 2] : -.infinity
          )
        }
      }
      let logs = logarithms.base + t * width
      write(forward.base + t * size, beta, size, width, logs, gradient + Int(places[t]) * width)
      for s in 0..<size { after[s] = beta[s] + Double(logs[symbols[s]]) }
    }
  }

  /// yₜ(k) − P(πₜ = k | l).
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  private func write(
    _ alpha: UnsafePointer<Double>, _ beta: UnsafePointer<Double>, _ size: Int, _ width: Int,
    _ logs: UnsafePointer<Scalar>, _ target: UnsafeMutablePointer<Scalar>
  ) {
    let (symbols, occupied) = (symbols.base, occupied.base)
    var greatest = -Double.infinity
    for s in 0..<size { greatest = max(greatest, alpha[s] + beta[s]) }
    // Divided by its own sum instead of p: the rounding of p, that of a long sum, is the same in all and is taken out.
    let weights = shifted.reserve(size)
    for s in 0..<size { weights[s] = alpha[s] + beta[s] - greatest }
    Double._exp(size, weights, weights)
    var sum = 0.0
    for s in 0..<size {
      occupied[symbols[s]] += weights[s]
      sum += weights[s]
    }
    Scalar._exp(width, logs, target)
    for s in 0..<size where occupied[symbols[s]] != 0 {
      target[symbols[s]] -= Scalar(occupied[symbols[s]] / sum)
      occupied[symbols[s]] = 0
    }
  }
}
