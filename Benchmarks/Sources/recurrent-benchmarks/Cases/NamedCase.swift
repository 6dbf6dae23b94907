internal import Recurrent

/// A named case as `peers/export.py` wrote it: sizes, data and first parameters.
struct NamedCase {
  enum Kind: String { case train, run, stream }

  let name: String
  let kind: Kind
  let file: SafeTensors

  /// Reads `folder`/`name`.safetensors.
  init(_ name: String, folder: String) throws {
    self.name = name
    let path = "\(folder)/\(name).safetensors"
    file = try SafeTensors(bytes: readFile(path, limit: 1 << 30))
    guard file.metadata["id"] == name, let kind = file.metadata["kind"].flatMap(Kind.init) else {
      throw CaseError("\(path): no case \(name) in its metadata; write it with peers/export.py")
    }
    self.kind = kind
  }

  func text(_ field: String) throws -> String {
    guard let value = file.metadata[field] else { throw CaseError("\(name): no '\(field)' in the metadata") }
    return value
  }

  func number(_ field: String) throws -> Double {
    guard let value = Double(try text(field)) else {
      throw CaseError("\(name): '\(field)' is \(try text(field)), expected a number")
    }
    return value
  }

  func size(_ field: String) throws -> Int { Int(try number(field)) }

  func holds(_ field: String) throws -> Bool { try number(field) != 0 }
}

/// Why a case cannot be run.
struct CaseError: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

// MARK: - Data

extension NamedCase {
  /// The vectors that it reads, `[T, B, F]`.
  func vectors() throws -> SequenceBatch<Float> {
    SequenceBatch(
      steps: try size("steps"), batchSize: try size("batch"), features: try size("features"),
      values: try file.floats(named: "x"))
  }

  /// The symbols that it reads, `[T, B]`, each sequence of its own length.
  func symbols() throws -> SymbolBatch {
    SymbolBatch(
      steps: try size("steps"), batchSize: try size("batch"), vocabulary: try size("symbols"),
      symbols: try file.int64s(named: "x").map { Int32($0) }, lengths: try lengths())
  }

  private func lengths() throws -> [Int]? {
    try holds("shortest") ? file.int64s(named: "lengths").map { Int($0) } : nil
  }

  /// What outputs are compared with, one row for each output that exists.
  func targets() throws -> LossTargets<Float> {
    if try text("loss") == "softmax" {
      // Below 0: beyond a sequence's end.
      return .classes(try file.int64s(named: "y").filter { $0 >= 0 }.map { Int($0) })
    }
    let values = try file.floats(named: "y")
    let columns = try size("head")
    return .values(Matrix(rows: values.count / columns, columns: columns, elements: values))
  }
}
