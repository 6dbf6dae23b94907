import Foundation
import Recurrent
import RecurrentCore
import RecurrentTasks
import Testing

/// A config.json that is JSON, decodes, and yet is none that training wrote.
@Suite struct EditedConfigurationTests {
  /// Where the edit is made, and the JSON that is put there.
  static let edits: [(path: String, value: String)] = [
    ("schema", "\"recurrent.forecaster/2\""), ("schema", "\"two\\nlines\""), ("schema", "7"),
    ("configuration.layers", "[]"),
    ("configuration.layers.0.recurrent._0.size", "0"), ("configuration.layers.0.recurrent._0.size", "-3"),
    ("configuration.layers.0.recurrent._0.size", "4"),
    ("configuration.layers.0.recurrent._0.size", "4611686018427387904"),
    ("configuration.layers.0.recurrent._0.size", "1e30"),
    ("configuration.layers.0.recurrent._0.kind", "{\"transformer\":{}}"),
    ("configuration.layers.0.recurrent._0.bias", "false"),
    ("configuration.ridge", "null"), ("configuration.testShare", "7"), ("configuration.testShare", "-0.5"),
    ("configuration.table.sizeLimit", "-1"), ("configuration.training.optimizer", "{}"),
    ("preparation.plan.length", "0"), ("preparation.plan.length", "-4"), ("preparation.plan.length", "5"),
    ("preparation.plan.length", "9223372036854775807"), ("preparation.plan.stride", "0"),
    ("preparation.plan.horizons", "[]"),
    ("preparation.plan.horizons", "[0,1]"), ("preparation.plan.horizons", "[1,1]"),
    ("preparation.plan.horizons", "[1,9223372036854775807]"), ("preparation.plan.horizons", "[1]"),
    ("preparation.targetColumn", "2"), ("preparation.targetColumn", "-1"),
    ("preparation.aheadColumns", "[9]"), ("preparation.aheadColumns", "[-1]"),
    ("preparation.aheadColumns", "[0]"), ("preparation.outputs", "[]"),
    ("preparation.encoder.features.1.feature.isKnownAhead", "true"),
    ("preparation.targetColumn", "1"), ("configuration.target", "\"x\""),
    ("configuration.validationShare", "0"), ("configuration.validationShare", "2"),
    ("preparation.plan.stride", "2097152"), ("preparation.plan.horizons", "[1,2097152]"),
    ("configuration.layers.0.recurrent._0.size", "2097152"),
    ("preparation.step", #"{"milliseconds":{"_0":0}}"#), ("preparation.step", #"{"milliseconds":{"_0":-1}}"#),
    ("preparation.step", #"{"milliseconds":{"_0":9223372036854775807}}"#),
    ("preparation.step", #"{"months":{"_0":0}}"#),
    ("preparation.step", #"{"months":{"_0":9223372036854775807}}"#),
    ("preparation.encoder.features.1.feature.encoding", #"{"circle":{"period":0}}"#),
    ("preparation.outputs.0.scale", "0"), ("preparation.inputs.columns", "[]"),
    ("preparation.inputs.columns.1.scale", "0"), ("preparation.inputs.names", "[]"),
    ("preparation.inputs.names.0", "\"z\""), ("preparation.encoder.features", "[]"),
    ("preparation.encoder.features.1.columnNames", "[]"),
    ("preparation.encoder.features.1.columnNames", "[\"x\",\"x2\"]"),
    ("preparation.encoder.features.0.feature.column", "\"nowhere\""),
    ("preparation.encoder.features.1.means", "[1,2]"), ("preparation.reading.kinds.x", "\"categorical\""),
    ("preparation.reading.kinds.x", "\"words\""), ("preparation.reading.kinds", "{}"),
    ("preparation.encoder.features.1.levels", "[\"a\"]"),
  ]

  private static let run = Result {
    try ForecastTraining(.small(), table: Series.noisy(rows: 200).table())
  }

  @Test(arguments: edits) func isOneLineOfError(path: String, value: String) throws {
    try expectOneLine(edits: [(path, value)]) { try Series.noisy(rows: 60).table() }
  }

  /// A step and a horizon that are sizes each, though no calendar holds their product.
  @Test func timesBeyondAllCalendars() throws {
    let step = Int64(1) << 45
    let axis = TimeAxis.regular(
      from: try #require(TimeStamp(year: 1, month: 1, day: 1)), step: .milliseconds(step), count: 6)
    let rows = (0..<6).map { CSVWriter.row([axis.label(at: $0), "\($0 % 4)", "\($0 % 3)"]) }
    let csv = CSVWriter.row(["time", "y", "x"]) + rows.joined()
    let edits = [
      ("preparation.step", #"{"milliseconds":{"_0":\#(step)}}"#),
      ("preparation.plan.horizons", "[1,1048576]"),
    ]
    try expectOneLine(edits: edits) { try Table(bytes: Array(csv.utf8)) }
  }

  private func expectOneLine(edits: [(path: String, value: String)], _ table: () throws -> Table) throws {
    let run = try Self.run.get()
    try TestFiles.withFolder { folder in
      let directory = ForecastDirectory(folder.path)
      try directory.write(run.model)
      let text = try Data(contentsOf: URL(fileURLWithPath: directory.folder.configurationPath))
      let edited = try edits.reduce(try JSONSerialization.jsonObject(with: text)) { object, change in
        let new = try JSONSerialization.jsonObject(with: Data(change.value.utf8), options: .fragmentsAllowed)
        return try edit(object, change.path.split(separator: ".").map(String.init), new)
      }
      try JSONSerialization.data(withJSONObject: edited).write(
        to: URL(fileURLWithPath: directory.folder.configurationPath))
      try sign(directory)
      var message: String?
      do {
        let model = try directory.read()
        _ = try model.forecastFuture(ForecastData(try table(), preparation: model.preparation))
      } catch let error as TaskError {
        message = error.description
      } catch let error as DataError {
        message = error.description
      }
      let line = try #require(message, "read and used")
      #expect(!line.contains { $0.isNewline } && line.contains("; "), "\(line)")
    }
  }

  /// What reading would refuse is not written, neither before training nor after it.
  @Test func whatCouldNotBeReadIsNotWritten() throws {
    let run = try Self.run.get()
    var (large, shareless) = (run.configuration, run.configuration)
    large.layers = [.recurrent(CellConfiguration(.gru(.resetAfter), size: (1 << 20) + 1))]
    shareless.validationShare = 1
    try TestFiles.withFolder { folder in
      let directory = ForecastDirectory(folder.path)
      for (configuration, place) in [(large, "configuration.layers"), (shareless, "validationShare")] {
        let error = #expect(throws: TaskError.self) {
          _ = try directory.configurationBytes(configuration, run.data.preparation)
        }
        #expect(error?.description.contains(place) == true, "\(error.debugDescription)")
      }
      let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      #expect(files.isEmpty)
    }
  }

  /// A copy of a JSON value with one place changed; the place must be there.
  private func edit(_ value: Any, _ path: [String], _ new: Any) throws -> Any {
    guard let key = path.first else { return new }
    let rest = Array(path.dropFirst())
    if var object = value as? [String: Any] {
      // Optional members are left out where they are nil.
      object[key] = rest.isEmpty ? new : try edit(try #require(object[key], "no \(key)"), rest, new)
      return object
    }
    var array = try #require(value as? [Any], "\(key) of a value")
    let index = try #require(Int(key).flatMap { array.indices.contains($0) ? $0 : nil }, "no \(key)")
    array[index] = try edit(array[index], rest, new)
    return array
  }
}
