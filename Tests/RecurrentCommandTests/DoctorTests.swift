import Foundation
import RecurrentCommand
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
    #expect(tests.count >= 3 && tests.allSatisfy { $0["passed"] as? Bool == true })
    // The promise is under five seconds.
    #expect(tests.reduce(0) { $0 + ($1["seconds"] as? Double ?? 99) } < 5)
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
