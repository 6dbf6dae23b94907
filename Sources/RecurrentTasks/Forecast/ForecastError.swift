public import Recurrent

/// What can go wrong with a forecaster: one of the package's own errors, or a model directory that is not one.
public enum ForecastError: Error, Sendable, CustomStringConvertible {
  case data(DataError)
  case configuration(ModelConfigurationError)
  case training(TrainingError)
  /// `path` in a model directory: what was found, what was expected, and what to do.
  case model(path: String, found: String, expected: String, remedy: String)
  case file(FileError)
  case tensors(path: String, SafeTensorsError)

  public var description: String {
    switch self {
    case .data(let error): error.description
    case .configuration(let error): error.description
    case .training(let error): error.description
    case .model(let path, let found, let expected, let remedy):
      "\(path): found \(found), expected \(expected); \(remedy)"
    case .file(let error): error.description
    case .tensors(let path, let error): "\(path): \(error)"
    }
  }
}

/// Runs `body`, wrapping the package's errors.
func forecastErrors<Result>(_ body: () throws -> Result) throws(ForecastError) -> Result {
  do {
    return try body()
  } catch let error as ForecastError {
    throw error
  } catch let error as DataError {
    throw .data(error)
  } catch let error as ModelConfigurationError {
    throw .configuration(error)
  } catch let error as TrainingError {
    throw .training(error)
  } catch let error as FileError {
    throw .file(error)
  } catch {
    preconditionFailure("forecast: an error of another kind: \(error)")
  }
}
