import Foundation
import RecurrentCore
import Testing

/// train, evaluate, forecast and inspect, as a user chains them.
@Suite struct ForecastCommandTests {
  @Test func fromAFileToAForecast() throws {
    try CommandFolder.with { folder in
      let training = try folder.train(["--json"])
      #expect(training.exitCode == 0 && training.log == "", "\(training.log)")
      let trained = try training.json
      #expect(trained["schema"] as? String == "recurrent.train.forecast/1")
      #expect(trained["folder"] as? String == folder("model"))
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: folder("model")).sorted() == ResumableRun.files)

      // The held-out rows of the same file: the same figures.
      let evaluated = try RunCommand("evaluate", folder("model"), folder("series.csv"), "--json", "-q").json
      #expect(evaluated["schema"] as? String == "recurrent.evaluate/1")
      let figures = try #require(evaluated["evaluation"] as? NSDictionary)
      #expect(figures == trained["evaluation"] as? NSDictionary)
      #expect((figures["baselines"] as? [Any])?.count == 3)

      let forecast = try RunCommand("forecast", folder("model"), folder("series.csv"), "--json", "-q").json
      #expect(forecast["schema"] as? String == "recurrent.forecast/1")
      #expect(forecast["origin"] as? String == "2021-03-13T11:00")
      let steps = try #require(forecast["steps"] as? [[String: Any]])
      #expect(steps.map { $0["horizon"] as? Int } == [1, 3])
      #expect(steps.map { $0["time"] as? String } == ["2021-03-13T12:00", "2021-03-13T14:00"])
      // Within the series' own range, −4 to 6.
      #expect(steps.allSatisfy { abs($0["value"] as? Double ?? .nan) < 10 })
    }
  }

  @Test func withoutJSONItIsForPeople() throws {
    try CommandFolder.withModel { folder in
      let evaluated = try RunCommand("evaluate", folder("model"), folder("series.csv"))
      #expect(evaluated.exitCode == 0)
      for text in [
        "R²", "MAE", "RMSE", "network + linear path", "repeat the last value", "same hour yesterday",
        "linear least squares", "1 h", "3 h", "baseline",
      ] { #expect(evaluated.output.contains(text), "\(text)") }
      let all = try RunCommand("evaluate", folder("model"), folder("series.csv"), "--rows", "all", "--json")
      let figures = try #require(try all.json["evaluation"] as? [String: Any])
      // Windows of 5 rows with targets up to 3 rows ahead in 300 rows.
      #expect(figures["examples"] as? Int == 300 - 5 - 3 + 1)
    }
  }

  @Test func theForecastIsACSV() throws {
    try CommandFolder.withModel { folder in
      let plain = try RunCommand("forecast", folder("model"), folder("series.csv"))
      let lines = plain.output.split(separator: "\n").map(String.init)
      #expect(
        plain.exitCode == 0
          && plain.log.contains("forecast from 2021-03-13T11:00, the last row with a value of 'level'")
          && lines.count == 3)
      #expect(lines[0] == "horizon,time,level" && lines[1].hasPrefix("1,2021-03-13T12:00,"))
      #expect(lines.dropFirst().allSatisfy { Double($0.split(separator: ",")[2]) != nil })
      let dash = try RunCommand("forecast", folder("model"), folder("series.csv"), "-o", "-")
      #expect(dash.output == plain.output)
      let file = try RunCommand("forecast", folder("model"), folder("series.csv"), "-o", folder("next.csv"))
      #expect(file.exitCode == 0 && file.output == "")
      #expect(try folder.text("next.csv") == plain.output)
      let json = try RunCommand(
        "forecast", folder("model"), folder("series.csv"), "--json", "-o", folder("next.json"))
      #expect(json.exitCode == 0 && json.output == "")
      let document = try JSONSerialization.jsonObject(with: folder.bytes("next.json")) as? [String: Any]
      #expect(document?["schema"] as? String == "recurrent.forecast/1")
    }
  }

  /// A pipe is no terminal and no file: the bytes are the same.
  @Test func throughAPipe() throws {
    try CommandFolder.withModel { folder in
      let pipe = Pipe()
      let process = RunCommand.process(["forecast", folder("model"), folder("series.csv")])
      process.standardOutput = pipe
      try process.run()
      try pipe.fileHandleForWriting.close()
      let output = pipe.fileHandleForReading.readDataToEndOfFile()
      process.waitUntilExit()
      let plain = try RunCommand("forecast", folder("model"), folder("series.csv")).output
      #expect(String(decoding: output, as: UTF8.self) == plain)
    }
  }

  @Test func reportAndLog() throws {
    try CommandFolder.withModel { folder in
      let page = try folder.text("model/report.html")
      #expect(page.contains("<svg") && page.contains("linear least squares") && page.contains("level"))
      // Self-contained: nothing is fetched from anywhere. Only the name of SVG's vocabulary looks like an address.
      let rest = page.replacing("http://www.w3.org/2000/svg", with: "")
      for address in ["://", "src=", "<link", "@import", "url("] {
        #expect(!rest.contains(address), "\(address)")
      }
      let lines = try folder.text("model/log.jsonl").split(separator: "\n")
      let records = try lines.map {
        try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
      }
      #expect(records.count == 3)
      #expect(records.dropLast().map { $0["epoch"] as? Int } == [1, 2])
      for record in records.dropLast() {
        for key in ["update", "rate", "training_loss", "validation_loss", "best"] {
          #expect(record[key] != nil)
        }
      }
      let evaluated = try RunCommand("evaluate", folder("model"), folder("series.csv"), "--json").json
      #expect(records.last?["evaluation"] as? NSDictionary == evaluated["evaluation"] as? NSDictionary)
      #expect(records.last?["evaluation"] != nil)
    }
  }

  @Test func inspectingAModel() throws {
    try CommandFolder.withModel { folder in
      let document = try RunCommand("inspect", folder("model"), "--json").json
      let parameters = try #require(document["parameters"] as? [[String: Any]])
      let count = parameters.reduce(0) { $0 + ($1["count"] as? Int ?? 0) }
      #expect(count > 0 && document["parameter_count"] as? Int == count)
      let facts = try #require(document["facts"] as? [String: String])
      #expect(facts["forecasts"] == "level 1, 3 rows ahead" && facts["window"] == "5 rows")
      // The linear path's own initializer is zeros; what it starts from is the regression.
      let starts = Dictionary(
        uniqueKeysWithValues: parameters.map { ($0["name"] as? String ?? "", $0["start"] as? String ?? "") })
      #expect(starts["linear.weight"] == "ridge regression, strength 0.002")
      #expect(starts["linear.bias"] == starts["linear.weight"] && starts["head.weight"] == "zeros")
      let text = try RunCommand("inspect", folder("model"), "--svg", folder("net.svg"), "--view", "full")
      #expect(text.output.contains("ridge regression, strength 0.002"))
      #expect(text.exitCode == 0 && text.output.contains("linear.weight"))
      #expect(try folder.text("net.svg").hasPrefix("<svg"))
    }
  }

  /// The two networks of the published experiment, by the words of the help page.
  @Test(arguments: [
    (49, ["--hidden", "4"], [24, 16, 4, 4, 1]),
    (26, ["--hidden", "2,2", "--no-bias", "--no-head-bias"], [12, 4, 4, 4, 2]),
  ]) func inspectingASpelledNetwork(count: Int, options: [String], slots: [Int]) throws {
    let arguments = ["inspect", "--inputs", "6", "--cell", "rnn", "--last"] + options
    let document = try RunCommand(arguments + ["--json"]).json
    #expect(document["parameter_count"] as? Int == count)
    let parameters = try #require(document["parameters"] as? [[String: Any]])
    #expect(parameters.map { $0["count"] as? Int } == slots)
    let text = try RunCommand(arguments)
    #expect(text.exitCode == 0 && text.output.contains("total") && text.output.contains("\(count)"))
  }

  @Test func unrolling() throws {
    let arguments = ["inspect", "--inputs", "4", "--hidden", "5+2", "--cell", "rnn", "--graph", "6"]
    let graph = try #require(try RunCommand(arguments + ["--json"]).json["graph"] as? [String: Any])
    #expect(graph["states"] as? Int == 12 && graph["acyclic"] as? Bool == true)
    #expect(try RunCommand(arguments).output.contains("graph: 12 states, no circle"))
  }

  @Test(arguments: ["note-002", "ai-edu-19.7"]) func reproducing(name: String) throws {
    let text = try RunCommand("reproduce", name)
    #expect(text.exitCode == 0 && text.output.contains("checks passed") && !text.output.contains("FAIL"))
    let document = try RunCommand("reproduce", name, "--json").json
    #expect(document["name"] as? String == name && document["passed"] as? Bool == true)
  }

  /// Threads are for speed alone: every file is the same, byte for byte.
  @Test func threadsChangeNoByte() throws {
    try CommandFolder.with { folder in
      let options = ["--batch", "96", "--hidden", "4+3,5", "--cell", "gru+lstm", "--dropout", "0.2"]
      let rest = ["--target", "level", "--window", "5", "--horizon", "1,3", "--epochs", "2"]
      var first: [String: Data]?
      for threads in [1, 2, 3, 5, 8, 16] {
        let name = "threads\(threads)"
        let run = try RunCommand(
          ["train", "forecast", folder("series.csv"), "-o", folder(name), "-q", "--threads", "\(threads)"]
            + rest + options)
        #expect(run.exitCode == 0, "\(run.log)")
        var files: [String: Data] = [:]
        for file in ResumableRun.files { files[file] = try folder.bytes("\(name)/\(file)") }
        if let first {
          for file in ResumableRun.files {
            #expect(files[file] == first[file], "\(threads) threads, \(file)")
          }
        } else {
          first = files
        }
      }
    }
  }

  /// The kernels of all levels with fused multiply-add make one model, whatever the threads.
  @Test func levelsChangeNoBit() throws {
    try CommandFolder.with { folder in
      var first: Data?
      for level in KernelLevel.allCases where level.isFused && level.isAvailable {
        for threads in [1, 2, 5, 16] {
          let name = "\(level.name)-\(threads)"
          let run = try RunCommand(
            [
              "train", "forecast", folder("series.csv"), "-o", folder(name), "-q", "--threads", "\(threads)",
              "--target", "level", "--window", "5", "--horizon", "1,3", "--epochs", "2", "--batch", "70",
              "--hidden", "20+3,5", "--cell", "gru+lstm", "--dropout", "0.2",
            ], environment: ["RECURRENT_KERNELS": level.name])
          #expect(run.exitCode == 0, "\(run.log)")
          let model = try folder.bytes("\(name)/model.safetensors")
          #expect(model == first ?? model, "\(level.name), \(threads) threads")
          first = model
        }
      }
    }
  }

  @Test func overwritingLeavesNothingOfTheEarlierRun() throws {
    try CommandFolder.with { folder in
      #expect(try folder.train(["--seed", "1"]).exitCode == 0)
      try folder.write("model/notes.txt", "mine")
      #expect(try folder.train(["--seed", "2", "--overwrite"]).exitCode == 0)
      #expect(try folder.train(["--seed", "2"], into: "fresh").exitCode == 0)
      for file in ResumableRun.files {
        #expect(try folder.bytes("model/\(file)") == folder.bytes("fresh/\(file)"), "\(file)")
      }
      #expect(try folder.text("model/notes.txt") == "mine")
    }
  }
}
