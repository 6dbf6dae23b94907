internal import Recurrent
internal import RecurrentCore

/// What stands in a model's file, of the right form; whether it makes a model is not asked yet.
struct MarkovModelParts {
  let states: [String]
  let initial: [Double]
  let transition: Matrix<Double>
  let final: [Double]?
  let unit: TokenSequences.Unit?
  /// Empty where the file has none.
  let columns: [String]
  let sequence: String?
  private let emission: Part

  /// Of each emission; its probabilities, rates and covariances may be none.
  private enum Part {
    case categorical(CategoricalEmission)
    case gaussian(GaussianEmission)
    case mixture(GaussianMixtureEmission)
    case poisson(PoissonEmission)

    init(_ kind: MarkovModel.Kind, _ reader: inout MarkovFileReader) throws(MarkovFileError) {
      switch kind {
      case .categorical: self = .categorical(try reader.categorical())
      case .gaussian: self = .gaussian(try reader.gaussian())
      case .mixture: self = .mixture(try reader.mixture())
      case .poisson: self = .poisson(PoissonEmission(rates: try reader.matrix("rates")))
      }
    }
  }

  init(_ reader: inout MarkovFileReader) throws(MarkovFileError) {
    let kind = try reader.choice("emission", of: MarkovModel.Kind.self)
    states = try reader.strings("states")
    initial = try reader.numbers("initial")
    transition = try reader.matrix("transition")
    final = reader.has("final") ? try reader.numbers("final") : nil
    unit = reader.has("unit") ? try reader.choice("unit", of: TokenSequences.Unit.self) : nil
    columns = reader.has("columns") ? try reader.strings("columns") : []
    sequence = reader.has("sequence") ? try reader.string("sequence") : nil
    emission = try Part(kind, &reader)
    try reader.requireNoOther(than: "emission")
  }

  /// The model that the parts make.
  ///
  /// - Throws: ``HMMError`` where they make none.
  func model() throws(HMMError) -> MarkovModel {
    switch emission {
    case .categorical(let emission): .categorical(try model(emission))
    case .gaussian(let emission): .gaussian(try model(emission))
    case .mixture(let emission): .mixture(try model(emission))
    case .poisson(let emission): .poisson(try model(emission))
    }
  }

  private func model<E: Emission>(_ emission: E) throws(HMMError) -> HiddenMarkovModel<E> {
    try HiddenMarkovModel(
      initial: initial, transition: transition, final: final, emission: emission, states: states)
  }
}

/// Emissions, of which no more is checked than that they can be put together.
extension MarkovFileReader {
  fileprivate mutating func categorical() throws(MarkovFileError) -> CategoricalEmission {
    let symbols = try strings("symbols")
    let probabilities = try matrix("probabilities")
    if probabilities.columns != symbols.count {
      throw fault(
        "probabilities",
        "rows of \(counted(probabilities.columns, "number")), expected \(symbols.count), one a symbol")
    }
    return CategoricalEmission(probabilities, symbols: symbols)
  }

  fileprivate mutating func gaussian() throws(MarkovFileError) -> GaussianEmission {
    let means = try matrix("means")
    let kind = try choice("covarianceKind", of: GaussianCovariance.Kind.self)
    return GaussianEmission(means: means, covariance: try covariance(kind))
  }

  fileprivate mutating func mixture() throws(MarkovFileError) -> GaussianMixtureEmission {
    let (weights, means) = (try matrix("weights"), try matrix("means"))
    let kind = try choice("covarianceKind", of: GaussianCovariance.Kind.self)
    if means.rows != weights.rows * weights.columns {
      throw fault(
        "means",
        "\(counted(means.rows, "row")), expected \(weights.rows * weights.columns), one a component of each state"
      )
    }
    let isTied = kind == .tied
    let covariance = try covariance(isTied ? .full : kind)
    if isTied, case .full(let matrices) = covariance { try requireTied(matrices, weights.columns) }
    return GaussianMixtureEmission(weights: weights, means: means, covariance: covariance, isTied: isTied)
  }

  /// Of a tied covariance the components of a state have equal matrices.
  private func requireTied(_ matrices: [Matrix<Double>], _ components: Int) throws(MarkovFileError) {
    for (index, matrix) in matrices.enumerated() where matrix != matrices[index - index % components] {
      throw fault(
        "covariance",
        "matrix \(index + 1) is another than matrix \(index - index % components + 1); tied components of a state have one"
      )
    }
  }

  private mutating func covariance(_ kind: GaussianCovariance.Kind) throws(MarkovFileError)
    -> GaussianCovariance
  {
    switch kind {
    case .diagonal: .diagonal(try matrix("covariance"))
    case .spherical: .spherical(try numbers("covariance"))
    case .tied: .tied(try matrix("covariance"))
    case .full: .full(try matrices("covariance"))
    }
  }
}
