import Foundation
import RecurrentCommand
import RecurrentCore
import Testing

@Suite struct DoctorTests {
  @Test func tellsPeopleAndPrograms() throws {
    let text = try RunCommand("doctor")
    #expect(text.exitCode == 0 && text.log == "")
    #expect(text.output.contains("processor") && text.output.contains("tests passed"))
    let json = try RunCommand("doctor", "--json").json
    #expect(json["schema"] as? String == "recurrent.doctor/1")
    #expect(json["passed"] as? Bool == true)
    let tests = try #require(json["tests"] as? [[String: Any]])
    #expect(tests.count == 4 && tests.allSatisfy { $0["passed"] as? Bool == true })
    // The promise is under five seconds; a debug build, and a machine that runs other tests, may take longer.
    #expect(tests.reduce(0) { $0 + ($1["seconds"] as? Double ?? 99) } < 30)
  }

  @Test func theSpeedIsMeasured() throws {
    let tool = CommandLineTool(summary: "", verbs: [DoctorVerb(tests: [])])
    let text = try run(tool, "doctor", "--threads", "1")
    #expect(text.exitCode == .success && text.log == "")
    #expect(text.output.contains("GFLOP/s") && text.output.contains("main memory"))
    let more = ThreadCount.cores + 1
    let json = try run(tool, "doctor", "--threads", "\(more)", "--json")
    #expect(json.log.contains("warning: \(more) threads") && json.log.split(separator: "\n").count == 1)
    let document = try #require(
      try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
    let speed = try #require(document["speed"] as? [[String: Any]])
    #expect(speed.map { $0["threads"] as? Int } == [1, more])
    for measured in speed {
      #expect(measured["level"] as? String == KernelLevel.active.name)
      #expect(measured["peak_gflops"] as? Double ?? 0 > 0)
      let reads = try #require(measured["read_gb_per_second"] as? [String: Double])
      #expect(Set(reads.keys) == ["own_cache", "shared_cache", "main_memory"])
      #expect(reads.values.allSatisfy { $0 > 0 })
    }
  }

  @Test func everyKernelLevelHereCanBeChosen() throws {
    let kernels = try #require(try RunCommand("doctor", "--json").json["kernels"] as? [String: Any])
    for level in try #require(kernels["available"] as? [String]) {
      let result = try RunCommand("doctor", "--json", environment: ["RECURRENT_KERNELS": level])
      #expect(result.exitCode == 0)
      let chosen = try #require(try result.json["kernels"] as? [String: Any])
      #expect(chosen["active"] as? String == level)
    }
  }

  @Test func aFailureIsANegativeAnswer() throws {
    let tests = [
      SelfTest(name: "sound") { () throws(SelfTestFailure) in "fine" },
      SelfTest(name: "broken") { () throws(SelfTestFailure) in throw SelfTestFailure("found 2, expected 3") },
    ]
    let tool = CommandLineTool(summary: "", verbs: [DoctorVerb(tests: tests)])
    let text = try run(tool, "doctor")
    #expect(text.exitCode == .failure && text.log == "")
    #expect(text.output.contains("FAIL  broken  found 2, expected 3"))
    #expect(text.output.contains("1 of 2 tests failed"))
    let json = try run(tool, "doctor", "--json")
    #expect(json.exitCode == .failure && json.output.contains(#""passed": false"#))
  }

  @Test func unwritableStorageFails() throws {
    let result = try RunCommand("doctor", "--json", environment: ["TMPDIR": "/nowhere/at/all"])
    let tests = try #require(try result.json["tests"] as? [[String: Any]])
    let failed = tests.filter { $0["passed"] as? Bool == false }
    #expect(result.exitCode == 1 && failed.count == 1)
    #expect((failed.first?["finding"] as? String)?.contains("/nowhere/at/all") == true)
  }

  @Test func processorsAreReadFromTheirDescription() {
    let intel =
      "processor\t: 0\nmodel name\t: Some CPU @ 2.0GHz\nflags\t\t: fpu avx fma avx2\n\nprocessor\t: 1\n"
    #expect(Machine.parse(cpuinfo: intel) == ("Some CPU @ 2.0GHz", ["avx", "fma", "avx2"]))
    let arm = "processor\t: 0\nFeatures\t: fp asimd crc32\nCPU part\t: 0xd0c\n"
    #expect(Machine.parse(cpuinfo: arm) == ("Arm part 0xd0c", ["asimd"]))
    #expect(Machine.parse(cpuinfo: "") == ("unknown", []))
  }
}
