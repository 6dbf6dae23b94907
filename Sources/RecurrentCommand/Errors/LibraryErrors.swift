public import RecurrentCore
public import RecurrentNN
public import RecurrentReports

// How the command ends on each of the library's errors.

extension FileError: ExitCodeProviding {
  public var exitCode: ExitCode {
    switch category {
    case .noInput: .noInput
    case .tooLarge: .data
    case .cannotCreate: .cannotCreate
    case .inputOutput: .inputOutput
    }
  }
}

extension JSONError: ExitCodeProviding {
  public var exitCode: ExitCode { .data }
}

/// Sizes and merges come from options.
extension ModelConfigurationError: ExitCodeProviding {
  public var exitCode: ExitCode { .usage }
}
