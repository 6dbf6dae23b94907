public import Recurrent

/// What can go wrong with a forecaster: one of the package's own errors, or a model directory that is not one.
public enum ForecastError: Error, Sendable, CustomStringConvertible {
  /// The table, or what was asked of it.
  case data(DataError)
  /// Layers that do not fit together.
  case configuration(ModelConfigurationError)
  /// Options, a saved state, or a loss or gradient that is not finite.
  case training(TrainingError)
  /// `path` in a model directory: what was found, what was expected, and what to do.
  case model(path: String, found: String, expected: String, remedy: String)
  /// No finished run in a folder, or no folder; whether a run there was interrupted.
  case noModel(path: String, isInterrupted: Bool)
  /// A file of the folder that cannot be read or written.
  case file(FileError)
  /// A file of the folder that is no safetensors file, or lacks a tensor.
  case tensors(path: String, SafeTensorsError)

  public var description: String {
    switch self {
    case .data(let error): error.description
    case .configuration(let error): error.description
    case .training(let error): error.description
    case .model(let path, let found, let expected, let remedy):
      "\(path): found \(found), expected \(expected); \(remedy)"
    case .noModel(let path, true):
      "\(path): a run that is not finished, expected a model; go on with 'train forecast' and --resume"
    case .noModel(let path, false):
      "\(path): no model, expected the folder that 'recurrent train forecast -o' made, with model.safetensors in it; check the path: the model comes before the file"
    case .file(let error): error.description
    case .tensors(let path, let error): "\(path): \(error)"
    }
  }
}

/// An error of the package that has a place among a forecaster's.
protocol ForecastFailure: Error {
  var asForecastError: ForecastError { get }
}

extension DataError: ForecastFailure {
  var asForecastError: ForecastError { .data(self) }
}

extension ModelConfigurationError: ForecastFailure {
  var asForecastError: ForecastError { .configuration(self) }
}

extension TrainingError: ForecastFailure {
  var asForecastError: ForecastError { .training(self) }
}

extension FileError: ForecastFailure {
  var asForecastError: ForecastError { .file(self) }
}

/// Runs `body`, which throws errors of one type, and wraps them.
func forecastErrors<Result, Failure: ForecastFailure>(
  _ failure: Failure.Type, _ body: () throws(Failure) -> Result
) throws(ForecastError) -> Result {
  do {
    return try body()
  } catch {
    throw error.asForecastError
  }
}
