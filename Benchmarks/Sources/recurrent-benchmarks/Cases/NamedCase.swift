internal import Recurrent
internal import RecurrentTasks

/// A named case with the data and first parameters that `peers/export.py` wrote for it.
struct NamedCase {
  let benchCase: BenchCase
  let network: BenchNetwork
  let file: SafeTensors
  let data: BenchData
  let parameters: ParameterStore<Float>

  var name: String { benchCase.name }
  /// Of one call.
  var tokens: Int { data.tokens(of: benchCase) }
  /// Of one call, nominal.
  var operations: Int { network.operations(tokens: tokens) }

  /// Reads `folder`/`name`.safetensors.
  ///
  /// - Throws: ``CaseError`` where the file is of another case, or of one that the other programs count otherwise.
  init(_ name: String, folder: String) throws {
    let path = "\(folder)/\(name).safetensors"
    guard let benchCase = BenchCase(named: name) else { throw CaseError("\(name): no such case") }
    let file = try SafeTensors(bytes: readFile(path, limit: 1 << 30))
    guard file.metadata["id"] == name, file.metadata["kind"] == benchCase.work.rawValue else {
      throw CaseError("\(path): no case \(name) in its metadata; write it with peers/export.py")
    }
    self.benchCase = benchCase
    self.file = file
    network = BenchNetwork(benchCase)
    data = try Self.data(benchCase, file)
    parameters = try Self.parameters(network, file)
    for (field, own) in [("tokens", tokens), ("flops", operations)]
    where file.metadata[field] != "\(own)" {
      throw CaseError("\(name): '\(field)' is \(file.metadata[field] ?? "missing"), counted here as \(own)")
    }
  }
}

/// Why a case cannot be run.
struct CaseError: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

// MARK: - Data

extension NamedCase {
  private static func data(_ benchCase: BenchCase, _ file: SafeTensors) throws -> BenchData {
    let (steps, batch) = (benchCase.steps, benchCase.batch)
    let input: SequenceInput<Float>
    switch benchCase.input {
    case .vectors(let features):
      input = .values(
        SequenceBatch(
          steps: steps, batchSize: batch, features: features, values: try file.floats(named: "x")))
    case .symbols(let vocabulary), .embedded(let vocabulary, _):
      let lengths = benchCase.shortest == nil ? nil : try file.int64s(named: "lengths").map { Int($0) }
      input = .symbols(
        SymbolBatch(
          steps: steps, batchSize: batch, vocabulary: vocabulary,
          symbols: try file.int64s(named: "x").map { Int32($0) }, lengths: lengths))
    }
    return BenchData(input: input, targets: try targets(benchCase, file))
  }

  /// What outputs are compared with, one row for each output that exists.
  private static func targets(_ benchCase: BenchCase, _ file: SafeTensors) throws -> LossTargets<Float>? {
    guard let training = benchCase.training, let columns = benchCase.outputs else { return nil }
    if case .softmaxCrossEntropy = training.loss {
      // Below 0: beyond a sequence's end.
      return .classes(try file.int64s(named: "y").filter { $0 >= 0 }.map { Int($0) })
    }
    let values = try file.floats(named: "y")
    return .values(Matrix(rows: values.count / columns, columns: columns, elements: values))
  }
}

// MARK: - Parameters

extension NamedCase {
  /// PyTorch's parameters under this package's names. Its two biases are added: one is trained here.
  private static func parameters(
    _ network: BenchNetwork, _ file: SafeTensors
  ) throws -> ParameterStore<Float> {
    let (name, layout) = (network.benchCase.name, network.layout)
    let given = try file.names.filter { $0.hasPrefix("param.") }.map { name in
      try NamedTensor(name: name, shape: file.entry(named: name).shape, values: file.floats(named: name))
    }
    let shape = try PyTorchNames.stackShape(of: given, prefix: "param.rnn")
    var values = try PyTorchNames.imported(given, stack: shape, prefix: "param.rnn", as: "rnn").value
    for (theirs, ours) in [
      ("emb.weight", "embedding.weight"), ("fc.weight", "head.weight"), ("fc.bias", "head.bias"),
    ] {
      for tensor in given where tensor.name == "param." + theirs {
        values.append(NamedTensor(name: ours, shape: tensor.shape, values: tensor.values))
      }
    }
    var store = ParameterStore<Float>(zeros: layout)
    let table = Dictionary(uniqueKeysWithValues: values.map { ($0.name, $0.values) })
    for slot in layout.slots {
      guard let found = table[slot.name], found.count == slot.count else {
        throw CaseError("\(name): no parameter '\(slot.name)' of \(slot.count) numbers")
      }
      store.values.replaceSubrange(slot.range, with: found)
    }
    guard table.count == layout.slots.count else {
      throw CaseError("\(name): parameters \(table.keys.sorted()), expected \(layout.slots.map(\.name))")
    }
    return store
  }
}
