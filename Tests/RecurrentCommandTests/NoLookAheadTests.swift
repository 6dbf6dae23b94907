import Foundation
import Testing

/// What fills gaps, and what the calendar says, may not know the future.
@Suite struct NoLookAheadTests {
  /// Noise, of which nothing can be forecast, with every second value missing.
  private static func noise(_ rows: Int) -> String {
    var state: UInt64 = 7
    let lines = CommandFolder.series(rows: rows).split(separator: "\n").dropFirst()
    return "time,level\n"
      + lines.enumerated().map { row, line in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return "\(line.prefix { $0 != "," }),\(row % 2 == 1 ? "" : "\(Double(state >> 40) / 0x1p24)")\n"
      }.joined()
  }

  @Test func noPolicyMakesNoiseForecastable() throws {
    try CommandFolder.with { folder in
      try folder.write("series.csv", Self.noise(600))
      for option in ["--gaps", "--fill-rows"] {
        for policy in ["linear", "linear-from-zero"] {
          expectRefusal(
            try folder.train([option, policy]), exitCode: 64,
            saying: ["'\(policy)'", "expected one of previous, mean, refuse", "which a forecast cannot know"])
        }
      }
      for policy in ["previous", "mean"] {
        let run = try folder.train(["--gaps", policy, "--json"], into: policy)
        let evaluation = try #require(try run.json["evaluation"] as? [String: Any])
        var lines = try #require(evaluation["baselines"] as? [[String: Any]])
        lines.append(try #require(evaluation["model"] as? [String: Any]))
        #expect(lines.count == 4)
        for line in lines {
          let horizons = try #require(line["horizons"] as? [[String: Any]])
          // Chance on some sixty values; a share of the truth in what is seen would give half and more.
          let rSquared = try #require(horizons[0]["r2"] as? Double)
          #expect(rSquared < 0.2, "\(policy): \(line)")
        }
      }
    }
  }

  /// A held-out value behind a gap that begins before the held-out rows.
  @Test func heldOutValuesDoNotReachTheModel() throws {
    try CommandFolder.with { folder in
      func train(_ value: String, _ name: String) throws -> Data {
        let lines = CommandFolder.series(rows: 300).split(separator: "\n").enumerated().map { row, line in
          guard row > 230, row < 250 else { return String(line) }
          let cells = line.split(separator: ",")
          return "\(cells[0]),\(cells[1]),\(row == 249 ? value : "")"
        }
        try folder.write("series.csv", lines.joined(separator: "\n") + "\n")
        #expect(try folder.train(into: name).exitCode == 0)
        return try folder.bytes("\(name)/model.safetensors")
      }
      let (small, large) = (try train("3", "a"), try train("900", "b"))
      #expect(small == large)
    }
  }

  /// 240 training rows are ten days: hours and weekdays come round, days of the year do not.
  @Test func onlyWholeCyclesOfTheCalendarAreInputs() throws {
    try CommandFolder.with { folder in
      #expect(try folder.train().exitCode == 0)
      let config = try folder.text("model/config.json")
      #expect(
        config.contains("\"hourOfDay\"") && config.contains("\"dayOfWeek\"")
          && !config.contains("\"dayOfYear\""))
      try folder.write("series.csv", CommandFolder.series(rows: 200))
      #expect(try folder.train(into: "short").exitCode == 0)
      #expect(try !folder.text("short/config.json").contains("\"dayOfWeek\""))
    }
  }
}
