import Foundation
import RecurrentCommand
import RecurrentNN
import Testing

@Suite struct GradcheckTests {
  let tool = CommandLineTool(summary: "", verbs: [GradcheckVerb()])

  private func json(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  @Test func aSoundNetworkPasses() throws {
    let result = try RunCommand("gradcheck", "--cell", "lstm", "--only", "depth 1", "--json", "-q")
    #expect(result.exitCode == 0 && result.log == "")
    let document = try result.json
    #expect(document["schema"] as? String == "recurrent.gradcheck/1")
    #expect(document["passed"] as? Bool == true && (document["failing"] as? [Any])?.isEmpty == true)
    #expect(try #require(document["derivatives"] as? Int) > 100)
    let worst = try #require(document["worst"] as? [String: Any])
    #expect(try #require(worst["error"] as? Double) <= 1e-7)
    #expect((worst["network"] as? String)?.contains("lstm") == true)
    let names = try RunCommand("gradcheck", "--cell", "lstm", "--only", "depth 1", "--list").output
    #expect(document["networks"] as? Int == names.split(separator: "\n").count)
  }

  @Test func theReportIsTheSameForAnyThreads() throws {
    func report(_ threads: String) throws -> NSDictionary {
      var document = try json(
        try run(tool, "gradcheck", "--depth", "1", "--only", "sum", "--json", "-q", "--threads", threads)
          .output)
      document["seconds"] = nil
      return NSDictionary(dictionary: document)
    }
    let one = try report("1")
    #expect(one.count > 5)
    #expect(try report("3") == one)
  }

  @Test func filtersChooseByName() throws {
    func names(_ arguments: String...) throws -> [Substring] {
      try RunCommand(["gradcheck", "--list"] + arguments).output.split(separator: "\n")
    }
    let all = try names()
    #expect(all.count == GradientCheckSuite.cases(.quick).count)
    #expect(try names("--all").count == GradientCheckSuite.cases(.all).count)
    #expect(try names("--direction", "reverse") == all.filter { $0.contains(" reverse ") })
    #expect(
      try names("--depth", "2", "--only", "mask")
        == all.filter { $0.contains("depth 2") && $0.contains("mask") })
    let lstm = try names("--cell", "lstm")
    #expect(lstm.contains { $0.hasPrefix("lstm ") } && lstm.contains { $0.contains("+lstm ") })
  }

  @Test func aFailureNamesTheTensor() throws {
    // No rounding is that small.
    let arguments = ["gradcheck", "--only", "lstm forward depth", "-q", "--tolerance", "1e-18"]
    let text = try RunCommand(arguments)
    #expect(text.exitCode == 1 && text.output.contains("FAILED") && text.output.contains("weightHidden"))
    let document = try RunCommand(arguments + ["--json"])
    #expect(try document.exitCode == 1 && document.json["passed"] as? Bool == false)
    let failing = try #require(try document.json["failing"] as? [[String: Any]])
    #expect(failing.contains { $0["tensor"] as? String == "input" && $0["worst_element"] is Int })
  }

  @Test(arguments: GradientFault.allCases) func aPlantedFaultFailsAndIsNamed(fault: GradientFault) throws {
    let result = try run(tool, "gradcheck", "--fault", fault.rawValue, "--json")
    #expect(result.exitCode == .failure && result.log == "")
    let found = try #require(try json(result.output)["fault"] as? [String: Any])
    #expect(found["wrong"] as? [String] == fault.expected && found["caught"] as? Bool == true)
    let text = try run(tool, "gradcheck", "--fault", fault.rawValue).output
    #expect(text.contains(fault.summary))
    for line in text.split(separator: "\n") where line.hasSuffix("WRONG") {
      #expect(fault.expected.contains { line.hasPrefix($0 + " ") }, "\(line)")
    }
  }

  @Test func aCheckThatSeesNothingIsABug() throws {
    // With errors of ten million allowed, every fault goes unseen.
    let result = try RunCommand("gradcheck", "--fault", "loss-gradient-doubled", "--tolerance", "1e7")
    #expect(result.exitCode == 70)
    #expect(result.log.contains("found wrong: none") && result.log.contains("head.weight"))
  }

  @Test func faultsAreListed() throws {
    let text = try RunCommand("gradcheck", "--list-faults").output
    for fault in GradientFault.allCases { #expect(text.contains(fault.rawValue)) }
    let list = try RunCommand("gradcheck", "--list-faults", "--json").json
    #expect((list["faults"] as? [Any])?.count == GradientFault.allCases.count)
  }

  @Test(arguments: [
    (["--quick", "--all"], "exclude each other"),
    (["--fault", "loss-gradient-doubled", "--depth", "1"], "'--depth' has no meaning"),
    (["--list-faults", "--all"], "'--all' has no meaning"),
    (["--fault", "loss-gradient-dubled"], "did you mean 'loss-gradient-doubled'?"),
    (["--cell", "lstn"], "did you mean 'lstm'?"),
    (["--only", "no such case"], "'recurrent gradcheck --list'"),
    (["--threads", "0"], "from 1 to 1024"),
  ]) func mistakesAreUsageErrors(arguments: [String], text: String) throws {
    let result = try RunCommand(["gradcheck"] + arguments)
    #expect(result.exitCode == 64 && result.output == "")
    #expect(result.log.contains(text) && result.log.count { $0.isNewline } == 1, "\(result.log)")
  }
}
