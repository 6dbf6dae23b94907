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
  /// What was made of it cannot be set aside in a temporary file in `folder`; the system says why.
  case scratch(folder: String, reason: String)
  /// It was not the same when it was read for the second time.
  case changed
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
    case .scratch(let folder, let reason):
      Explanation(
        finding: "the text cannot be set aside in \(quoted(folder)) (\(oneLine(reason)))",
        expectation: "room for a temporary file",
        remedy: "free some space there, or name another folder in the environment's TMPDIR")
    case .changed:
      Explanation(
        finding: "the file changed while it was read", expectation: "the same bytes in two readings",
        remedy: "wait until nothing writes to it, or read a copy")
    }
  }
}
