internal import Recurrent
internal import RecurrentInterchange
internal import RecurrentTraining

/// The tensors of a run's model, each read once it is proved to be there, of its shape, and finite.
struct ModelTensors {
  /// The file, as errors call it.
  let path: String
  let tensors: SafeTensors

  var metadata: [String: String] { tensors.metadata }

  private func reading<Result>(
    _ body: () throws(SafeTensorsError) -> Result
  ) throws(TaskError) -> Result {
    do {
      return try body()
    } catch {
      throw .tensors(path: path, error)
    }
  }

  /// The parameters of a network.
  ///
  /// - Parameter besides: names of tensors that the task keeps besides.
  func parameters(
    _ layout: ParameterLayout, besides others: [String] = []
  ) throws(TaskError) -> ParameterStore<Float> {
    let known = Set(layout.slots.map(\.name) + others)
    if let other = tensors.names.first(where: { !known.contains($0) }) {
      throw .model(
        path: path, found: "'\(shownInMessage(other))', for which the configuration has no place",
        expected: "the parameters of its network",
        remedy: "keep config.json and model.safetensors of one run together")
    }
    // Before anything is allocated for parameters: every one is in the file.
    for slot in layout.slots { try require(slot.name, shape: slot.shape) }
    var parameters = ParameterStore<Float>(zeros: layout)
    for slot in layout.slots {
      let values = try reading { () throws(SafeTensorsError) in try tensors.floats(named: slot.name) }
      try requireFinite(values, slot.name)
      parameters[slot] = Matrix(rows: slot.rows, columns: slot.columns, elements: values)
    }
    return parameters
  }

  func doubles(_ name: String, shape: [Int]) throws(TaskError) -> [Double] {
    try require(name, shape: shape)
    let values = try reading { () throws(SafeTensorsError) in try tensors.doubles(named: name) }
    try requireFinite(values, name)
    return values
  }

  func int64s(_ name: String) throws(TaskError) -> [Int64] {
    try reading { () throws(SafeTensorsError) in try tensors.int64s(named: name) }
  }

  private func require(_ name: String, shape: [Int]) throws(TaskError) {
    let found = try reading { () throws(SafeTensorsError) in try tensors.entry(named: name).shape }
    guard found != shape else { return }
    throw .model(
      path: path, found: "'\(name)' of shape \(found)", expected: "shape \(shape)",
      remedy: "keep config.json and model.safetensors of one run together")
  }

  private func requireFinite(
    _ values: [some BinaryFloatingPoint & CustomStringConvertible], _ name: String
  ) throws(TaskError) {
    guard let bad = values.first(where: { !$0.isFinite }) else { return }
    throw .model(
      path: path, found: "\(plainNumber(bad)) in '\(name)'", expected: "finite numbers",
      remedy: "restore the file, or train again")
  }
}
