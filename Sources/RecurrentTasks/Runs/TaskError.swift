public import Recurrent

/// What can go wrong with a task: one of the package's own errors, or a run's folder that is not one.
public enum TaskError: Error, Sendable, CustomStringConvertible {
  /// The data, or what was asked of them.
  case data(DataError)
  /// Layers that do not fit together.
  case configuration(ModelConfigurationError)
  /// Options, a saved state, or a loss or gradient that is not finite.
  case training(TrainingError)
  /// `path` in a model directory: what was found, what was expected, and what to do.
  case model(path: String, found: String, expected: String, remedy: String)
  /// No finished run in a folder, or no folder; whether a run there was interrupted, and the verb that makes one.
  case noModel(path: String, isInterrupted: Bool, verb: String)
  /// The folder of a model that does something else.
  case otherModel(path: String, found: RunKind, expected: RunKind)
  /// A text or a set of sequences that cannot be learned from.
  case text(TextTaskFault)
  /// A model whose hidden states cannot be asked for, and why.
  case encoder(String)
  /// A file of the folder that cannot be read or written.
  case file(FileError)
  /// A file of the folder that is no safetensors file, or lacks a tensor.
  case tensors(path: String, SafeTensorsError)

  public var description: String {
    switch self {
    case .data(let error): error.description
    case .configuration(let error): error.description
    case .training(let error): error.description
    case .text(let fault): fault.description
    case .model(let path, let found, let expected, let remedy):
      "\(path): found \(found), expected \(expected); \(remedy)"
    case .noModel(let path, true, let verb):
      "\(path): a run that is not finished, expected a model; go on with '\(verb)' and --resume"
    case .noModel(let path, false, let verb):
      "\(path): no model, expected the folder that 'recurrent \(verb) -o' made, with model.safetensors in it; check the path: the model comes before the file"
    case .otherModel(let path, let found, let expected):
      "\(path): found the folder of \(found.name), expected that of \(expected.name); use \(found.verbs) with it"
    case .encoder(let reason):
      "the model: \(reason), expected one with a recurrent layer; train one with 'train lm' or 'train fill'"
    case .file(let error): error.description
    case .tensors(let path, let error): "\(path): \(error.finding); restore the file, or train again"
    }
  }
}

/// An error of the package that has a place among a task's.
package protocol TaskFailure: Error {
  var asTaskError: TaskError { get }
}

extension DataError: TaskFailure {
  package var asTaskError: TaskError { .data(self) }
}

extension ModelConfigurationError: TaskFailure {
  package var asTaskError: TaskError { .configuration(self) }
}

extension TrainingError: TaskFailure {
  package var asTaskError: TaskError { .training(self) }
}

extension FileError: TaskFailure {
  package var asTaskError: TaskError { .file(self) }
}

/// Runs `body`, which throws errors of one type, and wraps them.
package func taskErrors<Result, Failure: TaskFailure>(
  _ failure: Failure.Type, _ body: () throws(Failure) -> Result
) throws(TaskError) -> Result {
  do {
    return try body()
  } catch {
    throw error.asTaskError
  }
}
