public import RecurrentCore
public import RecurrentData
public import RecurrentHMM
public import RecurrentNN
public import RecurrentReports
package import RecurrentReproductions
public import RecurrentTasks
public import RecurrentTraining

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

extension DataError: ExitCodeProviding {
  public var exitCode: ExitCode {
    switch category {
    case .usage: .usage
    case .badData: .data
    case .noInput: .noInput
    }
  }
}

/// Options come from the command line; numbers that are not finite come from the data or the rate.
extension TrainingError: ExitCodeProviding {
  public var exitCode: ExitCode {
    switch self {
    case .option: .usage
    default: .data
    }
  }
}

extension CheckpointError: ExitCodeProviding {
  public var exitCode: ExitCode {
    if case .file(let error) = problem { error.exitCode } else { .data }
  }
}

/// As ``commandErrors(_:)``, for work on one file: an error about the data that does not say where gets the file's name.
func commandErrors<Result>(about path: String, _ body: () throws -> Result) throws(CommandError) -> Result {
  do {
    return try body()
  } catch {
    guard let fault = dataError(in: error), fault.place == nil, fault.category == .badData else {
      throw CommandError(error)
    }
    throw CommandError("\(path): \(fault)", exitCode: fault.exitCode)
  }
}

extension TaskError: ExitCodeProviding {
  public var exitCode: ExitCode {
    switch self {
    case .data(let error): error.exitCode
    case .configuration(let error): error.exitCode
    case .training(let error): error.exitCode
    case .file(let error): error.exitCode
    case .noModel: .noInput
    case .model, .otherModel, .tensors, .text, .encoder: .data
    }
  }
}

/// The model, the prompt and the options come from the command line.
extension TextGenerator.Problem: ExitCodeProviding {
  public var exitCode: ExitCode {
    switch self {
    case .seesItsTarget, .emptyPrompt, .unknownClass: .usage
    case .prompt(let error): error.exitCode
    }
  }
}

/// As of a prompt: text and marker come from the command line, or the verb says where they stand.
extension TextFiller.Problem: ExitCodeProviding {
  public var exitCode: ExitCode {
    switch self {
    case .emptyMarker: .usage
    case .emptyText, .noGap: .data
    case .token(let error): error.exitCode
    }
  }
}

/// Question, layer and units come from the command line, and so may the text.
extension ExplanationProblem: ExitCodeProviding {
  public var exitCode: ExitCode {
    switch self {
    case .noSuchToken, .noSuchHorizon, .unknownClass, .question, .noSuchUnit, .noSuchLayer: .usage
    case .noToken, .tooLong, .notRecurrent: .data
    case .data(let error): error.exitCode
    case .task(let error): error.exitCode
    }
  }
}

extension MarkovError: ExitCodeProviding {
  public var exitCode: ExitCode { .data }
}

extension MarkovFileError: ExitCodeProviding {
  public var exitCode: ExitCode { .data }
}

extension HMMError: ExitCodeProviding {
  public var exitCode: ExitCode { .data }
}

extension ReproductionDataError: ExitCodeProviding {
  package var exitCode: ExitCode { .data }
}
