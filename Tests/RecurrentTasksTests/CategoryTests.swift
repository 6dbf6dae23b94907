import Foundation
import Recurrent
import RecurrentTasks
import Testing

/// Columns of categories: what training saw of them is all that later rows can be.
@Suite struct CategoryTests {
  /// A series of numbers with a column of words beside it.
  private static func table(_ kinds: [String], source: String = "series.csv") throws -> Table {
    let lines = Series.noisy(rows: kinds.count).csv.split(separator: "\n")
    let text = zip(lines, ["kind"] + kinds).map { "\($0),\($1)\n" }.joined()
    return try Table(bytes: Array(text.utf8), source: source)
  }

  private static let rows = 200
  /// Weather of the rows that may be learned from, which a few words in the held-out ones cannot make numbers.
  private static let seen = (0..<rows).map { $0 % 3 == 0 ? "dry" : $0 % 7 == 0 ? "snow" : "rain" }

  /// Held-out rows whose words are new or whose column would be left out by itself teach nothing: the same bits.
  @Test func heldOutRowsDecideNothing() throws {
    var configuration = ForecastConfiguration.small()
    configuration.features = nil
    let plain = try trained(configuration, Self.table(Self.seen))
    let heldOut = plain.split.heldOut
    for other in [{ "new\($0)" }, { _ in "dry" }, { _ in "" }] as [(Int) -> String] {
      var kinds = Self.seen
      for row in heldOut { kinds[row] = other(row) }
      let run = try trained(configuration, Self.table(kinds))
      #expect(run.data.preparation == plain.data.preparation)
      #expect(run.model.parameters.values == plain.model.parameters.values)
      #expect(run.leftOut == plain.leftOut)
    }
    #expect(plain.data.frame.names == ["y", "x", "kind=dry", "kind=rain", "kind=snow"])
    #expect(plain.data.notices == [])
  }

  @Test func aLevelThatOnlyHeldOutRowsHaveIsSaidOnce() throws {
    var kinds = Self.seen
    kinds[190] = "sleet"
    kinds[195] = "sleet"
    let run = try ForecastTraining(.small(), table: Self.table(kinds))
    #expect(run.data.notices.count == 1)
    // The header is line 1, so row 190 is on line 192; the word begins after what stood on the line before.
    let line = Series.noisy(rows: Self.rows).csv.split(separator: "\n")[191]
    #expect(run.data.notices[0].contains("\"sleet\" (2 rows, first at series.csv:192:\(line.count + 2))"))
  }

  @Test func aColumnThatTrainingRowsDoNotHaveIsLeftOut() throws {
    var kinds = [String](repeating: "", count: Self.rows)
    for row in 170..<Self.rows { kinds[row] = row % 2 == 0 ? "a" : "b" }
    let run = try ForecastTraining(.small(), table: Self.table(kinds))
    #expect(run.leftOut == ["kind: no value in the training rows, left out"])
    for row in 0..<Self.rows where kinds[row].isEmpty { kinds[row] = "a" }
    #expect(
      try ForecastTraining(.small(), table: Self.table(kinds)).leftOut == [
        "kind: always 'a' in the training rows, left out"
      ])
  }

  /// A later file whose codes are all numbers gives the forecast that the same codes give beside a word.
  @Test func laterCodesThatAreOnlyNumbers() throws {
    let kinds = (0..<Self.rows).map { $0 % 5 == 0 ? "7" : $0 % 5 == 1 ? "12" : "x" }
    let run = try ForecastTraining(.small(), table: Self.table(kinds))
    func forecast(_ kinds: [String]) throws -> FutureForecast {
      let lines = Series.noisy(rows: kinds.count).csv.split(separator: "\n")
      let text = zip(lines, ["kind"] + kinds).map { "\($0),\($1)\n" }.joined()
      let table = try Table(
        bytes: Array(text.utf8), source: "later.csv", as: run.data.preparation.reading)
      return try run.model.forecastFuture(ForecastData(table, preparation: run.data.preparation))
    }
    // The window is of 4 rows; the word lies before it.
    let numbers = (0..<20).map { $0 % 2 == 0 ? "7" : "12" }
    #expect(try forecast(numbers).steps == forecast(["x"] + numbers.dropFirst()).steps)
    #expect(try forecast(numbers).steps != forecast(numbers.dropLast() + ["7"]).steps)
  }
}
