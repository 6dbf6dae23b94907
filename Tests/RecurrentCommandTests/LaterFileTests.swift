import Foundation
import Testing

/// A model on files that look different from the one it was trained on.
@Suite struct LaterFileTests {
  /// The good series with a column of codes, and its times written in another way.
  private static func rows(
    _ count: Int, from first: Int = 0, time: (String) -> String = { $0 }, code: (Int) -> String
  ) -> String {
    let lines = CommandFolder.series(rows: first + count).split(separator: "\n").dropFirst(first + 1)
    return "time,level,lead,code\n"
      + lines.enumerated().map { index, line in
        let cells = line.split(separator: ",", maxSplits: 1).map(String.init)
        return "\(time(cells[0])),\(cells[1]),\(code(index))\n"
      }.joined()
  }

  private func train(_ folder: CommandFolder, _ file: String, _ more: [String] = []) throws -> RunCommand {
    try RunCommand(["train", "forecast", folder(file), "-o", folder("own")] + CommandFolder.tiny + more)
  }

  @Test func kindsAndLevelsAreThoseOfTraining() throws {
    try CommandFolder.with { folder in
      try folder.write("codes.csv", Self.rows(300) { $0 % 5 == 0 ? "7" : $0 % 5 == 1 ? "12" : "A" })
      #expect(try train(folder, "codes.csv", ["-q"]).exitCode == 0)
      let config = try folder.text("own/config.json")
      #expect(config.contains("\"code\" : \"categorical\"") && config.contains("\"lead\" : \"numeric\""))

      // Only numbers among the codes, and one that training did not see.
      let before = try folder.contents()
      try folder.write("later.csv", Self.rows(60, from: 300) { $0 == 8 ? "99" : $0 % 2 == 0 ? "7" : "12" })
      for verb in ["evaluate", "forecast"] {
        let run = try RunCommand(verb, folder("own"), folder("later.csv"))
        #expect(run.exitCode == 0, "\(run.log)")
        let notice = "code: 1 level not seen in training"
        #expect(run.log.split(separator: "\n").count { $0.contains(notice) } == 1)
        #expect(run.log.contains("\"99\" (1 row, first at \(folder("later.csv")):10:"))
        #expect(try RunCommand(verb, folder("own"), folder("later.csv"), "-q").log == "")
      }
      var lines = Self.rows(60) { _ in "A" }.split(separator: "\n").map(String.init)
      lines[4] = "2021-03-01T03:00:00,1,high,A"
      try folder.write("words.csv", lines.joined(separator: "\n") + "\n")
      let refused = try RunCommand("forecast", folder("own"), folder("words.csv"), "-q")
      expectRefusal(
        refused, exitCode: 65, saying: ["words.csv:5:23: \"high\" in column \"lead\"", "as in training"])
      #expect(
        try folder.contents().filter { $0.key.hasPrefix("own/") }
          == before.filter { $0.key.hasPrefix("own/") })
      // A finished run stays what it is, and is found to be of the same settings.
      #expect(try train(folder, "codes.csv", ["-q", "--resume"]).exitCode == 0)
      #expect(try folder.text("own/config.json") == config)
    }
  }

  /// 2021-03-01T05:00:00 as 01/03/2021 05:00.
  private static func dayFirst(_ time: String) -> String {
    let parts = time.split(whereSeparator: { "-T".contains($0) })
    return "\(parts[2])/\(parts[1])/\(parts[0]) \(parts[3].dropLast(3))"
  }

  @Test func theOrderOfDatesIsThatOfTraining() throws {
    try CommandFolder.with { folder in
      try folder.write("days.csv", Self.rows(320, time: Self.dayFirst) { $0 % 2 == 0 ? "a" : "b" })
      try folder.write("iso.csv", Self.rows(320) { $0 % 2 == 0 ? "a" : "b" })
      let run = try train(folder, "days.csv")
      #expect(
        run.exitCode == 0 && run.log.contains("dates are day-month-year, as \"13/03/2021 00:00\" shows"))
      // By itself, March's first days could be the third of twelve months.
      try folder.write("later.csv", Self.rows(40, time: Self.dayFirst) { _ in "a" })
      let forecast = try RunCommand("forecast", folder("own"), folder("later.csv"), "--json")
      #expect(try forecast.json["origin"] as? String == "2021-03-02T15:00")
      // The same series in ISO 8601 trains the same model.
      let iso = try RunCommand(
        ["train", "forecast", folder("iso.csv"), "-o", folder("iso"), "-q"] + CommandFolder.tiny)
      #expect(iso.exitCode == 0)
      #expect(try folder.tensors("own") == folder.tensors("iso"))
    }
  }

  @Test func missingRowsAreInsertedWhereAsked() throws {
    try CommandFolder.with { folder in
      let missing: Set = [40, 41, 42, 100, 250]
      let lines = CommandFolder.series(rows: 300).split(separator: "\n").map(String.init)
      let present = lines.indices.filter { !missing.contains($0) }.map { lines[$0] + "\n" }.joined()
      let blank = lines.indices.map { row in
        missing.contains(row) ? String(lines[row].prefix { $0 != "," }) + ",,\n" : lines[row] + "\n"
      }.joined()
      try folder.write("holes.csv", present)
      try folder.write("blank.csv", blank)
      let run = try train(folder, "holes.csv", ["--fill-rows", "mean"])
      #expect(run.exitCode == 0, "\(run.log)")
      #expect(run.log.contains("5 missing rows inserted in 3 places, first between"))
      // As if the file had those rows without values.
      let oracle = try RunCommand(
        ["train", "forecast", folder("blank.csv"), "-o", folder("blank"), "-q", "--gaps", "mean"]
          + CommandFolder.tiny)
      #expect(oracle.exitCode == 0)
      #expect(try folder.tensors("own") == folder.tensors("blank"))
      #expect(try folder.text("own/report.html").contains("5 missing rows inserted"))

      // The model goes on as it was trained; another model may be told to.
      let evaluated = try RunCommand("evaluate", folder("own"), folder("holes.csv"), "--json")
      let blankRows = try RunCommand("evaluate", folder("blank"), folder("blank.csv"), "--json")
      #expect(evaluated.log.contains("5 missing rows inserted"))
      #expect(
        try evaluated.json["evaluation"] as? NSDictionary == blankRows.json["evaluation"] as? NSDictionary)
      let refused = try RunCommand("evaluate", folder("blank"), folder("holes.csv"), "-q")
      expectRefusal(refused, exitCode: 65, saying: ["holes.csv:41:1: 3 rows missing between", "--fill-rows"])
      let told = try RunCommand(
        "evaluate", folder("blank"), folder("holes.csv"), "--fill-rows", "mean", "--json")
      #expect(try told.json["evaluation"] as? NSDictionary == evaluated.json["evaluation"] as? NSDictionary)
      let strict = try RunCommand(
        "forecast", folder("own"), folder("holes.csv"), "--fill-rows", "refuse", "-q")
      expectRefusal(strict, exitCode: 65, saying: ["holes.csv:41:1: "])

      // It is a setting of the run.
      let other = try train(folder, "holes.csv", ["--fill-rows", "previous", "-q", "--resume"])
      expectRefusal(
        other, exitCode: 64, saying: ["other settings", "--fill-rows was mean and is now previous"])
      #expect(try train(folder, "holes.csv", ["--fill-rows", "mean", "-q", "--resume"]).exitCode == 0)
    }
  }

  /// Where a file has no dates, or no times, to read.
  @Test func optionsThatTheFileMakesVainAreRefused() throws {
    try CommandFolder.with { folder in
      let lines = CommandFolder.series(rows: 300).split(separator: "\n").map { $0.split(separator: ",") }
      func write(_ name: String, header: String, _ time: (Int) -> String) throws {
        let body = lines.dropFirst().enumerated().map { "\(time($0)),\($1[1]),\($1[2])\n" }
        try folder.write(name, "\(header),level,lead\n" + body.joined())
      }
      try write("parts.csv", header: "month,day,hour") { "3,\(1 + $0 / 24),\($0 % 24)" }
      try write("yearly.csv", header: "year") { "\(1700 + $0)" }
      try write("counted.csv", header: "other") { "\($0 * $0 % 7)" }
      let before = try folder.contents()
      let order = ["--date-order", "day-month-year"]
      for (file, more, texts) in [
        ("parts.csv", order, ["'--date-order'", "parts.csv", "not written as dates"]),
        ("counted.csv", order, ["'--date-order'", "counted.csv", "counted"]),
        ("counted.csv", ["--fill-rows", "mean"], ["'--fill-rows'", "counted.csv", "counted"]),
        ("counted.csv", ["--no-calendar"], ["'--no-calendar'", "counted.csv", "counted", "leave it out"]),
        (
          "yearly.csv", ["--no-calendar", "--time", "year=year"],
          ["'--no-calendar'", "yearly.csv", "rows are yearly", "leave it out"]
        ),
        (
          "parts.csv", ["--exclude", "lead,hour"],
          ["'--exclude' names 'hour'", "times of", "parts.csv", "never an input", "take it out"]
        ),
        ("series.csv", ["--features", "time"], ["'--features' names 'time'", "series.csv"]),
        ("series.csv", ["--angles", "time"], ["'--angles' names 'time'"]),
        ("series.csv", ["--known-ahead", "time"], ["'--known-ahead' names 'time'"]),
        ("series.csv", ["--categorical", "time"], ["'--categorical' names 'time'"]),
      ] {
        expectRefusal(try train(folder, file, more + ["-q"]), exitCode: 64, saying: texts)
      }
      #expect(try folder.contents() == before)
      #expect(try train(folder, "counted.csv", ["-q"]).exitCode == 0)
      for verb in ["evaluate", "forecast"] {
        let line = [verb, folder("own"), folder("counted.csv"), "--fill-rows", "mean"]
        expectRefusal(try RunCommand(line), exitCode: 64, saying: ["'--fill-rows'", "counted"])
      }
    }
  }

  /// Counts from 1970 and dates beside clock times are the same hours.
  @Test func otherNotationsTrainTheSameModel() throws {
    try CommandFolder.with { folder in
      let lines = CommandFolder.series(rows: 300).split(separator: "\n").map { $0.split(separator: ",") }
      func write(_ name: String, header: String, _ time: (Int) -> String) throws {
        let body = lines.dropFirst().enumerated().map { "\(time($0)),\($1[1]),\($1[2])\n" }
        try folder.write(name, "\(header),level,lead\n" + body.joined())
      }
      try write("epoch.csv", header: "t") { "\(1_614_556_800 + 3600 * $0)" }
      try write("split.csv", header: "Date,Time") { hour in
        let time = lines[hour + 1][0].split(separator: "T")
        return "\(time[0].replacing("-", with: "/")),\(time[1])"
      }
      #expect(try folder.train(into: "iso").exitCode == 0)
      for (file, more, remark) in [
        ("epoch.csv", ["--time", "t"], "times are seconds since 1970 in UTC"),
        ("split.csv", [], "times are \"Date\" and \"Time\" together"),
      ] {
        let run = try train(folder, file, more + ["--overwrite"])
        #expect(run.exitCode == 0 && run.log.contains(remark), "\(run.log)")
        #expect(try folder.tensors("own") == folder.tensors("iso"), "\(file)")
        let forecast = try RunCommand("forecast", folder("own"), folder(file))
        #expect(
          try forecast.output == RunCommand("forecast", folder("iso"), folder("series.csv")).output)
      }
    }
  }

  /// Errors of verbs that use a model are the file's fault, and advise nothing that those verbs refuse.
  @Test func remediesAreThoseOfTheVerb() throws {
    try CommandFolder.withModel { folder in
      let lines = CommandFolder.series(rows: 60).split(separator: "\n").map(String.init)
      func rows(_ change: (String) -> String) -> String {
        ([lines[0]] + lines.dropFirst().map(change)).joined(separator: "\n") + "\n"
      }
      let files: [(name: String, text: String, saying: [String])] = [
        ("short.csv", lines[0...4].joined(separator: "\n") + "\n", ["short.csv: ", "give more rows"]),
        ("header.csv", lines[0] + "\n", ["give a file with a header and rows"]),
        (
          "column.csv", CommandFolder.series(rows: 60).replacing("lead", with: "laed"),
          ["no column \"lead\", which the model was trained on", "\"laed\"? rename it"]
        ),
        (
          "fewer.csv", rows { String($0.prefix { $0 != "," }) + ",1" }.replacing(",lead", with: ""),
          ["no column \"lead\", which", "expected it among \"time\" and \"level\"; give a file that has it"]
        ),
        (
          "bare.csv", lines.dropFirst().joined(separator: "\n") + "\n",
          ["no column \"time\", which", "the first line was not taken as names"]
        ),
        (
          "void.csv", rows { String($0.prefix { $0 != "," }) + ",NA,1" },
          ["the target \"level\" has no value", "; give a file with values of it"]
        ),
        ("time.csv", CommandFolder.series(rows: 60).replacing("time", with: "times"), ["no column \"time\""]),
        (
          "infinite.csv", rows { $0.hasPrefix("2021-03-01T05") ? "2021-03-01T05:00:00,inf,1" : $0 },
          ["leave the cell empty"]
        ),
        (
          "day.csv", rows { $0.hasPrefix("2021-03-01T05") ? "yesterday,1,1" : $0 },
          ["day.csv:7:1", "as the training file"]
        ),
        (
          "shift.csv", rows { $0.hasPrefix("2021-03-01T05") ? "2021-03-01T05:01:00,1,1" : $0 },
          ["bring the rows to a regular step"]
        ),
        (
          "gap.csv", ([lines[0]] + lines[1...20] + lines[22...]).joined(separator: "\n") + "\n",
          ["--fill-rows previous"]
        ),
      ]
      for file in files {
        try folder.write(file.name, file.text)
        for verb in ["evaluate", "forecast"] {
          let run = try RunCommand(verb, folder("model"), folder(file.name))
          expectRefusal(run, exitCode: 65, saying: file.saying)
          let options = run.log.split { !($0 == "-" || $0.isLetter) }.filter { $0.hasPrefix("--") }
          #expect(options.allSatisfy { $0 == "--fill-rows" }, "\(run.log)")
        }
      }
      expectRefusal(
        try RunCommand("evaluate", folder("model"), folder("none.csv")), exitCode: 66, saying: ["none.csv"])
    }
  }

  /// Times of another clock would move the hours of the day without a word.
  @Test func theClockIsThatOfTraining() throws {
    try CommandFolder.with { folder in
      let lines = CommandFolder.series(rows: 300).split(separator: "\n").map(String.init)
      func write(_ name: String, _ time: (Int, String) -> String) throws {
        let body = lines.dropFirst().enumerated().map { row, line in
          let cells = line.split(separator: ",", maxSplits: 1)
          return "\(time(row, String(cells[0]))),\(cells[1])\n"
        }
        try folder.write(name, lines[0] + "\n" + body.joined())
      }
      try write("local.csv") { $1 }
      try write("offset.csv") { "\($1)+00:00" }
      try write("epoch.csv") { row, _ in "\(1_614_556_800 + 3600 * row)" }
      #expect(try train(folder, "local.csv", ["-q"]).exitCode == 0)
      for file in ["offset.csv", "epoch.csv"] {
        expectRefusal(
          try RunCommand("forecast", folder("own"), folder(file)), exitCode: 65,
          saying: ["\(file):2:1: ", "another clock", "expected times without an offset"])
      }
      #expect(try train(folder, "offset.csv", ["-q", "--overwrite"]).exitCode == 0)
      expectRefusal(
        try RunCommand("forecast", folder("own"), folder("local.csv")), exitCode: 65,
        saying: ["local.csv:2:1: ", "expected times in UTC"])
      // Both are Coordinated Universal Time.
      #expect(
        try RunCommand("forecast", folder("own"), folder("epoch.csv"), "-q").output
          == RunCommand("forecast", folder("own"), folder("offset.csv"), "-q").output)
    }
  }

  /// What a model cannot use is said with the file's name once, and without options that these verbs do not have.
  @Test(arguments: [
    (
      "evaluate", 7, ["--rows", "all"],
      "7 rows in all; expected at least 8 (window 5 + horizon 3), as in training"
    ),
    ("evaluate", 7, [], "7 rows in all; expected at least 8 (window 5 + horizon 3), as in training"),
    ("forecast", 4, [], "4 rows up to the last known target; expected at least 5, the model's window"),
  ]) func aShortFile(verb: String, rows: Int, more: [String], text: String) throws {
    try CommandFolder.withModel { folder in
      try folder.write("short.csv", CommandFolder.series(rows: rows))
      let run = try RunCommand([verb, folder("model"), folder("short.csv")] + more)
      expectRefusal(run, exitCode: 65, saying: ["error: \(folder("short.csv")): \(text); give more rows"])
      #expect(!run.log.contains("--") && run.log.components(separatedBy: "short.csv").count == 2)
    }
  }

  /// Of new rows, few are held out; all may be scored.
  @Test func fewNewRowsAreScoredAsAWhole() throws {
    try CommandFolder.withModel { folder in
      try folder.write("new.csv", CommandFolder.series(rows: 10))
      expectRefusal(
        try RunCommand("evaluate", folder("model"), folder("new.csv")), exitCode: 65,
        saying: [
          "new.csv: the held-out part has 2 rows; expected at least 3, from the first to the last horizon",
          "--rows all",
        ])
      #expect(try RunCommand("evaluate", folder("model"), folder("new.csv"), "--rows", "all").exitCode == 0)
    }
  }

  @Test func anotherStepIsRefusedWithTheFileNamedOnce() throws {
    try CommandFolder.withModel { folder in
      let lines = CommandFolder.series(rows: 300).split(separator: "\n")
      let every = lines.indices.filter { $0 == 0 || $0 % 2 == 1 }.map { lines[$0] + "\n" }
      try folder.write("other.csv", every.joined())
      for verb in ["evaluate", "forecast"] {
        let run = try RunCommand(verb, folder("model"), folder("other.csv"))
        expectRefusal(
          run, exitCode: 65,
          saying: ["error: \(folder("other.csv")): rows every 2 h; expected rows hourly, as in training; "])
        #expect(run.log.components(separatedBy: "other.csv").count == 2)
      }
    }
  }
}
