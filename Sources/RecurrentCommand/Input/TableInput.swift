internal import RecurrentData

/// The table that a verb was given, as bytes: a pipe can be read only once.
struct TableInput {
  /// The file's path as it was typed, or `<stdin>`.
  let name: String
  let bytes: [UInt8]

  init(_ source: InputSource, limit: Int = DataFile.defaultLimit, console: Console) throws {
    switch source {
    case .file(let path):
      name = path
      bytes = try DataFile.read(path, limit: limit)
    case .standardInput:
      name = Self.standardInputName
      bytes = try DataFile.unpacked(
        try console.readStandardInput(limit: limit), source: name, limit: limit)
    }
  }

  static let standardInputName = "<stdin>"

  /// What errors about a source call it.
  static func name(of source: InputSource) -> String {
    if case .file(let path) = source { path } else { standardInputName }
  }

  func table(_ options: TableOptions, as reading: TableReading? = nil) throws(DataError) -> Table {
    try Table(bytes: bytes, source: name, options: options, as: reading)
  }
}
