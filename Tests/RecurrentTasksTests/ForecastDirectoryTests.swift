import Foundation
import Recurrent
import RecurrentCore
import RecurrentTasks
import RecurrentTestSupport
import Testing

/// The folder of a forecaster: the same forecasts after writing and reading, an error after any damage.
@Suite struct ForecastDirectoryTests {
  /// A finished forecaster with every kind of input: numbers, categories, angles, the calendar, a column known ahead.
  private static func finished() throws -> ForecastTraining {
    var configuration = ForecastConfiguration.small(epochs: 1)
    configuration.calendar = true
    configuration.angles = ["wind"]
    configuration.knownAhead = ["x"]
    configuration.gaps = .mean
    configuration.layers = ForecastNetworkTests.mixed
    var series = Series.noisy(rows: 200)
    // Rows after the last known target give what is known ahead of it.
    for row in 197..<200 { series.columns[0][row] = nil }
    var lines = series.csv.split(separator: "\n").map(String.init)
    lines[0] += ",wind,sky"
    for row in 0..<200 { lines[row + 1] += ",\(row * 37 % 360),\(["clear", "fog", "rain"][row / 5 % 3])" }
    let table = try Table(bytes: Array((lines.joined(separator: "\n") + "\n").utf8), source: "sky.csv")
    return try trained(configuration, table)
  }

  private static let run = Result { try finished() }

  private func withDirectory(_ body: (ForecastDirectory, ForecastTraining) throws -> Void) throws {
    let run = try Self.run.get()
    try TestFiles.withFolder { folder in
      let directory = ForecastDirectory(folder.path + "/a/b.model")
      try directory.folder.create()
      try directory.write(run.model)
      try body(directory, run)
    }
  }

  /// The error's line, where reading and using the folder throws one of the task's errors.
  private func failure(_ directory: ForecastDirectory, _ run: ForecastTraining) -> String? {
    do {
      let model = try directory.read()
      // A folder that can be read must be one that can be used.
      _ = try model.forecastFuture(run.data)
      _ = try model.evaluate(run.data, model.heldOutWindows(of: run.data))
      return nil
    } catch let error as TaskError {
      return error.description
    } catch let error as DataError {
      return error.description
    } catch {
      return "another kind of error:\n\(error)"
    }
  }

  private func isOneLine(_ text: String, naming path: String) -> Bool {
    text.hasPrefix(path + ": ") && !text.contains { $0.isNewline } && text.contains("; ")
  }

  @Test func whatIsReadForecastsTheSameBits() throws {
    try withDirectory { directory, run in
      #expect(directory.folder.exists && directory.folder.isFinished && !directory.folder.hasCheckpoint)
      let model = try directory.read()
      #expect(model.configuration == run.configuration && model.preparation == run.data.preparation)
      #expect(model.parameters.values == run.model.parameters.values)
      #expect(model.regression.weights == run.regression.weights)
      #expect(model.regression.intercepts == run.regression.intercepts)
      let rows = Array(3..<190)
      #expect(
        model.predictions(run.data, endingAt: rows) == run.model.predictions(run.data, endingAt: rows))
      let windows = try model.heldOutWindows(of: run.data)
      #expect(windows == run.split.test)
      #expect(
        try model.evaluate(run.data, windows).evaluation
          == run.model.evaluate(run.data, run.split.test).evaluation)
    }
  }

  @Test func writingTwiceGivesTheSameBytes() throws {
    try withDirectory { directory, run in
      let paths = [directory.folder.configurationPath, directory.folder.modelPath]
      let first = try paths.map { try readFile($0, limit: 1 << 24) }
      let model = try directory.read()
      try directory.write(model)
      #expect(try paths.map { try readFile($0, limit: 1 << 24) } == first)
    }
  }

  @Test func cutsAreErrors() throws {
    try withDirectory { directory, run in
      for path in [directory.folder.configurationPath, directory.folder.modelPath] {
        let whole = try readFile(path, limit: 1 << 24)
        // Every cut near the ends, and some hundred between them. The last byte of config.json is a line end.
        let last = whole.count - (path == directory.folder.modelPath ? 1 : 2)
        let cuts = Set(0...40).union(last - 40...last)
          .union(stride(from: 0, to: last, by: max(1, last / 150)))
        for cut in cuts.sorted() {
          try AtomicFile.write(Array(whole[..<cut]), to: path)
          let error = failure(directory, run)
          #expect(error.map { isOneLine($0, naming: path) } == true, "\(cut): \(error ?? "read")")
        }
        try AtomicFile.write(whole, to: path)
      }
      #expect(failure(directory, run) == nil)
    }
  }

  /// One byte changed at random: the model's checksum finds every one.
  @Test func changedModelBytesAreErrors() throws {
    try withDirectory { directory, run in
      let whole = try readFile(directory.folder.modelPath, limit: 1 << 24)
      let draws = CounterGenerator(seed: 4, purpose: .check)
      for trial in 0..<300 as Range<UInt64> {
        var bytes = whole
        let place = Int(draws.word(at: 2 * trial) % UInt64(bytes.count))
        bytes[place] ^= UInt8(1 + draws.word(at: 2 * trial + 1) % 255)
        try AtomicFile.write(bytes, to: directory.folder.modelPath)
        let error = failure(directory, run)
        #expect(
          error.map { isOneLine($0, naming: directory.folder.modelPath) } == true,
          "byte \(place): \(error ?? "read")")
      }
    }
  }

  /// One byte of config.json changed at random, and the model made to agree with it: that may leave a configuration; it may
  /// never end the process. Without the model's agreement every change is an error.
  @Test func changedConfigurationBytesDoNotCrash() throws {
    try withDirectory { directory, run in
      let whole = try readFile(directory.folder.configurationPath, limit: 1 << 24)
      let draws = CounterGenerator(seed: 5, purpose: .check)
      var errors = 0
      for trial in 0..<400 as Range<UInt64> {
        var bytes = whole
        // Digits and brackets are where a change has meaning, so half of the changes write one.
        let place = Int(draws.word(at: 3 * trial) % UInt64(bytes.count))
        let signs = Array("0123456789-.eE[]{},\"".utf8)
        let draw = draws.word(at: 3 * trial + 1)
        bytes[place] =
          trial % 2 == 0 ? signs[Int(draw % UInt64(signs.count))] : UInt8(truncatingIfNeeded: draw)
        try AtomicFile.write(bytes, to: directory.folder.configurationPath)
        #expect(bytes == whole || failure(directory, run) != nil)
        try sign(directory)
        guard let error = failure(directory, run) else { continue }
        errors += 1
        #expect(!error.contains { $0.isNewline }, "\(place): \(error)")
      }
      #expect(errors > 100)
    }
  }

  @Test func missingFilesAreErrors() throws {
    try withDirectory { directory, run in
      try FileManager.default.removeItem(atPath: directory.folder.configurationPath)
      #expect(
        failure(directory, run).map { isOneLine($0, naming: directory.folder.configurationPath) } == true)
      try FileManager.default.removeItem(atPath: directory.folder.modelPath)
      #expect(failure(directory, run).map { isOneLine($0, naming: directory.folder.path) } == true)
    }
  }
}
