internal import RecurrentData
internal import RecurrentTasks

/// Runs work of a verb that uses a model on a file. What is asked of the file was settled when the model was trained, so
/// whatever is wrong with its data is the file's fault, and a remedy names only options of this verb.
///
/// - Parameter options: those that mean something here, where the verb has others besides; `nil`: all of the verb's.
func laterFileErrors<Result>(
  _ arguments: ParsedArguments, about path: String, options: Set<String>? = nil, _ body: () throws -> Result
) throws(CommandError) -> Result {
  try commandErrors(about: path) {
    do {
      return try body()
    } catch {
      guard let fault = dataError(in: error), fault.category != .noInput else { throw error }
      let line = fault.aboutLaterFile.description(options: options ?? arguments.optionNames)
      throw CommandError(fault.place == nil ? "\(path): \(line)" : line, exitCode: .data)
    }
  }
}

/// The error about data that an error is, or wraps.
func dataError(in error: any Error) -> DataError? {
  if case .data(let inner)? = error as? TaskError { inner } else { error as? DataError }
}
