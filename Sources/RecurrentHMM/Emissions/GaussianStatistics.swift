internal import CRecurrentKernels
internal import RecurrentCore

/// What the E step counts of Gaussians: of each state the weight, the weighted differences from where its mean was, and
/// their squares or products. Differences from a near point keep the digits that sums of raw squares lose.
public struct GaussianStatistics: EmissionStatistics {
  /// c `[K, D]`.
  let centres: Matrix<Double>
  /// Σ γ, `[K]`.
  private(set) var weights: [Double]
  /// Σ γ (x − c), `[K, D]`.
  private var sums: [Double]
  /// Σ γ (x − c)² `[K, D]`, or Σ γ (x − c)(x − c)ᵀ `[K, D, D]`.
  private var squares: [Double]
  private let hasProducts: Bool

  init(centres: Matrix<Double>, hasProducts: Bool) {
    let (states, dimensions) = (centres.rows, centres.columns)
    self.centres = centres
    self.hasProducts = hasProducts
    weights = [Double](repeating: 0, count: states)
    sums = [Double](repeating: 0, count: states * dimensions)
    squares = [Double](repeating: 0, count: states * dimensions * (hasProducts ? dimensions : 1))
  }

  private var states: Int { centres.rows }
  private var dimensions: Int { centres.columns }

  /// Counts some steps, weighted by γ, rows of K.
  public mutating func add(
    _ observations: VectorSequence, steps: Range<Int>, posterior: UnsafePointer<Double>
  ) {
    let (states, dimensions, hasProducts) = (states, dimensions, hasProducts)
    observations.forEachRun(steps) { run, x in
      rk_gaussian_counts_f64(
        run.count, states, dimensions, x, dimensions,
        posterior + (run.lowerBound - steps.lowerBound) * states,
        states, centres.elements, hasProducts ? 1 : 0, &weights, &sums, &squares)
    }
  }

  /// Adds what was counted elsewhere.
  public mutating func add(_ other: Self) {
    for index in weights.indices { weights[index] += other.weights[index] }
    for index in sums.indices { sums[index] += other.sums[index] }
    for index in squares.indices { squares[index] += other.squares[index] }
  }

  /// - Precondition: the states of a group have one mean, as those that were tied from the start have.
  public mutating func share(among groups: [[Int]]) {
    weights.share(0, among: groups)
    for (row, width) in [(0, dimensions), (1, squares.count / max(states, 1))] {
      for column in 0..<width {
        if row == 0 {
          sums.share(column, stride: width, among: groups)
        } else {
          squares.share(column, stride: width, among: groups)
        }
      }
    }
  }

  /// μ = c + Σ γ (x − c) / Σ γ; where nothing was counted, c.
  var means: Matrix<Double> {
    var result = centres
    for k in 0..<states where weights[k] > 0 {
      for d in 0..<dimensions { result.elements[k * dimensions + d] += sums[k * dimensions + d] / weights[k] }
    }
    return result
  }

  /// Σ γ (x − μ)(x − μ)ᵀ of a state `[D, D]`, or its diagonal `[D]`, not divided.
  private func scatter(_ k: Int) -> [Double] {
    if weights[k] <= 0 { return [Double](repeating: 0, count: dimensions * (hasProducts ? dimensions : 1)) }
    let shift = (0..<dimensions).map { sums[k * dimensions + $0] / weights[k] }
    if !hasProducts {
      return (0..<dimensions).map { d in
        max(0, squares[k * dimensions + d] - weights[k] * shift[d] * shift[d])
      }
    }
    return (0..<dimensions * dimensions).map { index in
      let (d, e) = (max(index / dimensions, index % dimensions), min(index / dimensions, index % dimensions))
      return squares[(k * dimensions + d) * dimensions + e] - weights[k] * shift[d] * shift[e]
    }
  }

  /// The covariance of greatest likelihood, of the form of `before`; a state of which nothing was counted keeps what it has
  /// there.
  ///
  /// - Parameter tiedGroups: states that share one full matrix, each group its own, and `before` has a full one for each; `nil`:
  ///   as the form says.
  func covariance(
    _ before: GaussianCovariance, means: Matrix<Double>, floor: Double, tiedGroups: [[Int]]?
  ) -> GaussianCovariance {
    if let tiedGroups, case .full(var matrices) = before {
      for group in tiedGroups {
        let weight = group.reduce(0) { $0 + weights[$1] }
        guard weight > 0 else { continue }
        let shared = matrix(group.map(scatter), weight, floor)
        for k in group { matrices[k] = shared }
      }
      return .full(matrices)
    }
    switch before {
    case .diagonal(var variances):
      for k in 0..<states where weights[k] > 0 {
        for (d, sum) in scatter(k).enumerated() {
          variances.elements[k * dimensions + d] = max(floor, sum / weights[k])
        }
      }
      return .diagonal(variances)
    case .spherical(var variances):
      for k in 0..<states where weights[k] > 0 {
        variances[k] = max(floor, scatter(k).reduce(0, +) / weights[k] / Double(dimensions))
      }
      return .spherical(variances)
    case .full(let matrices):
      return .full(
        (0..<states).map { weights[$0] > 0 ? matrix([scatter($0)], weights[$0], floor) : matrices[$0] })
    case .tied(let matrix):
      let weight = weights.reduce(0, +)
      return weight > 0 ? .tied(self.matrix((0..<states).map(scatter), weight, floor)) : .tied(matrix)
    }
  }

  /// A sum of scatters over a weight, with the floor added to its diagonal.
  private func matrix(_ scatters: [[Double]], _ weight: Double, _ floor: Double) -> Matrix<Double> {
    var elements = [Double](repeating: 0, count: dimensions * dimensions)
    for scatter in scatters { for index in elements.indices { elements[index] += scatter[index] } }
    for index in elements.indices { elements[index] /= weight }
    for d in 0..<dimensions { elements[d * dimensions + d] = max(elements[d * dimensions + d], 0) + floor }
    return Matrix(rows: dimensions, columns: dimensions, elements: elements)
  }
}
