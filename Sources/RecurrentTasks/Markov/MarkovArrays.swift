internal import Foundation
public import Recurrent
internal import RecurrentCore
internal import RecurrentReports

/// hmmlearn's arrays of a model, by its names and in its shapes, as a safetensors file: `startprob_`, `transmat_`, and
/// `emissionprob_`, or `means_` and `covars_`, or `weights_`, `means_` and `covars_`, or `lambdas_`.
///
/// Which emission it is the tensors' names say, and which covariance the metadata "covariance_type"; without it the shape
/// does, where no other kind has the same. Names with and without the closing underscore are read. Names of states, symbols and
/// columns, and the unit of a text, which hmmlearn does not know, are lists of JSON in the metadata; the column that parts
/// sequences stands there too. Of F32 tensors, rows of probabilities that sum to 1 within 10⁻⁶ are made to sum to 1 as doubles.
///
/// The `covars_` of hmmlearn's GaussianHMM is a property that writes every kind out as matrices `[K, D, D]`; it is read where the
/// covariance type says of which kind, but `_covars_` is what the model has. In Python:
///
///     save_file({"startprob_": model.startprob_, "transmat_": model.transmat_, "means_": model.means_,
///                "covars_": model._covars_}, "model.safetensors", {"covariance_type": model.covariance_type})
public enum MarkovArrays {
  // MARK: - To hmmlearn

  /// A model's arrays.
  ///
  /// - Throws: ``MarkovError``: hmmlearn has no probabilities of where sequences end.
  public static func tensors(of file: MarkovModelFile) throws(MarkovError) -> SafeTensors {
    let (initial, transition, final) = file.model.chain
    if final != nil {
      throw MarkovError("the model says where sequences end (\"final\"), which hmmlearn's models do not")
    }
    var tensors = SafeTensors()
    let count = initial.count
    tensors.add("startprob_", shape: [count], initial)
    tensors.add("transmat_", shape: [count, count], transition.elements)
    var metadata = ["emission": file.model.kind.rawValue, "states": MarkovModelFile.list(file.model.states)]
    metadata["unit"] = file.unit?.rawValue
    metadata["sequence"] = file.sequence
    if !file.columns.isEmpty { metadata["columns"] = MarkovModelFile.list(file.columns) }
    if case .categorical(let model) = file.model {
      metadata["symbols"] = MarkovModelFile.list(model.emission.symbols)
    }
    switch file.model {
    case .categorical(let model):
      let emission = model.emission
      tensors.add("emissionprob_", shape: [count, emission.symbolCount], emission.probabilities.elements)
    case .poisson(let model):
      tensors.add("lambdas_", shape: [count, model.emission.dimensions], model.emission.rates.elements)
    case .gaussian(let model):
      let (emission, d) = (model.emission, model.emission.dimensions)
      tensors.add("means_", shape: [count, d], emission.means.elements)
      add(emission.covariance, to: &tensors, leading: [count], d)
      metadata["covariance_type"] = name(emission.covariance.kind)
    case .mixture(let model):
      let (emission, d) = (model.emission, model.emission.dimensions)
      let size = emission.componentCount
      tensors.add("weights_", shape: [count, size], emission.weights.elements)
      tensors.add("means_", shape: [count, size, d], emission.components.means.elements)
      if emission.isTied, case .full(let matrices) = emission.components.covariance {
        let own = (0..<count).flatMap { matrices[$0 * size].elements }
        tensors.add("covars_", shape: [count, d, d], own)
        metadata["covariance_type"] = "tied"
      } else {
        add(emission.components.covariance, to: &tensors, leading: [count, size], d)
        metadata["covariance_type"] = name(emission.components.covariance.kind)
      }
    }
    tensors.metadata = metadata
    return tensors
  }

  private static func add(
    _ covariance: GaussianCovariance, to tensors: inout SafeTensors, leading: [Int], _ d: Int
  ) {
    switch covariance {
    case .diagonal(let variances): tensors.add("covars_", shape: leading + [d], variances.elements)
    case .spherical(let variances): tensors.add("covars_", shape: leading, variances)
    case .tied(let matrix): tensors.add("covars_", shape: [d, d], matrix.elements)
    case .full(let matrices): tensors.add("covars_", shape: leading + [d, d], matrices.flatMap(\.elements))
    }
  }

  private static func name(_ kind: GaussianCovariance.Kind) -> String {
    kind == .diagonal ? "diag" : kind.rawValue
  }

  // MARK: - From hmmlearn

  /// The model that arrays make.
  ///
  /// - Throws: ``MarkovError`` with the tensor.
  public static func model(of tensors: SafeTensors, name: String) throws(MarkovError) -> MarkovModelFile {
    let reader = Reader(tensors: tensors, file: name)
    let initial = try reader.vector("startprob")
    let transition = try reader.probabilities("transmat")
    let states = try reader.names("states", count: initial.count)
    try reader.requireOneEmission()
    func made<E: Emission>(_ emission: E) throws(MarkovError) -> HiddenMarkovModel<E> {
      do throws(HMMError) {
        return try HiddenMarkovModel(
          initial: initial, transition: transition, emission: emission, states: states)
      } catch {
        throw MarkovError("\(name): \(error)")
      }
    }
    if reader.has("emissionprob") {
      let probabilities = try reader.probabilities("emissionprob")
      let symbols = try reader.names("symbols", count: probabilities.columns)
      let columns = try reader.names("columns", count: 1) ?? []
      return MarkovModelFile(
        model: .categorical(try made(CategoricalEmission(probabilities, symbols: symbols))), columns: columns,
        unit: try reader.unit() ?? (columns.isEmpty ? .words : nil),
        sequence: tensors.metadata["sequence"])
    }
    let model: MarkovModel
    if reader.has("lambdas") {
      model = .poisson(try made(PoissonEmission(rates: try reader.matrix("lambdas"))))
    } else if reader.has("weights") {
      model = .mixture(try made(try reader.mixture()))
    } else {
      let means = try reader.matrix("means")
      let covariance = try reader.covariance(groups: [means.rows], means.columns)
      model = .gaussian(try made(GaussianEmission(means: means, covariance: covariance)))
    }
    return MarkovModelFile(
      model: model, columns: try reader.names("columns", count: model.dimensions ?? 0) ?? [],
      sequence: tensors.metadata["sequence"])
  }

  private struct Reader {
    let tensors: SafeTensors
    let file: String

    private func entry(_ name: String) -> TensorEntry? {
      tensors.entries.first { $0.name == name + "_" || $0.name == name }
    }

    func has(_ name: String) -> Bool { entry(name) != nil }

    /// Arrays of two emissions leave open which is meant.
    func requireOneEmission() throws(MarkovError) {
      let found = ["emissionprob", "lambdas", "means"].filter(has)
      if found.count > 1 || (found.first != "means" && found.count == 1 && has("weights")) {
        let names = (found + (has("weights") ? ["weights"] : [])).map { $0 + "_" }
        throw MarkovError(
          "\(file): tensors \(names.joined(separator: " and ")) are of different emissions, expected those of one; leave out the others"
        )
      }
    }

    /// What a text is cut into, of the metadata; `nil`: it does not say.
    func unit() throws(MarkovError) -> TokenSequences.Unit? {
      guard let text = tensors.metadata["unit"] else { return nil }
      guard let unit = TokenSequences.Unit(rawValue: text) else {
        let expected = TokenSequences.Unit.allCases.map { quoted($0.rawValue) }.joined(separator: " or ")
        throw MarkovError("\(file): metadata unit: found \(quoted(text)), expected \(expected)")
      }
      return unit
    }

    /// A list of names in the metadata; `nil`: there is none.
    func names(_ key: String, count: Int) throws(MarkovError) -> [String]? {
      guard let text = tensors.metadata[key] else { return nil }
      do throws(JSONError) {
        let names = try JSONValue(parsing: Array(text.utf8), name: key).array?.compactMap(\.string) ?? []
        if names.count == count && Set(names).count == count { return names }
      } catch {
        throw MarkovError("\(file): metadata \(key): \(error)")
      }
      throw MarkovError("\(file): metadata \(key): expected a list of \(count) different names")
    }

    func values(_ name: String) throws(MarkovError) -> (values: [Double], shape: [Int]) {
      guard let entry = entry(name) else { throw MarkovError("\(file): there is no tensor \(name)_") }
      if entry.shape.contains(0) { throw wrong(name, entry.shape, "no axis of length 0") }
      do throws(SafeTensorsError) {
        return (try tensors.doubles(named: entry.name), entry.shape)
      } catch {
        throw MarkovError("\(file): \(error)")
      }
    }

    func vector(_ name: String) throws(MarkovError) -> [Double] {
      let (values, shape) = try values(name)
      guard shape.count == 1 else { throw wrong(name, shape, "one axis") }
      return normalized(values, name)
    }

    /// A list of probabilities as doubles: in single precision they can sum to 1 only nearly.
    private func normalized(_ row: [Double], _ name: String) -> [Double] {
      guard entry(name)?.dataType == .f32 else { return row }
      let sum = row.reduce(0, +)
      return abs(sum - 1) <= 1e-6 ? row.map { $0 / sum } : row
    }

    /// Rows of probabilities.
    func probabilities(_ name: String) throws(MarkovError) -> Matrix<Double> {
      let matrix = try matrix(name)
      return Matrix((0..<matrix.rows).map { normalized(matrix.row($0), name) })
    }

    func matrix(_ name: String) throws(MarkovError) -> Matrix<Double> {
      let (values, shape) = try values(name)
      guard shape.count == 2 else { throw wrong(name, shape, "two axes") }
      return Matrix(rows: shape[0], columns: shape[1], elements: values)
    }

    private func wrong(_ name: String, _ shape: [Int], _ expected: String) -> MarkovError {
      MarkovError("\(file): tensor \(name)_ has the shape \(shape), expected \(expected)")
    }

    private func matrices(_ values: [Double], _ d: Int) -> [Matrix<Double>] {
      stride(from: 0, to: values.count, by: d * d).map {
        Matrix(rows: d, columns: d, elements: Array(values[$0..<$0 + d * d]))
      }
    }

    /// By the metadata's covariance type, or by the shape where only one has it.
    func covariance(groups: [Int], _ d: Int) throws(MarkovError) -> GaussianCovariance {
      let (values, shape) = try values("covars")
      let count = groups.reduce(1, *)
      let type = tensors.metadata["covariance_type"]
      let kinds = [
        ("full", groups + [d, d]), ("diag", groups + [d]), ("spherical", groups),
        // One matrix for all states: components of a mixture have one for each.
        ("tied", groups.count == 1 ? [d, d] : []),
      ]
      .filter { $0.1 == shape }.map(\.0)
      if type == nil && kinds.count > 1 { throw ambiguous(shape, kinds) }
      switch shape {
      case groups + [d, d] where type == nil || type == "full": return .full(matrices(values, d))
      case groups + [d] where type == nil || type == "diag":
        return .diagonal(Matrix(rows: count, columns: d, elements: values))
      case groups where type == nil || type == "spherical": return .spherical(values)
      case groups + [d] where type == "spherical":
        // After learning hmmlearn has the variance once for each column.
        let rows = stride(from: 0, to: values.count, by: d).map { values[$0..<$0 + d] }
        guard rows.allSatisfy({ row in row.allSatisfy { $0 == row.first } }) else {
          throw MarkovError(
            "\(file): tensor covars_ has different variances in a row, expected one a state for covariance type spherical; a model with one a column is of type diag"
          )
        }
        return .spherical(rows.compactMap(\.first))
      case [d, d] where groups.count == 1 && (type == nil || type == "tied"):
        return .tied(Matrix(rows: d, columns: d, elements: values))
      case groups + [d, d]:
        if let type, let covariance = contracted(matrices(values, d), type) { return covariance }
        throw wrong("covars", shape, expected(type, groups, d))
      default: throw wrong("covars", shape, expected(type, groups, d))
      }
    }

    private func expected(_ type: String?, _ groups: [Int], _ d: Int) -> String {
      let shapes = [
        ("diag", groups + [d]), ("full", groups + [d, d]), ("spherical", groups), ("tied", [d, d]),
      ]
      guard let own = shapes.first(where: { $0.0 == type }) else {
        return shapes.map { "\($0.1) of covariance type \($0.0)" }.joined(separator: ", or ")
      }
      return
        "\(own.1) of covariance type \(own.0), or matrices \(groups + [d, d]) that say the same; save model._covars_"
    }

    /// What matrices of each state say, where they are a covariance of that type written out; `nil` where they are not.
    private func contracted(_ matrices: [Matrix<Double>], _ type: String) -> GaussianCovariance? {
      let diagonals = matrices.map { matrix in (0..<matrix.rows).map { matrix[$0, $0] } }
      let isDiagonal = matrices.allSatisfy { matrix in
        (0..<matrix.rows).allSatisfy { i in (0..<matrix.columns).allSatisfy { i == $0 || matrix[i, $0] == 0 }
        }
      }
      switch type {
      case "tied" where matrices.allSatisfy { $0 == matrices[0] }: return .tied(matrices[0])
      case "diag" where isDiagonal: return .diagonal(Matrix(diagonals))
      case "spherical" where isDiagonal && diagonals.allSatisfy { own in own.allSatisfy { $0 == own[0] } }:
        return .spherical(diagonals.map { $0[0] })
      default: return nil
      }
    }

    private func ambiguous(_ shape: [Int], _ kinds: [String]) -> MarkovError {
      MarkovError(
        "\(file): tensor covars_ of the shape \(shape) may be \(kinds.joined(separator: " or ")); say which in the metadata \"covariance_type\""
      )
    }

    func mixture() throws(MarkovError) -> GaussianMixtureEmission {
      let weights = try probabilities("weights")
      let (values, shape) = try values("means")
      guard shape.count == 3, Array(shape.prefix(2)) == [weights.rows, weights.columns] else {
        throw wrong("means", shape, "[\(weights.rows), \(weights.columns), D]")
      }
      let d = shape[2]
      let means = Matrix(rows: shape[0] * shape[1], columns: d, elements: values)
      let type = tensors.metadata["covariance_type"]
      let isTiedShape = try self.values("covars").shape == [weights.rows, d, d]
      // One matrix for each state has the shape of diagonals where there are as many components as columns.
      if type == nil && isTiedShape && weights.columns == d {
        throw ambiguous([weights.rows, d, d], ["diag", "tied"])
      }
      if type == "tied" || (type == nil && isTiedShape) {
        let (values, shape) = try self.values("covars")
        guard shape == [weights.rows, d, d] else {
          throw wrong("covars", shape, "[\(weights.rows), \(d), \(d)]")
        }
        let shared = matrices(values, d).flatMap { [Matrix<Double>](repeating: $0, count: weights.columns) }
        return GaussianMixtureEmission(
          weights: weights, means: means, covariance: .full(shared), isTied: true)
      }
      let covariance = try covariance(groups: [weights.rows, weights.columns], d)
      return GaussianMixtureEmission(weights: weights, means: means, covariance: covariance)
    }
  }
}
