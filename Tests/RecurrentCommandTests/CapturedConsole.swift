import Foundation
import RecurrentCommand

/// A console whose two streams are files, and what was written to them.
struct CapturedConsole {
  let console: Console
  private let directory: URL
  private let outputHandle: FileHandle
  private let logHandle: FileHandle

  init(environment: [String: String] = ["TERM": "xterm"]) throws {
    let directory = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    func create(_ name: String) throws -> FileHandle {
      let file = directory.appendingPathComponent(name)
      try Data().write(to: file)
      return try FileHandle(forWritingTo: file)
    }
    self.directory = directory
    outputHandle = try create("output")
    logHandle = try create("log")
    console = Console(
      outputDescriptor: outputHandle.fileDescriptor, logDescriptor: logHandle.fileDescriptor,
      environment: environment)
  }

  var output: String { get throws { try text("output") } }
  var log: String { get throws { try text("log") } }

  func remove() { try? FileManager.default.removeItem(at: directory) }

  private func text(_ name: String) throws -> String {
    String(decoding: try Data(contentsOf: directory.appendingPathComponent(name)), as: UTF8.self)
  }
}

/// Runs a command line of a tool inside this process.
func run(
  _ tool: CommandLineTool, _ arguments: String...
) throws -> (exitCode: ExitCode, output: String, log: String) {
  let captured = try CapturedConsole()
  defer { captured.remove() }
  let exitCode = tool.run(arguments, console: captured.console)
  return (exitCode, try captured.output, try captured.log)
}
