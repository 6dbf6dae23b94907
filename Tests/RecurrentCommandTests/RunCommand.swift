import Foundation
import Testing

/// The built `recurrent`, run as a process of its own.
struct RunCommand {
  let exitCode: Int32
  let output: String
  let log: String

  /// The executable beside the test bundle, in whichever configuration the tests were built.
  static let executable: URL = {
    var directory = Bundle(for: Anchor.self).bundleURL
    #if !os(macOS)
      // There the bundle is the directory of the test runner itself.
      directory = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
    #else
      directory.deleteLastPathComponent()
    #endif
    return directory.appendingPathComponent("recurrent")
  }()

  /// Runs a command line to its end.
  ///
  /// - Parameters:
  ///   - input: what stands on standard input.
  ///   - environment: added to a bare one, so that the tests' own terminal has no say.
  @discardableResult
  init(_ arguments: String..., input: String = "", environment: [String: String] = [:]) throws {
    try self.init(arguments, input: input, environment: environment)
  }

  init(_ arguments: [String], input: String = "", environment: [String: String] = [:]) throws {
    try self.init(arguments, bytes: Data(input.utf8), environment: environment)
  }

  init(_ arguments: [String], bytes: Data, environment: [String: String] = [:]) throws {
    let directory = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    // Files and not pipes: a pipe that nobody drains stops a process that says much.
    let (inputFile, outputFile, logFile) = (
      directory.appendingPathComponent("in"), directory.appendingPathComponent("out"),
      directory.appendingPathComponent("log")
    )
    try bytes.write(to: inputFile)
    try Data().write(to: outputFile)
    try Data().write(to: logFile)
    let process = Self.process(arguments, environment: environment)
    process.standardInput = try FileHandle(forReadingFrom: inputFile)
    process.standardOutput = try FileHandle(forWritingTo: outputFile)
    process.standardError = try FileHandle(forWritingTo: logFile)
    try process.run()
    _ = Self.wait(for: process)
    exitCode = process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus
    output = String(decoding: try Data(contentsOf: outputFile), as: UTF8.self)
    log = String(decoding: try Data(contentsOf: logFile), as: UTF8.self)
  }

  /// A process that is not yet running, for tests that set its streams or send it signals.
  static func process(_ arguments: [String], environment: [String: String] = [:]) -> Process {
    let process = Process()
    process.executableURL = executable
    process.arguments = arguments
    let bare = ["PATH": "/usr/bin:/bin", "TERM": "xterm"]
    process.environment = bare.merging(environment) { _, given in given }
    return process
  }

  /// What takes so many seconds hangs. No test takes one minute, but a machine may be busy with other work: nothing but
  /// a hang may depend on the clock.
  static let hangs = 1200.0

  /// Waits for a process that ends by itself; kills it where it hangs.
  ///
  /// - Returns: whether it ended by itself.
  static func wait(for process: Process) -> Bool {
    _ = wait(for: process) { false }
    let ended = !process.isRunning
    if !ended { kill(process.processIdentifier, SIGKILL) }
    process.waitUntilExit()
    return ended
  }

  /// Waits until a process has come so far, as its files show.
  ///
  /// - Returns: whether it has and still runs; not where it ended before.
  static func wait(for process: Process, until hasCome: () -> Bool) -> Bool {
    let end = ContinuousClock.now + .seconds(hangs)
    while process.isRunning && ContinuousClock.now < end {
      if hasCome() { return process.isRunning }
      usleep(500)
    }
    return false
  }

  /// The standard output as JSON.
  var json: [String: Any] {
    get throws {
      let value = try JSONSerialization.jsonObject(with: Data(output.utf8))
      return try #require(value as? [String: Any])
    }
  }

  /// The standard output as JSON lines, an object each.
  var jsonLines: [[String: Any]] {
    get throws {
      try output.split(separator: "\n").map { line in
        try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
      }
    }
  }

  private final class Anchor {}
}
