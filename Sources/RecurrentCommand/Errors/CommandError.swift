/// Why a verb cannot go on: one line for standard error, and how the process ends.
public struct CommandError: Error, Sendable, Hashable, CustomStringConvertible {
  /// One line: place, finding, expectation, remedy. Without the program's name.
  public let message: String
  public let exitCode: ExitCode

  /// - Parameter message: what is told; line breaks in it become spaces.
  public init(_ message: String, exitCode: ExitCode) {
    self.message = message.split(whereSeparator: \.isNewline).joined(separator: " ")
    self.exitCode = exitCode
  }

  /// A library's error: its own description, and the exit code that its type gives through ``ExitCodeProviding``. An
  /// error that gives none was not expected here, so it ends as a bug of this program.
  public init(_ error: any Error) {
    if let error = error as? CommandError {
      self = error
    } else if let error = error as? any ExitCodeProviding {
      self.init(String(describing: error), exitCode: error.exitCode)
    } else {
      self.init("unexpected error: \(String(reflecting: error)); please report it", exitCode: .software)
    }
  }

  /// A wrong command line.
  public static func usage(_ message: String) -> CommandError { CommandError(message, exitCode: .usage) }

  /// A wrong command line, with the command that shows how it should be.
  static func usage(_ message: String, help command: String) -> CommandError {
    .usage(message + (message.hasSuffix("?") ? " " : "; ") + "see '\(command)'")
  }

  public var description: String { message }
}

/// An error that knows how a command which meets it should end. Its description must be one clear line.
public protocol ExitCodeProviding: Error {
  var exitCode: ExitCode { get }
}

/// Runs library code inside a verb: whatever it throws becomes a ``CommandError``.
public func commandErrors<Result>(_ body: () throws -> Result) throws(CommandError) -> Result {
  do {
    return try body()
  } catch {
    throw CommandError(error)
  }
}
