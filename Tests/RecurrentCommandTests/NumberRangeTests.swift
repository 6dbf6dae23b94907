import Foundation
import Testing

/// Values beyond single precision, in which the network computes, give right figures or one clear error.
@Suite struct NumberRangeTests {
  /// The series with its level changed, by the row of data.
  private static func series(_ change: (Int, Double) -> Double) -> String {
    let lines = CommandFolder.series(rows: 300).split(separator: "\n")
    var text = String(lines[0]) + "\n"
    for (row, line) in lines.dropFirst().enumerated() {
      let cells = line.split(separator: ",")
      text += "\(cells[0]),\(change(row, Double(cells[1])!)),\(cells[2])\n"
    }
    return text
  }

  private func figures(_ run: RunCommand) throws -> [[String: Any]] {
    let evaluation = try #require(try run.json["evaluation"] as? [String: Any])
    let lines = [try #require(evaluation["model"])] + (try #require(evaluation["baselines"] as? [Any]))
    return try lines.flatMap {
      try #require(($0 as? [String: Any])?["horizons"] as? [[String: Any]])
    }
  }

  private func forecasts(_ folder: CommandFolder) throws -> [Double] {
    let run = try RunCommand("forecast", folder("model"), folder("series.csv"), "-q")
    #expect(run.exitCode == 0, "\(run.log)")
    return try run.output.split(separator: "\n").dropFirst().map {
      try #require(Double($0.split(separator: ",")[2]))
    }
  }

  /// Each is the series in another unit, so the figures are those of the series.
  @Test(arguments: [(1e38, 1e39), (1e139, 0), (1e-60, 0), (1e-130, 0)])
  func otherUnitsHaveTheSameFigures(scale: Double, shift: Double) throws {
    try CommandFolder.with { folder in
      let plain = try figures(try folder.train(["--json"]))
      try folder.write("series.csv", Self.series { $1 * scale + shift })
      let run = try folder.train(["--json", "--overwrite"])
      #expect(run.exitCode == 0, "\(run.log)")
      for (own, other) in zip(try figures(run), plain) {
        let (own, other) = (try #require(own["r2"] as? Double), try #require(other["r2"] as? Double))
        // What single precision leaves of two runs' rounding.
        #expect(abs(own - other) < 1e-3, "\(own) and \(other)")
      }
      for value in try forecasts(folder) {
        #expect(abs(value - shift) < 20 * scale && "\(value)".count <= 22, "\(value)")
      }
    }
  }

  @Test(arguments: ["standard", "min-max"]) func anOutlierThatIsLearnedFrom(_ method: String) throws {
    try CommandFolder.with { folder in
      try folder.write("series.csv", Self.series { $0 == 100 ? 1e39 : $1 })
      let run = try folder.train(["--normalisation", method])
      #expect(run.exitCode == 0, "\(run.log)")
      for line in run.output.split(separator: "\n") where !line.hasPrefix("The network") {
        #expect(line.count < 100 && !line.contains("∞") && !line.contains("NaN"), "\(line)")
      }
      #expect(try forecasts(folder).allSatisfy(\.isFinite))
    }
  }

  @Test(arguments: ["standard", "min-max"]) func anOutlierThatIsHeldOut(_ method: String) throws {
    try CommandFolder.withModel { folder in
      let place = "series.csv:282:21: "
      let text = Self.series { $0 == 280 ? 1e39 : $1 }
      try folder.write("series.csv", text)
      let before = try folder.contents()
      let texts = [
        place, "1e+39 in column \"level\"", "at most 1e15", "single precision", "leave the cell empty",
      ]
      let run = try folder.train(["--normalisation", method], into: "new")
      expectRefusal(run, exitCode: 65, saying: texts)
      for verb in ["evaluate", "forecast"] {
        expectRefusal(
          try RunCommand(verb, folder("model"), folder("series.csv"), "-q"), exitCode: 65, saying: texts)
      }
      #expect(try folder.contents() == before)
      // The cell to mend is named, and not the one before it that was filled from it.
      let lines = text.split(separator: "\n").map(String.init)
      let gap = lines[280].replacing(/,[^,]*,/, with: ",,", maxReplacements: 1)
      try folder.write("series.csv", (lines[..<280] + [gap] + lines[281...]).joined(separator: "\n") + "\n")
      expectRefusal(try folder.train(into: "new"), exitCode: 65, saying: texts)
    }
  }

  @Test func withoutNormalisation() throws {
    try CommandFolder.with { folder in
      try folder.write("series.csv", Self.series { $1 * 1e38 + 1e39 })
      let before = try folder.contents()
      expectRefusal(
        try folder.train(["--normalisation", "none"]), exitCode: 65,
        saying: ["series.csv:2:21: ", "too large to be used as it is", "1e15", "--normalisation standard"])
      #expect(try folder.contents() == before)
    }
  }

  @Test func aTargetThatHardlyVaries() throws {
    try CommandFolder.with { folder in
      try folder.write("series.csv", Self.series { $1 * 1e-170 })
      expectRefusal(
        try folder.train(), exitCode: 65,
        saying: ["series.csv: ", "\"level\" lie within", "1e-140", "smaller unit"])
    }
  }
}
