internal import Foundation
internal import RecurrentCore

extension HiddenMarkovModel where E == CategoricalEmission {
  /// A start for learning, drawn: each distribution uniform among all distributions, and states that tend to stay.
  ///
  /// - Parameters:
  ///   - symbols: the symbols' names.
  ///   - seed: another one, another start.
  public static func start(states count: Int, symbols: [String], seed: UInt64) -> HiddenMarkovModel {
    precondition(count > 0 && !symbols.isEmpty, "\(count) states, \(symbols.count) symbols")
    var generator = CounterGenerator(seed: seed, purpose: .initialization)
    let emission = Matrix((0..<count).map { _ in distribution(symbols.count, using: &generator) })
    return HiddenMarkovModel(
      unchecked: distribution(count, using: &generator), transitions(count, using: &generator), nil,
      CategoricalEmission(emission, symbols: symbols), (0..<count).map(String.init))
  }
}

extension HiddenMarkovModel {
  /// Shares of exponential draws: uniform on the simplex.
  fileprivate static func distribution(_ count: Int, using generator: inout CounterGenerator) -> [Double] {
    let draws = (0..<count).map { _ in
      -PortableMath.log(1 - generator.nextUniform()) + 1e-3
    }
    return draws.shares ?? draws
  }

  /// Half of what a distribution gives, and half to stay.
  private static func transitions(_ count: Int, using generator: inout CounterGenerator) -> Matrix<Double> {
    Matrix(
      (0..<count).map { i in
        distribution(count, using: &generator).enumerated().map { j, share in
          count == 1 ? 1 : (share + (i == j ? 1 : 0)) / 2
        }
      })
  }

  /// The model of steps that were put into clusters: what is counted if the clusters were the states.
  fileprivate static func clustered(
    _ sequences: [E.Observations], _ assignment: [[Int]], _ emission: E, _ prior: E.Prior
  ) throws(HMMError) -> HiddenMarkovModel {
    let count = emission.stateCount
    let even = [Double](repeating: 1 / Double(count), count: count)
    let flat = HiddenMarkovModel(
      unchecked: even, Matrix([[Double]](repeating: even, count: count)), nil, emission,
      (0..<count).map(String.init))
    let labelled = zip(sequences, assignment).map { Labelled(states: $1, observations: $0) }
    // A count more everywhere, so that nothing becomes impossible that only did not happen.
    return try flat.counting(
      labelled,
      options: BaumWelchOptions(
        chainPrior: ChainPrior(initial: 1, transition: 1), emissionPrior: prior))
  }
}

/// Steps of vector sequences in clusters.
private struct Clusters {
  /// Of each step of each sequence; a missing step goes with the step before.
  var assignment: [[Int]] = []
  /// Of the steps that are there. No variance is 0, for normal distributions that begin with it.
  let moments: ColumnMoments

  init(_ sequences: [VectorSequence], _ count: Int, seed: UInt64) throws(HMMError) {
    let points = try VectorSequence.points(of: sequences)
    if points.rows < count { throw .tooFew(observations: points.rows, states: count) }
    moments = ColumnMoments(points, leastVariance: 1e-12)
    let generator = CounterGenerator(seed: seed, purpose: .initialization)
    let found = KMeans(points, clusters: count, using: generator).assignment
    var next = 0
    for sequence in sequences {
      var own: [Int] = []
      for t in 0..<sequence.count {
        if sequence.isMissing(t) {
          own.append(own.last ?? 0)
        } else {
          own.append(found[next])
          next += 1
        }
      }
      assignment.append(own)
    }
  }
}

extension GaussianCovariance {
  /// One for all states, with these moments' variances.
  fileprivate static func start(_ kind: Kind, states: Int, _ moments: ColumnMoments) -> GaussianCovariance {
    let variance = moments.variance
    return switch kind {
    case .diagonal: .diagonal(Matrix([[Double]](repeating: variance, count: states)))
    case .full: .full([Matrix<Double>](repeating: .diagonal(variance), count: states))
    case .spherical: .spherical([Double](repeating: moments.meanVariance(), count: states))
    case .tied: .tied(.diagonal(variance))
    }
  }
}

extension HiddenMarkovModel where E == GaussianEmission {
  /// A start for learning: clusters of the observations, as if they were the states.
  ///
  /// - Parameter prior: its floor keeps clusters of few points away from singular covariances; `nil`: a thousandth of the
  ///   observations' mean variance.
  /// - Throws: ``HMMError``.
  public static func start(
    states count: Int, _ sequences: [VectorSequence], covariance: GaussianCovariance.Kind, seed: UInt64,
    prior: GaussianEmission.Prior? = nil
  ) throws(HMMError) -> HiddenMarkovModel {
    let clusters = try Clusters(sequences, count, seed: seed)
    let means = Matrix([[Double]](repeating: clusters.moments.mean, count: count))
    let emission = GaussianEmission(
      means: means, covariance: .start(covariance, states: count, clusters.moments))
    return try clustered(sequences, clusters.assignment, emission, prior ?? clusters.floor)
  }
}

extension Clusters {
  fileprivate var floor: GaussianEmission.Prior {
    GaussianEmission.Prior(varianceFloor: moments.meanVariance(times: 1e-3))
  }
}

extension HiddenMarkovModel where E == PoissonEmission {
  /// A start for learning: clusters of the observations, as if they were the states; no rate is 0.
  ///
  /// - Throws: ``HMMError``.
  public static func start(
    states count: Int, _ sequences: [VectorSequence], seed: UInt64
  ) throws(HMMError) -> HiddenMarkovModel {
    let clusters = try Clusters(sequences, count, seed: seed)
    let rates = Matrix([[Double]](repeating: clusters.moments.mean, count: count))
    return try clustered(
      sequences, clusters.assignment, PoissonEmission(rates: rates), .init(count: 0.5, weight: 0.5))
  }
}

extension HiddenMarkovModel where E == GaussianMixtureEmission {
  /// A start for learning: clusters of the observations as the states, and the components of each spread around its mean.
  ///
  /// - Parameter components: C, of each state.
  /// - Throws: ``HMMError``.
  public static func start(
    states count: Int, components: Int, _ sequences: [VectorSequence], covariance: GaussianCovariance.Kind,
    seed: UInt64
  ) throws(HMMError) -> HiddenMarkovModel {
    precondition(components > 0, "\(components) components")
    let kind = covariance == .tied ? .full : covariance
    let single = try HiddenMarkovModel<GaussianEmission>.start(
      states: count, sequences, covariance: kind, seed: seed)
    var generator = CounterGenerator(seed: seed, purpose: .initialization, step: 1)
    let order = (0..<count).flatMap { [Int](repeating: $0, count: components) }
    let spread = single.emission.reordered(order)
    let means = spread.sampled(Array(order.indices), using: &generator).values
    let shares = [Double](repeating: 1 / Double(components), count: components)
    return HiddenMarkovModel(
      unchecked: single.initial, single.transition, nil,
      GaussianMixtureEmission(
        weights: Matrix([[Double]](repeating: shares, count: count)), means: means,
        covariance: spread.covariance, isTied: covariance == .tied), single.states)
  }
}
