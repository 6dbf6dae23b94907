import Foundation
import RecurrentCommand
import Testing

/// `recurrent bench`: figures for people and programs, and what it refuses.
@Suite struct BenchTests {
  @Test func tellsPeople() throws {
    let result = try RunCommand("bench", "T2", "I5", "--seconds", "0.05", "--threads", "1", "--quiet")
    #expect(result.exitCode == 0 && result.log == "", "\(result.log)")
    let lines = result.output.split(separator: "\n")
    #expect(lines[0].contains("tokens/s") && lines[0].contains("GFLOP/s"))
    #expect(lines[2].hasPrefix("T2 ") && lines[2].contains("%") && lines[2].contains("deep RNN 6-2-2-1"))
    // A few kilobytes of weights: no limit but latency.
    #expect(lines[3].hasPrefix("I5 ") && !lines[3].contains("%"))
    #expect(lines[4].hasPrefix("kernels "))
  }

  @Test func tellsPrograms() throws {
    let result = try RunCommand("bench", "T2", "I5", "--seconds", "0.05", "--threads", "1,2", "--json", "-q")
    #expect(result.exitCode == 0)
    let json = try result.json
    #expect(json["schema"] as? String == "recurrent.bench/1")
    let cases = try #require(json["cases"] as? [[String: Any]])
    #expect(cases.map { $0["name"] as? String } == ["T2", "T2", "I5", "I5"])
    #expect(cases.map { $0["threads"] as? Int } == [1, 2, 1, 2])
    #expect(cases.map { $0["kind"] as? String } == ["train", "train", "run", "run"])
    for found in cases {
      func number(_ name: String) -> Double { found[name] as? Double ?? .nan }
      let median = number("median_seconds")
      #expect(number("p10_seconds") <= median && median <= number("p90_seconds"))
      // What was divided comes back to a rounding or two.
      #expect(abs(number("tokens_per_second") * median / number("tokens") - 1) < 1e-9)
      #expect(abs(number("gflops") * 1e9 * median / number("operations") - 1) < 1e-9)
      #expect(number("samples") >= 1 && number("peak_gflops") > 0)
    }
    #expect(cases[0]["share_of_limit"] is Double && cases[2]["share_of_limit"] is NSNull)
    #expect((json["forecasters"] as? [Any])?.isEmpty == true)
  }

  @Test func aModelIsTimed() throws {
    try CommandFolder.withModel { folder in
      let json = try RunCommand(
        "bench", folder("model"), "--seconds", "0.05", "--threads", "1", "--json", "-q"
      ).json
      let found = try #require((json["forecasters"] as? [[String: Any]])?.first)
      #expect(found["model"] as? String == folder("model") && found["threads"] as? Int == 1)
      let one = try #require(found["one_window"] as? [String: Any])
      let many = try #require(found["many_windows"] as? [String: Any])
      let (p50, p99) = (one["p50_seconds"] as? Double ?? .nan, one["p99_seconds"] as? Double ?? .nan)
      #expect(p50 > 0 && p50 <= p99 && many["windows"] as? Int == 64)
      #expect((many["forecasts_per_second"] as? Double ?? 0) > 0)
      let text = try RunCommand("bench", folder("model"), "--seconds", "0.05", "--threads", "1", "-q")
      #expect(text.output.contains("64 at once") && text.output.contains("/s"))
    }
  }

  @Test func whatIsNoSubjectIsRefused() throws {
    try CommandFolder.with { folder in
      try FileManager.default.createDirectory(
        atPath: folder("empty"), withIntermediateDirectories: false)
      for (name, code, words) in [
        ("T8", 64, ["'T8'", "did you mean 'T1'?", "I5"]), ("nonsense", 64, ["neither", "model's folder"]),
        (folder("empty"), 66, ["empty: no model"]), (folder("series.csv"), 65, ["is a file"]),
      ] as [(String, Int32, [String])] {
        // Behind a case that is right: nothing is timed before all are found.
        let result = try RunCommand("bench", "T2", name)
        #expect(result.exitCode == code && result.output == "", "\(name): \(result.log)")
        for word in words { #expect(result.log.contains(word), "\(name): \(result.log)") }
        #expect(result.log.split(separator: "\n").count == 1)
      }
    }
  }

  @Test(arguments: [
    (["--threads", "0"], "from 1 to 1024"), (["--threads", "1,1"], "twice"), (["--threads", "two"], "'two'"),
    (["--seconds", "0"], "0.001 to 86400"), (["--seconds", "1e300"], "0.001 to 86400"),
  ]) func numbersAreChecked(options: [String], words: String) throws {
    let result = try RunCommand(["bench", "T2"] + options)
    #expect(result.exitCode == 64 && result.output == "" && result.log.contains(words), "\(result.log)")
  }

  @Test func moreThreadsThanCoresAreToldOnce() throws {
    let result = try RunCommand("bench", "T2", "I5", "--seconds", "0.01", "--threads", "1,65", "-q")
    #expect(result.exitCode == 0 && result.log.split(separator: "\n").count == 1)
    #expect(result.log.contains("warning: 65 threads"))
  }
}
