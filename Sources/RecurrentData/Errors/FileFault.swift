/// Why a file could not be read at all.
public enum FileFault: Equatable, Sendable {
  /// There is no file of that name.
  case missing
  /// It is a folder.
  case directory
  /// The system does not let it be read, and says why.
  case unreadable(reason: String)
  /// Larger than the reader's limit, in bytes.
  case tooLarge(limit: Int)
}

extension FileFault: DataFault {
  var category: DataError.Category { .noInput }

  var explanation: Explanation {
    switch self {
    case .missing:
      Explanation(
        finding: "there is no such file", expectation: "a file with data",
        remedy: "check the path and its spelling")
    case .directory:
      Explanation(
        finding: "this is a directory", expectation: "a file with data",
        remedy: "name one file in it")
    case .unreadable(let reason):
      Explanation(
        finding: "the file cannot be read (\(oneLine(reason)))", expectation: "a readable file",
        remedy: "check its permissions")
    case .tooLarge(let limit):
      Explanation(
        finding: "the file is larger than \(grouped(limit)) bytes", expectation: "at most that many",
        remedy: "cut it into parts or keep fewer columns")
    }
  }
}
