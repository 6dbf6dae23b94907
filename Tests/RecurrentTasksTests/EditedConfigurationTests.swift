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
    let run = try Self.run.get()
    try TestFiles.withFolder { folder in
      let directory = ForecastDirectory(folder.path)
      try directory.writeConfiguration(run.configuration, run.data.preparation)
      try directory.write(run.model)
      let text = try Data(contentsOf: URL(fileURLWithPath: directory.configurationPath))
      let new = try JSONSerialization.jsonObject(with: Data(value.utf8), options: .fragmentsAllowed)
      let edited = try edit(
        try JSONSerialization.jsonObject(with: text), path.split(separator: ".").map(String.init), new)
      try JSONSerialization.data(withJSONObject: edited).write(
        to: URL(fileURLWithPath: directory.configurationPath))
      try sign(directory)
      var message: String?
      do {
        let model = try directory.read()
        let series = try ForecastData(Series.noisy(rows: 60).table(), preparation: model.preparation)
        _ = try model.forecastFuture(series)
      } catch let error as ForecastError {
        message = error.description
      } catch let error as DataError {
        message = error.description
      }
      let line = try #require(message, "read and used")
      #expect(!line.contains { $0.isNewline } && line.contains("; "), "\(line)")
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
