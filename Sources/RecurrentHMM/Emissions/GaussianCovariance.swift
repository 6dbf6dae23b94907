public import RecurrentCore

/// How the numbers of a vector vary together, in each of K states.
public enum GaussianCovariance: Sendable, Hashable {
  /// Each by itself: variances `[K, D]`.
  case diagonal(Matrix<Double>)
  /// All with all: K matrices `[D, D]`, symmetric and positive definite.
  case full([Matrix<Double>])
  /// All alike: one variance for each state, `[K]`.
  case spherical([Double])
  /// One matrix `[D, D]` for all states.
  case tied(Matrix<Double>)

  /// Without numbers.
  public enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
    /// Variances by dimension and state.
    case diagonal
    /// A matrix for each state.
    case full
    /// A variance for each state.
    case spherical
    /// A matrix for all states.
    case tied
  }

  /// Which form it has.
  public var kind: Kind {
    switch self {
    case .diagonal: .diagonal
    case .full: .full
    case .spherical: .spherical
    case .tied: .tied
    }
  }

  /// Free numbers, of K states in D dimensions.
  func parameterCount(states: Int, dimensions: Int) -> Int {
    switch self {
    case .diagonal: states * dimensions
    case .full: states * dimensions * (dimensions + 1) / 2
    case .spherical: states
    case .tied: dimensions * (dimensions + 1) / 2
    }
  }

  /// The covariance of one state `[D, D]`.
  public func matrix(of state: Int, dimensions: Int) -> Matrix<Double> {
    switch self {
    case .full(let matrices): return matrices[state]
    case .tied(let matrix): return matrix
    case .diagonal(let variances): return .diagonal(variances.row(state))
    case .spherical(let variances):
      return .diagonal([Double](repeating: variances[state], count: dimensions))
    }
  }

  /// With some states' own numbers from another covariance of this form.
  func replacing(_ states: [Int], from other: GaussianCovariance) -> GaussianCovariance {
    switch (self, other) {
    case (.diagonal(var variances), .diagonal(let others)):
      for state in states {
        for d in 0..<variances.columns { variances[state, d] = others[state, d] }
      }
      return .diagonal(variances)
    case (.full(var matrices), .full(let others)):
      for state in states { matrices[state] = others[state] }
      return .full(matrices)
    case (.spherical(var variances), .spherical(let others)):
      for state in states { variances[state] = others[state] }
      return .spherical(variances)
    default: return self
    }
  }

  func reordered(_ order: [Int]) -> GaussianCovariance {
    switch self {
    case .diagonal(let variances): .diagonal(Matrix(order.map { variances.row($0) }))
    case .full(let matrices): .full(order.map { matrices[$0] })
    case .spherical(let variances): .spherical(order.map { variances[$0] })
    case .tied: self
    }
  }

  /// Whether there are as many numbers as K states in D dimensions have.
  func hasSizes(states: Int, dimensions: Int) -> Bool {
    sizeProblem(states: states, dimensions: dimensions) == nil
  }

  /// The first state whose covariance is not positive definite, or not a symmetric matrix of D × D.
  func problem(states: Int, dimensions: Int) -> HMMError? {
    if let problem = sizeProblem(states: states, dimensions: dimensions) { return problem }
    if let problem = symmetryProblem { return problem }
    for state in 0..<states
    where CholeskyFactor(matrix(of: state, dimensions: dimensions)) == nil {
      return .singularCovariance(state: state)
    }
    return nil
  }

  /// The first pair across a diagonal that is not alike; of more than rounding apart, one of them is a mistake.
  private var symmetryProblem: HMMError? {
    let matrices: [Matrix<Double>]
    switch self {
    case .diagonal, .spherical: return nil
    case .full(let own): matrices = own
    case .tied(let own): matrices = [own]
    }
    for (number, matrix) in matrices.enumerated() {
      for i in 0..<matrix.rows {
        for j in 0..<i {
          let (below, above) = (matrix[i, j], matrix[j, i])
          // Other programs' products of matrices differ across the diagonal by the rounding of numbers as large as the variances.
          let scale = abs(matrix[i, i]).squareRoot() * abs(matrix[j, j]).squareRoot()
          if below == above || abs(below - above) <= 1e-8 * scale { continue }
          let what = matrices.count == 1 ? "covariance" : "covariance \(number + 1)"
          return .parameter(
            what: what, row: i, column: j, value: below, expected: "\(above), as across the diagonal")
        }
      }
    }
    return nil
  }

  private func sizeProblem(states: Int, dimensions: Int) -> HMMError? {
    func size(_ found: String, _ expected: String) -> HMMError {
      .size(what: "\(kind.rawValue) covariance", found: found, expected: expected)
    }
    switch self {
    case .diagonal(let variances):
      if variances.rows != states || variances.columns != dimensions {
        return size("[\(variances.rows), \(variances.columns)]", "[\(states), \(dimensions)]")
      }
    case .spherical(let variances):
      if variances.count != states { return size("[\(variances.count)]", "[\(states)]") }
    case .full(let matrices):
      if matrices.count != states { return size("\(matrices.count) matrices", "\(states)") }
      for matrix in matrices where matrix.rows != dimensions || matrix.columns != dimensions {
        return size("[\(matrix.rows), \(matrix.columns)]", "[\(dimensions), \(dimensions)]")
      }
    case .tied(let matrix):
      if matrix.rows != dimensions || matrix.columns != dimensions {
        return size("[\(matrix.rows), \(matrix.columns)]", "[\(dimensions), \(dimensions)]")
      }
    }
    return nil
  }
}

extension Matrix<Double> {
  /// A square matrix with these numbers on its diagonal.
  static func diagonal(_ values: [Double]) -> Matrix {
    var result = Matrix(zeros: values.count, values.count)
    for (index, value) in values.enumerated() { result.elements[index * values.count + index] = value }
    return result
  }
}
