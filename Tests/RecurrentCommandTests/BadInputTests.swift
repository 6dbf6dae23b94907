import Foundation
import Testing

/// Each bad input gives one line with place, finding, expectation and remedy, its exit code, and leaves the disk as it
/// was.
@Suite struct BadInputTests {
  struct Case: CustomTestStringConvertible {
    let name: String
    let exitCode: Int32
    /// What the line must say: where, what, and what to do.
    let texts: [String]
    /// The file that is read, and how it comes to be there.
    var file = "bad.csv"
    var contents: String?
    var more: [String] = []
    var output = "model"

    var testDescription: String { name }
  }

  /// Good rows with one line in place of the 40th of the file.
  private static func rows(with line: String, count: Int = 300) -> String {
    var lines = CommandFolder.series(rows: count).split(separator: "\n").map(String.init)
    lines[39] = line
    return lines.joined(separator: "\n") + "\n"
  }

  /// The good series without some of its rows, which count from 0.
  private static func withoutRows(_ rows: Set<Int>) -> String {
    let lines = CommandFolder.series(rows: 300).split(separator: "\n")
    return lines.indices.filter { !rows.contains($0 - 1) }.map { lines[$0] + "\n" }.joined()
  }

  private static let time = "2021-03-02T14:00:00"
  private static let constant =
    "time,level,lead\n" + (0..<300).map { "\($0),5,\($0 % 7)\n" }.joined()

  static let contents: [Case] = [
    Case(name: "missing file", exitCode: 66, texts: ["bad.csv: ", "no such file", "check the path"]),
    Case(name: "directory", exitCode: 66, texts: ["directory", "name one file"], file: "."),
    Case(name: "empty file", exitCode: 65, texts: ["bad.csv: "], contents: ""),
    Case(
      name: "windows too long for least squares", exitCode: 64,
      texts: ["4,100 rows and 2 input columns", "8,200 numbers", "at most 8,192", "shorter --window"],
      contents: CommandFolder.series(rows: 8000), more: ["--window", "4100", "--no-calendar"]),
    Case(name: "header only", exitCode: 65, texts: ["bad.csv"], contents: "time,level,lead\n"),
    Case(name: "ragged row", exitCode: 65, texts: ["bad.csv:40"], contents: rows(with: "\(time),1")),
    Case(
      name: "text in a numeric column", exitCode: 65,
      texts: [
        "bad.csv:40:21: ", "\"warm\" in the target \"level\"",
        "mend it, or add --missing \"warm\" if it means missing\n",
      ],
      contents: rows(with: "\(time),warm,1")),
    Case(
      name: "infinity in the target", exitCode: 65, texts: ["bad.csv:40:21: ", "\"inf\"", "finite"],
      contents: rows(with: "\(time),inf,1")),
    Case(
      name: "infinity in an input", exitCode: 65, texts: ["bad.csv:40:23: ", "\"-Infinity\"", "finite"],
      contents: rows(with: "\(time),1,-Infinity")),
    Case(
      name: "a number that overflows", exitCode: 65, texts: ["bad.csv:40:23: ", "\"1e999\"", "finite"],
      contents: rows(with: "\(time),1,1e999")),
    Case(
      name: "NaN where gaps are refused", exitCode: 65, texts: ["bad.csv:40", "\"lead\"", "--gaps"],
      contents: rows(with: "\(time),1,NaN"), more: ["--gaps", "refuse"]),
    Case(
      name: "constant target", exitCode: 65, texts: ["bad.csv: ", "\"level\" is 5", "another --target"],
      contents: constant),
    Case(
      name: "series shorter than a window", exitCode: 65,
      texts: ["bad.csv: the held-out part has 1 row; expected at least 3", "(at least ", "--horizon"],
      contents: CommandFolder.series(rows: 6)),
    Case(
      name: "held-out rows fewer than lie between the horizons", exitCode: 65,
      texts: [
        "bad.csv: the held-out part has 16 rows; expected at least 48", "(at least 238 in all)", "--horizon",
      ], contents: CommandFolder.series(rows: 80), more: ["--window", "10", "--horizon", "1,48"]),
    Case(
      name: "a window beyond the file", exitCode: 65,
      texts: ["series.csv: the 240 rows before the held-out ones", "(at least 1,250,0", "--window"],
      file: "series.csv", more: ["--window", "1000000"]),
    Case(
      name: "series too short for every part", exitCode: 65, texts: ["bad.csv: ", "--window"],
      contents: CommandFolder.series(rows: 13)),
    Case(
      name: "a target without a value", exitCode: 65, texts: ["bad.csv", "\"level\"", "another --target"],
      contents: "time,level,lead\n" + (0..<300).map { "\($0),NA,\($0 % 7)\n" }.joined()),
    Case(
      name: "dates in either order", exitCode: 65,
      texts: ["bad.csv:2:1: ", "\"01/01/2021\"", "--date-order day-month-year", "--time none"],
      contents: "day,level\n" + (1...12).map { "0\($0 % 9 + 1)/01/2021,\($0)\n" }.sorted().joined()),
    Case(
      name: "dates in both orders", exitCode: 65,
      texts: ["bad.csv:4:1: ", "\"13/01/2021\" has the day first", "\"01/14/2021\" the month"],
      contents: "day,level\n12/01/2021,1\n13/01/2021,2\n01/14/2021,3\n"),
    Case(
      name: "dates in another order than told", exitCode: 65,
      texts: ["bad.csv:3:1: ", "\"01/13/2021\" is no time", "day, month and year"],
      contents: "day,level\n01/12/2021,1\n01/13/2021,2\n", more: ["--date-order", "day-month-year"]),
    Case(
      name: "years as counts from 1970", exitCode: 65, texts: ["bad.csv:2:1: ", "\"1990\"", "year=COLUMN"],
      contents: "y,level\n" + (1990...2010).map { "\($0),\($0 % 7)\n" }.joined(), more: ["--time", "y"]),
    Case(
      name: "missing rows", exitCode: 65,
      texts: [
        "bad.csv:11:1: ", "2 rows missing between 2021-03-01T08:00 and 2021-03-01T11:00", "--fill-rows",
      ],
      contents: withoutRows([9, 10])),
    Case(
      name: "rows out of order among missing ones", exitCode: 65,
      texts: ["bad.csv:300:1: ", "after 2021-03-13T11:00", "sort the rows"],
      contents: withoutRows([9, 10]) + "2021-03-13T10:00:00,1,1\n", more: ["--fill-rows", "mean"]),
  ]

  static let requests: [Case] = [
    Case(
      name: "unknown target", exitCode: 64, texts: ["series.csv: ", "\"levle\"", "did you mean \"level\"?"],
      file: "series.csv", more: ["--target", "levle"]),
    Case(
      name: "unknown feature", exitCode: 64, texts: ["series.csv: ", "\"laed\"", "did you mean \"lead\"?"],
      file: "series.csv", more: ["--features", "laed"]),
    Case(
      name: "unknown column known ahead", exitCode: 64, texts: ["\"leaf\"", "did you mean \"lead\"?"],
      file: "series.csv", more: ["--known-ahead", "leaf"]),
    Case(
      name: "horizon 0", exitCode: 64, texts: ["'--horizon'", "found '0'", "from 1"], file: "series.csv",
      more: ["--horizon", "0"]),
    Case(
      name: "horizon 0 in a list", exitCode: 64, texts: ["'--horizon'", "'0' in '1,0'"], file: "series.csv",
      more: ["--horizon", "1,0"]),
    Case(
      name: "window 0", exitCode: 64, texts: ["'--window'", "'0'"], file: "series.csv",
      more: ["--window", "0"]),
    Case(
      name: "no size", exitCode: 64, texts: ["'--hidden'", "'0' in '3,0'", "a size from 1 to 1048576"],
      file: "series.csv", more: ["--hidden", "3,0"]),
    Case(
      name: "too large a size", exitCode: 64,
      texts: ["'--hidden'", "'3+1048577'", "from 1 to 1048576, or two"],
      file: "series.csv", more: ["--hidden", "3+1048577"]),
    Case(
      name: "a stride beyond the file", exitCode: 65,
      texts: [
        "series.csv: the 240 rows before", "with stride 1,000; expected at least 1,008 rows",
        "--stride of at most 232",
      ],
      file: "series.csv", more: ["--stride", "1000"]),
    Case(
      name: "unknown date order", exitCode: 64, texts: ["'--date-order'", "'dmy'", "day-month-year"],
      file: "series.csv", more: ["--date-order", "dmy"]),
    Case(
      name: "unknown policy for missing rows", exitCode: 64,
      texts: ["'--fill-rows'", "did you mean 'previous'?"], file: "series.csv",
      more: ["--fill-rows", "previos"]),
    Case(
      name: "unknown option", exitCode: 64, texts: ["'--hiden'", "did you mean '--hidden'?"],
      file: "series.csv", more: ["--hiden", "3"]),
    Case(
      name: "unknown cell", exitCode: 64, texts: ["'lstn'", "did you mean 'lstm'?"], file: "series.csv",
      more: ["--cell", "lstn"]),
    Case(
      name: "layers that cannot be merged", exitCode: 64, texts: ["'sum'", "concatenate"],
      file: "series.csv", more: ["--hidden", "3+2", "--merge", "sum"]),
    Case(
      name: "output below a file", exitCode: 73, texts: ["series.csv/model: ", "cannot", "-o"],
      file: "series.csv", output: "series.csv/model"),
    Case(
      name: "output is a file", exitCode: 73, texts: ["series.csv: ", "expected a folder", "-o"],
      file: "series.csv", output: "series.csv"),
    Case(
      name: "output that exists", exitCode: 73, texts: [": exists and is not empty", "--overwrite"],
      file: "series.csv", output: "."),
    Case(
      name: "nothing to resume", exitCode: 66, texts: ["no interrupted run", "leave out --resume"],
      file: "series.csv", more: ["--resume"]),
    Case(
      name: "resume and overwrite", exitCode: 64, texts: ["--resume", "--overwrite", "one of them"],
      file: "series.csv", more: ["--resume", "--overwrite"]),
    Case(
      name: "standard output as a folder", exitCode: 64, texts: ["'--output'", "'-'", "standard stream"],
      file: "series.csv", output: "-"),
  ]

  @Test(arguments: contents + requests) func isRefused(_ one: Case) throws {
    try CommandFolder.with { folder in
      if let contents = one.contents { try folder.write(one.file, contents) }
      let before = try folder.contents()
      // An option that the case gives again would be given twice, which is another mistake.
      var options = CommandFolder.tiny
      for name in one.more where name.hasPrefix("--") {
        if let index = options.firstIndex(of: name) { options.removeSubrange(index...index + 1) }
      }
      let output = one.output == "-" ? "-" : folder(one.output)
      let run = try RunCommand(
        ["train", "forecast", folder(one.file), "-o", output, "-q"] + options + one.more)
      expectRefusal(run, exitCode: one.exitCode, saying: one.texts)
      #expect(try folder.contents() == before)
    }
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/proc/self"), "needs /proc"))
  func outputWhereNobodyMayWrite() throws {
    try CommandFolder.with { folder in
      let before = try folder.contents()
      let run = try RunCommand(
        ["train", "forecast", folder("series.csv"), "-o", "/proc/model", "-q"] + CommandFolder.tiny)
      expectRefusal(run, exitCode: 73, saying: ["/proc/model: ", "cannot", "-o"])
      #expect(try folder.contents() == before)
    }
  }
}
