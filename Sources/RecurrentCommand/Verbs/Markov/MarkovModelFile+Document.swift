internal import Recurrent
internal import RecurrentReports
internal import RecurrentTasks

extension MarkovModelFile {
  /// What `hmm show --json` says of a model: all that its file has.
  var members: [String: JSONValue] {
    let (initial, transition, final) = model.chain
    var members: [String: JSONValue] = [
      "emission": .string(model.kind.rawValue), "parameters": .integer(model.parameterCount),
      "states": Self.texts(model.states), "initial": Self.list(initial), "transition": Self.rows(transition),
      "final": final.map { Self.list($0) } ?? .null, "unit": unit.map { .string($0.rawValue) } ?? .null,
      "columns": columns.isEmpty ? .null : Self.texts(columns),
      "sequence": sequence.map { .string($0) } ?? .null,
    ]
    switch model {
    case .categorical(let model):
      members["symbols"] = Self.texts(model.emission.symbols)
      members["probabilities"] = Self.rows(model.emission.probabilities)
    case .poisson(let model): members["rates"] = Self.rows(model.emission.rates)
    case .gaussian(let model): Self.add(model.emission, isTied: false, to: &members)
    case .mixture(let model):
      members["weights"] = Self.rows(model.emission.weights)
      Self.add(model.emission.components, isTied: model.emission.isTied, to: &members)
    }
    return members
  }

  /// - Parameter isTied: whether the components of a state have one matrix, which stands there for each.
  private static func add(
    _ emission: GaussianEmission, isTied: Bool, to members: inout [String: JSONValue]
  ) {
    members["means"] = rows(emission.means)
    members["covariance_kind"] = .string(
      (isTied ? GaussianCovariance.Kind.tied : emission.covariance.kind).rawValue)
    members["covariance"] =
      switch emission.covariance {
      case .diagonal(let variances): rows(variances)
      case .spherical(let variances): list(variances)
      case .tied(let matrix): rows(matrix)
      case .full(let matrices): .array(matrices.map(rows))
      }
  }

  private static func texts(_ texts: [String]) -> JSONValue { .array(texts.map { .string($0) }) }
  private static func list(_ values: [Double]) -> JSONValue { .array(values.map { .number($0) }) }
  private static func rows(_ matrix: Matrix<Double>) -> JSONValue {
    .array((0..<matrix.rows).map { list(matrix.row($0)) })
  }
}
