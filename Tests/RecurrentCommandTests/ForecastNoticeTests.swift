import Foundation
import RecurrentTasks
import RecurrentCommand
import Testing

/// What `train forecast`, `evaluate` and `forecast` say and write beyond the figures.
@Suite struct ForecastNoticeTests {
  /// It is slower and nothing else, so it is a warning: even where quiet, and once.
  @Test func moreThreadsThanCores() throws {
    try CommandFolder.with { folder in
      let more = ThreadCount.cores + 1
      let result = try folder.train(["--threads", "\(more)"])
      #expect(result.exitCode == 0 && result.log.contains("warning: \(more) threads"), "\(result.log)")
      #expect(result.log.split(separator: "\n").count == 1)
      #expect(try folder.train(["--threads", "1", "--overwrite"]).log == "")
    }
  }

  @Test func fewValidationWindowsAreToldOnce() throws {
    try CommandFolder.with { folder in
      func log(_ share: String, rows: Int) throws -> String {
        try folder.write("rows.csv", CommandFolder.series(rows: rows))
        let run = try RunCommand(
          ["train", "forecast", folder("rows.csv"), "-o", folder("m\(rows)")] + CommandFolder.tiny
            + ["--validation-share", share, "--validation-rows", "last"])
        #expect(run.exitCode == 0, "\(run.log)")
        return run.log
      }
      let few = try log("0.2", rows: 300)
      // 48 rows, of which the first two windows' targets lie in part before them.
      #expect(few.contains("only 46 validation windows choose the epoch"), "\(few)")
      #expect(few.components(separatedBy: "validation windows choose").count == 2)
      #expect(try !log("0.2", rows: 800).contains("validation windows choose"))
    }
  }

  /// 240 rows before the held-out ones; a window's targets reach over three.
  @Test(arguments: [
    ("0.4", "; 40.0% of these rows)"), ("0.28", "; 27.9% of these rows, 28.0% asked for)"),
    ("0.01", "in 1 block of rows between them, 1 validation window ("),
    ("0.01", "; 1.3% of these rows, 1.0% asked for)"),
  ]) func theShareThatWasTakenIsSaid(share: String, text: String) throws {
    try CommandFolder.with { folder in
      let run = try RunCommand(
        ["train", "forecast", folder("series.csv"), "-o", folder("model"), "--validation-share", share]
          + CommandFolder.tiny)
      #expect(run.exitCode == 0 && run.log.contains(text), "\(run.log)")
    }
  }

  /// A window of 5 with a value 1 row ahead: the first value asked for is of row 5, and a day is 24 rows.
  @Test func aBaselineThatIsNotInTheTableIsNamed() throws {
    try CommandFolder.withModel { folder in
      let text =
        "'same hour yesterday' is not in the table: the first value asked for, of 2021-03-01T05:00, has no row 24 h before it in the file"
      try folder.write("short.csv", CommandFolder.series(rows: 40))
      for (file, rows, isThere) in [("short.csv", "all", false), ("series.csv", "held-out", true)] {
        let line = ["evaluate", folder("model"), folder(file), "--rows", rows]
        let run = try RunCommand(line)
        #expect(run.exitCode == 0 && run.log.contains(text) == !isThere, "\(run.log)")
        #expect(run.output.contains("same hour yesterday") == isThere)
        let json = try RunCommand(line + ["--json", "-q"])
        let evaluation = try #require(try json.json["evaluation"] as? [String: Any])
        let leftOut = try #require(evaluation["left_out"] as? [[String: String]])
        #expect(leftOut.map { $0["name"] } == (isThere ? [] : ["same hour yesterday"]))
        #expect(leftOut.allSatisfy { text.hasSuffix($0["reason"] ?? "-") })
        // The short file's rows are training rows, which a warning says; notes are quiet.
        #expect(json.log.hasPrefix("recurrent: warning: ") == !isThere && !json.log.contains(text))
      }
      // Most of a short file is held out, so that training's windows begin early too.
      try folder.write("few.csv", CommandFolder.series(rows: 60))
      let run = try RunCommand(
        ["train", "forecast", folder("few.csv"), "-o", folder("few"), "--test-share", "0.7"]
          + CommandFolder.tiny)
      let note = "'same hour yesterday' is not in the table: the first value asked for, of 2021-03-01T18:00,"
      #expect(run.exitCode == 0 && run.log.contains(note), "\(run.log)")
      #expect(try folder.text("few/report.html").contains("is not in the table: the first value asked for"))
    }
  }

  @Test func timesThatAreNotReadAreWarnedOf() throws {
    try CommandFolder.with { folder in
      let series = CommandFolder.series(rows: 300)
      // 2021-03-01T00:00:00 without its century.
      try folder.write(
        "series.csv", series.replacing("\n20", with: "\n").replacing("T", with: " "))
      let log = try folder.train(into: "counted").log
      #expect(
        log.hasPrefix(
          "recurrent: warning: \(folder("series.csv")): column \"time\" looks like times, such as \"21-03-01 00:00:00\", and is not read as times: rows are counted and no calendar is used; "
        ) && log.contains("2021-01-02T03:04"), "\(log)")
      #expect(try folder.train(["--time", "none"], into: "told").log == "")
      #expect(try RunCommand("evaluate", folder("counted"), folder("series.csv"), "-q").log == "")
      try folder.write("series.csv", series)
      #expect(try folder.train(into: "timed").log == "")
    }
  }

  @Test func excludedColumnsAreNoInputs() throws {
    try CommandFolder.with { folder in
      let series = CommandFolder.series(rows: 300).split(separator: "\n").enumerated().map {
        "\($1),\($0 == 0 ? "third" : "\($0 * $0 % 17)"),\($0 == 0 ? "same" : "1")"
      }
      try folder.write("series.csv", series.joined(separator: "\n") + "\n")
      func inputs(_ more: [String], _ name: String) throws -> String {
        let run = try folder.train(more, into: name)
        #expect(run.exitCode == 0, "\(run.log)")
        let facts = try #require(
          try RunCommand("inspect", folder(name), "--json").json["facts"] as? [String: String])
        return try #require(facts["inputs"])
      }
      #expect(try inputs(["--no-calendar"], "a") == "level, lead, third")
      #expect(try inputs(["--no-calendar", "--exclude", "lead"], "b") == "level, third")
      #expect(try inputs(["--no-calendar", "--exclude", "lead,third"], "c") == "level")
      // What is named comes to the same, to the byte.
      #expect(try inputs(["--no-calendar", "--features", "third"], "d") == "level, third")
      for file in ResumableRun.files { #expect(try folder.bytes("b/\(file)") == folder.bytes("d/\(file)")) }
      #expect(try folder.train(["--no-calendar", "--exclude", "lead", "--resume"], into: "b").exitCode == 0)
      let before = try folder.contents()
      expectRefusal(
        try folder.train(["--exclude", "laed"], into: "e"), exitCode: 64, saying: ["did you mean \"lead\"?"])
      #expect(try folder.contents() == before)
    }
  }

  @Test func aRangeOfHorizons() throws {
    try CommandFolder.with { folder in
      let run = try RunCommand([
        "train", "forecast", folder("series.csv"), "-o", folder("model"), "-q", "--target", "level",
        "--window",
        "5", "--horizon", "1-6", "--hidden", "3", "--epochs", "1",
      ])
      #expect(run.exitCode == 0, "\(run.log)")
      let forecast = try RunCommand("forecast", folder("model"), folder("series.csv"), "-q")
      let lines = forecast.output.split(separator: "\n").dropFirst()
      #expect(lines.map { $0.prefix { $0 != "," } } == ["1", "2", "3", "4", "5", "6"])
    }
  }

  @Test func forecastsHaveTheDigitsOfSinglePrecision() throws {
    try CommandFolder.withModel { folder in
      let csv = try RunCommand("forecast", folder("model"), folder("series.csv"), "-q").output
      let document = try RunCommand("forecast", folder("model"), folder("series.csv"), "-q", "--json").json
      let steps = try #require(document["steps"] as? [[String: Any]])
      let texts = csv.split(separator: "\n").dropFirst().map { String($0.split(separator: ",")[2]) }
      #expect(texts.count == steps.count)
      for (text, step) in zip(texts, steps) {
        let single = try #require(Float(text))
        #expect(text == "\(single)" && text.count <= 12, "\(text)")
        #expect(Double(text) == step["value"] as? Double)
      }
    }
  }

  /// The file of a clock without years, and what the report's axes say of it.
  @Test func aReportNamesNoYearThatIsNotInTheFile() throws {
    try CommandFolder.with { folder in
      let series = CommandFolder.series(rows: 300).split(separator: "\n")
      var text = "month,day,hour,level,lead\n"
      for (row, line) in series.dropFirst().enumerated() {
        text +=
          "3,\(1 + row / 24),\(row % 24)," + line.split(separator: ",").dropFirst().joined(separator: ",")
          + "\n"
      }
      try folder.write("series.csv", text)
      #expect(try folder.train().exitCode == 0)
      let page = try folder.text("model/report.html")
      #expect(page.contains("month and day") && page.contains(" Mar<") && !page.contains("2001"))
      try folder.write("series.csv", CommandFolder.series(rows: 300))
      #expect(try folder.train(into: "dated").exitCode == 0)
      let dated = try folder.text("dated/report.html")
      #expect(dated.contains("time, 2021") && !dated.contains("month and day"))
    }
  }
}
