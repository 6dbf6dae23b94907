import Foundation
import RecurrentData
import Testing

/// Files that tests read.
enum TestFiles {
  static let packageRoot = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// The bundled example.
  static let greensboro = packageRoot.appendingPathComponent(
    "Examples/greensboro-weather/greensboro-weather.csv"
  ).path

  /// An empty folder that is removed after the test.
  static func withFolder(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "recurrent-data-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder)
  }
}

/// A table from a literal.
func readTable(_ text: String, _ options: TableOptions = TableOptions()) throws -> Table {
  try Table(bytes: Array(text.utf8), source: "t.csv", options: options)
}

/// The error that a table from a literal throws; nil where it is read.
func failure(_ text: String, _ options: TableOptions = TableOptions()) -> DataError? {
  failure(Array(text.utf8), options)
}

func failure(_ bytes: [UInt8], _ options: TableOptions = TableOptions()) -> DataError? {
  do {
    _ = try Table(bytes: bytes, source: "t.csv", options: options)
    return nil
  } catch {
    return error
  }
}

func place(_ line: Int, _ column: Int? = nil) -> DataError.Place {
  DataError.Place("t.csv", line: line, column: column)
}

/// A small repeatable generator (splitmix64), so that a failing random case can be run again.
struct TestGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
