internal import CRecurrentKernels
internal import Foundation
internal import RecurrentCore

/// log N(x; μₖ, Σₖ) for K states, ready to be computed: inverse variances, or factors.
struct GaussianDensity: Sendable, Hashable {
  private let means: [Double]
  private let states, dimensions: Int
  /// 1 / σ² `[K, D]`; empty where there are factors.
  private let precisions: [Double]
  /// Means and precisions `[D, width]`, and ``constants``, as the kernel reads them: columns of whole vectors.
  private let meanColumns, precisionColumns, paddedConstants: [Double]
  /// One for each state, or one for all.
  private let factors: [CholeskyFactor]
  /// −½ (D log 2π + log |Σₖ|), for each state.
  private let constants: [Double]

  /// A covariance that is not positive definite, or of other sizes, makes densities of NaN.
  init(_ means: Matrix<Double>, _ covariance: GaussianCovariance) {
    let (states, dimensions) = (means.rows, means.columns)
    (self.means, self.states, self.dimensions) = (means.elements, states, dimensions)
    let normal = Double(dimensions) * log(2 * Double.pi) / 2
    guard covariance.hasSizes(states: states, dimensions: dimensions) else {
      (precisions, factors) = ([], [])
      (meanColumns, precisionColumns, paddedConstants) = ([], [], [])
      constants = [Double](repeating: .nan, count: states)
      return
    }
    switch covariance {
    case .diagonal, .spherical:
      let variances = (0..<states).flatMap { k in
        switch covariance {
        case .diagonal(let variances): variances.row(k)
        case .spherical(let variances): [Double](repeating: variances[k], count: dimensions)
        default: [Double]()
        }
      }
      precisions = variances.map { 1 / $0 }
      factors = []
      constants = (0..<states).map { k in
        -normal - variances[k * dimensions..<(k + 1) * dimensions].reduce(0) { $0 + log($1) } / 2
      }
    case .full(let matrices):
      precisions = []
      let made = matrices.map { CholeskyFactor($0) }
      let complete = made.allSatisfy { $0 != nil } && made.count == states
      factors = complete ? made.compactMap { $0 } : []
      constants = made.map { $0.map { -normal - $0.logRootDeterminant } ?? .nan }
    case .tied(let matrix):
      precisions = []
      factors = CholeskyFactor(matrix).map { [$0] } ?? []
      let constant = factors.first.map { -normal - $0.logRootDeterminant } ?? .nan
      constants = [Double](repeating: constant, count: states)
    }
    let padding = [Double](repeating: 0, count: -states & 7)
    func columns(_ rows: [Double]) -> [Double] {
      (0..<dimensions).flatMap { d in (0..<states).map { rows[$0 * dimensions + d] } + padding }
    }
    let isDiagonal = !precisions.isEmpty
    meanColumns = isDiagonal ? columns(means.elements) : []
    precisionColumns = isDiagonal ? columns(precisions) : []
    paddedConstants = isDiagonal ? constants + padding : []
  }

  func write(_ observations: VectorSequence, _ steps: Range<Int>, into scores: UnsafeMutablePointer<Double>) {
    scores.update(repeating: 0, count: steps.count * states)
    if precisions.isEmpty {
      writeByFactors(observations, steps, into: scores)
    } else {
      writeByDimension(observations, steps, into: scores)
    }
  }

  private func writeByDimension(
    _ observations: VectorSequence, _ steps: Range<Int>, into scores: UnsafeMutablePointer<Double>
  ) {
    observations.forEachRun(steps) { run, x in
      rk_gaussian_scores_f64(
        run.count, states, dimensions, x, dimensions, meanColumns, precisionColumns, paddedConstants,
        paddedConstants.count, scores + (run.lowerBound - steps.lowerBound) * states, states)
    }
  }

  private func writeByFactors(
    _ observations: VectorSequence, _ steps: Range<Int>, into scores: UnsafeMutablePointer<Double>
  ) {
    withUnsafeTemporaryAllocation(of: Double.self, capacity: 2 * dimensions) { room in
      guard let difference = room.baseAddress else { return }
      observations.forEach(steps) { t, x in
        for k in 0..<states {
          for d in 0..<dimensions { difference[d] = x[d] - means[k * dimensions + d] }
          let factor = factors.isEmpty ? nil : factors[factors.count == 1 ? 0 : k]
          let distance = factor?.squaredDistance(difference, difference + dimensions) ?? .nan
          scores[(t - steps.lowerBound) * states + k] = constants[k] - distance / 2
        }
      }
    }
  }

  /// A vector for each state of a sequence `[T, D]`: x = μₖ + L z with z standard normal.
  func sampled(
    _ sequence: [Int], _ means: Matrix<Double>, using generator: inout CounterGenerator
  ) -> Matrix<Double> {
    var elements: [Double] = []
    for k in sequence {
      let normal = (0..<dimensions).map { _ in
        // Two words for each, so that a draw is a function of its place.
        defer { generator.position += 2 }
        return generator.normal(at: generator.position)
      }
      let factor = factors.isEmpty ? nil : factors[factors.count == 1 ? 0 : k]
      elements += (0..<dimensions).map { d in
        guard let factor else {
          return means[k, d] + normal[d] / precisions[k * dimensions + d].squareRoot()
        }
        return (0...d).reduce(means[k, d]) { $0 + factor.elements[d * dimensions + $1] * normal[$1] }
      }
    }
    return Matrix(rows: sequence.count, columns: dimensions, elements: elements)
  }
}
