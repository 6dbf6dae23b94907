import Foundation
import RecurrentCommand
import Testing

/// The built command from outside.
@Suite struct CommandProcessTests {
  @Test func versionAndHelp() throws {
    let version = try RunCommand("--version")
    #expect(version.exitCode == 0 && version.log == "")
    #expect(version.output.hasPrefix("recurrent \(Version.number)\n") && version.output.contains("kernels "))
    let help = try RunCommand("--help")
    #expect(help.exitCode == 0 && help.log == "")
    for verb in CommandLineTool.recurrent.verbs {
      #expect(help.output.contains(verb.name))
      #expect(try RunCommand(verb.name.split(separator: " ").map(String.init) + ["-h"]).exitCode == 0)
    }
  }

  @Test func mistakesEndWith64AndSayNothingOnOutput() throws {
    for arguments in [[], ["docotr"], ["doctor", "--jsno"], ["doctor", "extra"], ["--jsno"]] {
      let result = try RunCommand(arguments)
      #expect(result.exitCode == 64 && result.output == "", "\(arguments)")
      #expect(result.log.hasPrefix("recurrent: error: ") && result.log.count { $0.isNewline } == 1)
    }
    #expect(try RunCommand("docotr").log.contains("did you mean 'doctor'?"))
    #expect(try RunCommand("doctor", "--jsno").log.contains("did you mean '--json'?"))
  }

  @Test func aWrongKernelLevelIsRefused() throws {
    let result = try RunCommand("doctor", environment: ["RECURRENT_KERNELS": "avx1024"])
    #expect(result.exitCode == 78 && result.output == "")
    #expect(
      try RunCommand("train", "good.csv", "--target", "v").log.contains(
        "did you mean 'recurrent train TASK good.csv'?"))
    #expect(result.log.contains("RECURRENT_KERNELS is \"avx1024\"") && result.log.contains("portable"))
  }

  /// Who has set it wrong must be able to ask what is right.
  @Test(arguments: [
    ["--version"], ["--help"], ["help"], ["help", "gradcheck"], ["help", "--json"],
    ["train", "forecast", "-h"],
  ]) func helpComesWhateverTheKernelLevel(arguments: [String]) throws {
    let wrong = try RunCommand(arguments, environment: ["RECURRENT_KERNELS": "avx1024"])
    #expect(wrong.exitCode == 0 && wrong.log == "")
    #expect(try wrong.output == RunCommand(arguments).output)
  }

  @Test func coloursComeOnlyWhenForced() throws {
    #expect(try !RunCommand("docotr").log.contains("\u{1B}"))
    #expect(try RunCommand("docotr", environment: ["CLICOLOR_FORCE": "1"]).log.contains("\u{1B}["))
    let both = try RunCommand("docotr", environment: ["CLICOLOR_FORCE": "1", "NO_COLOR": "1"])
    #expect(!both.log.contains("\u{1B}"))
  }

  @Test func aClosedPipeIsPassedOverInSilence() throws {
    let output = Pipe()
    let log = Pipe()
    let process = RunCommand.process(["--help"])
    process.standardOutput = output
    process.standardError = log
    try output.fileHandleForReading.close()
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationReason == .exit && process.terminationStatus == 141)
    try log.fileHandleForWriting.close()
    #expect(log.fileHandleForReading.readDataToEndOfFile().isEmpty)
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full"), "needs /dev/full"))
  func aFullDeviceIsAnError() throws {
    let log = Pipe()
    let process = RunCommand.process(["--help"])
    process.standardOutput = FileHandle(forWritingAtPath: "/dev/full")
    process.standardError = log
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 74)
    try log.fileHandleForWriting.close()
    let text = String(decoding: log.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    #expect(text.contains("standard output") && text.contains("no space left"))
  }
}
