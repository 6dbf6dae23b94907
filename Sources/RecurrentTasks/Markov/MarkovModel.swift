public import Recurrent

/// A hidden Markov model of any of the emissions that files know.
public enum MarkovModel: Sendable, Hashable {
  /// Of symbols.
  case categorical(HiddenMarkovModel<CategoricalEmission>)
  /// Of vectors.
  case gaussian(HiddenMarkovModel<GaussianEmission>)
  /// Of vectors.
  case mixture(HiddenMarkovModel<GaussianMixtureEmission>)
  /// Of counts.
  case poisson(HiddenMarkovModel<PoissonEmission>)

  /// The emission's name.
  public enum Kind: String, Sendable, Hashable, CaseIterable, Codable {
    /// One of some symbols.
    case categorical
    /// A normal distribution.
    case gaussian
    /// A mixture of normal distributions.
    case mixture
    /// Counts.
    case poisson
  }

  /// What the states show.
  public var kind: Kind {
    switch self {
    case .categorical: .categorical
    case .gaussian: .gaussian
    case .mixture: .mixture
    case .poisson: .poisson
    }
  }

  /// The states' names.
  public var states: [String] {
    switch self {
    case .categorical(let model): model.states
    case .gaussian(let model): model.states
    case .mixture(let model): model.states
    case .poisson(let model): model.states
    }
  }

  /// Where sequences begin, how they go on, and where they end.
  public var chain: (initial: [Double], transition: Matrix<Double>, final: [Double]?) {
    switch self {
    case .categorical(let model): (model.initial, model.transition, model.final)
    case .gaussian(let model): (model.initial, model.transition, model.final)
    case .mixture(let model): (model.initial, model.transition, model.final)
    case .poisson(let model): (model.initial, model.transition, model.final)
    }
  }

  /// Free parameters.
  public var parameterCount: Int {
    switch self {
    case .categorical(let model): model.parameterCount
    case .gaussian(let model): model.parameterCount
    case .mixture(let model): model.parameterCount
    case .poisson(let model): model.parameterCount
    }
  }

  /// D, of vectors; `nil`: symbols.
  public var dimensions: Int? {
    switch self {
    case .categorical: nil
    case .gaussian(let model): model.emission.dimensions
    case .mixture(let model): model.emission.dimensions
    case .poisson(let model): model.emission.dimensions
    }
  }
}
