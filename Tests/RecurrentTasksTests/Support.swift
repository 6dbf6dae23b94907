import Foundation
import Recurrent
import RecurrentCore
import RecurrentTasks
import RecurrentTestSupport
import Testing

/// Files that tests read or write.
enum TestFiles {
  static let packageRoot = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// An empty folder that is removed after the test.
  static func withFolder(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "recurrent-tasks-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder)
  }
}

/// Hourly rows from 2021-03-01T00:00, one column for each name; a missing value is an empty cell.
struct Series {
  var names: [String]
  /// `[column][row]`.
  var columns: [[Double?]]

  init(_ columns: KeyValuePairs<String, [Double?]>) {
    names = columns.map(\.key)
    self.columns = columns.map(\.value)
  }

  /// Two columns that follow each other and themselves, with noise: something to learn, nothing to know.
  static func noisy(rows: Int, seed: UInt64 = 1) -> Series {
    var draws = Draws(seed: seed)
    let noise: [Double] = draws.uniform(2 * rows)
    var (y, x) = ([0.0, 0.3], [0.1, -0.2])
    for row in 2..<rows {
      x.append(0.8 * x[row - 1] + noise[row])
      y.append(1.2 * y[row - 1] - 0.5 * y[row - 2] + 0.4 * x[row - 2] + 0.3 * noise[rows + row])
    }
    return Series(["y": y.map { 10 + 3 * $0 }, "x": x.map { $0 }])
  }

  var rowCount: Int { columns[0].count }

  var csv: String {
    var text = CSVWriter.row(["time"] + names)
    for row in 0..<rowCount {
      let stamp = TimeAxis.regular(
        from: TimeStamp(milliseconds: 1_614_556_800_000), step: .milliseconds(3_600_000), count: rowCount
      ).label(at: row)
      text += CSVWriter.row([stamp] + columns.map { column in column[row].map { "\($0)" } ?? "" })
    }
    return text
  }

  func table(named source: String = "series.csv") throws -> Table {
    try Table(bytes: Array(csv.utf8), source: source)
  }
}

extension ForecastConfiguration {
  /// A small network on small windows: quick, yet with every part that a large one has.
  static func small(
    target: String = "y", window: Int = 4, horizons: [Int] = [1, 3], epochs: Int = 2
  ) -> ForecastConfiguration {
    var configuration = ForecastConfiguration(target: target)
    configuration.calendar = false
    configuration.window = window
    configuration.horizons = horizons
    configuration.layers = [.recurrent(CellConfiguration(.gru(.resetAfter), size: 3))]
    configuration.training.epochs = epochs
    configuration.training.schedule = .constant
    return configuration
  }
}

/// A run to its end.
func trained(_ configuration: ForecastConfiguration, _ table: Table, threads: Int = 1) throws
  -> ForecastTraining
{
  var run = try ForecastTraining(configuration, table: table, threads: threads)
  while try run.next() != nil {}
  return run
}

/// The data error inside a task's error.
func dataError(_ body: () throws -> Void) -> DataError? {
  do {
    try body()
    return nil
  } catch TaskError.data(let error) {
    return error
  } catch {
    return error as? DataError
  }
}

extension ForecastDirectory {
  /// The five files of a finished run, those for people empty.
  func write(_ model: ForecastModel) throws {
    try folder.write(
      RunFiles(
        configuration: configurationBytes(model.configuration, model.preparation),
        model: modelBytes(model), report: "", events: [], log: []))
  }
}
