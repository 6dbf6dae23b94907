/// What went wrong with a file, where, and what to do about it.
///
/// The text never depends on the locale: the reason is looked up here, not asked of the C library.
public struct FileError: Error, Sendable, Hashable {
  /// The step that failed.
  public enum Operation: String, Sendable, Hashable {
    /// Opening what is there.
    case open
    /// Reading bytes.
    case read
    /// Making a new file.
    case create
    /// Writing bytes.
    case write
    /// Making bytes or names durable.
    case synchronize
    /// Putting a whole file in its place.
    case rename
    /// Closing it.
    case close
  }

  /// What kind of failure it is; a command maps it to its exit code.
  public enum Category: String, Sendable, Hashable {
    /// An input that is missing, is a directory, or may not be read.
    case noInput
    /// An input larger than the caller's limit.
    case tooLarge
    /// An output that cannot be created where it was asked for.
    case cannotCreate
    /// A device that failed or is full while reading or writing.
    case inputOutput
  }

  /// The step that failed.
  public let operation: Operation
  /// The file that was asked for, as the caller wrote it.
  public let path: String
  /// The system's error number, 0 where the check was made here.
  public let code: Int32
  /// What kind of failure it is.
  public let category: Category
  /// What was found.
  public let reason: String
  /// What to do.
  public let remedy: String

  /// Describes a failure.
  public init(
    operation: Operation, path: String, code: Int32, category: Category, reason: String, remedy: String
  ) {
    self.operation = operation
    self.path = path
    self.code = code
    self.category = category
    self.reason = reason
    self.remedy = remedy
  }
}

extension FileError: CustomStringConvertible {
  /// One line: path, step, reason, remedy.
  public var description: String {
    "\(path): cannot \(operation.rawValue): \(reason); \(remedy)"
  }
}
