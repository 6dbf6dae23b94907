extension CommandLineTool {
  /// Runs the process's own command line. Signals are heard from here on.
  public func runProcess() -> ExitCode {
    StopRequest.endProcessByDefault()
    let console = Console()
    do throws(CommandError) {
      return run(try Self.texts(of: Self.processArguments), console: console)
    } catch {
      console.report(error)
      return error.exitCode
    }
  }

  /// The bytes of each argument, without the program's name.
  private static var processArguments: [[UInt8]] {
    (1..<max(1, Int(CommandLine.argc))).compactMap { place in
      CommandLine.unsafeArgv[place].map { argument in
        var bytes: [UInt8] = []
        var next = argument
        while next.pointee != 0 {
          bytes.append(UInt8(bitPattern: next.pointee))
          next += 1
        }
        return bytes
      }
    }
  }

  /// Arguments as text. What is not UTF-8 would become another text, and the name of a file that is not there.
  ///
  /// - Throws: ``ExitCode/usage`` for bytes that are not UTF-8.
  static func texts(of arguments: [[UInt8]]) throws(CommandError) -> [String] {
    var texts: [String] = []
    for (place, bytes) in arguments.enumerated() {
      guard let text = String(validating: bytes, as: UTF8.self) else {
        throw .usage(
          "argument \(place + 1): found '\(String(decoding: bytes, as: UTF8.self))' with bytes that are not UTF-8, expected text in UTF-8; set the terminal to UTF-8, or rename the file"
        )
      }
      texts.append(text)
    }
    return texts
  }
}
