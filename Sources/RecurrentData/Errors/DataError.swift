/// Everything that can be wrong with data, a data file, or what was asked of it.
///
/// The payload says what was found in a form that code can test; `description` says it to a person in one line:
/// place, finding, expectation, remedy. Remedies name the options of the `recurrent` command; the library's parameters
/// have the same names.
public enum DataError: Error, Equatable, Sendable {
  /// The file cannot be had at all.
  case file(FileFault, path: String)
  /// The file is compressed and its compressed form is damaged.
  case gzip(GzipFault, at: Place)
  /// The text is not the table it should be.
  case text(TextFault, at: Place)
  /// A column, or a value in one, is not what it should be.
  case column(ColumnFault, at: Place)
  /// The time stamps are unreadable or not regular.
  case time(TimeFault, at: Place)
  /// A token, or a vocabulary, is not what it should be.
  case vocabulary(VocabularyFault, at: Place)
  /// A file of tagged, labelled or measured sequences is not what it should be.
  case sequence(SequenceFault, at: Place)
  /// What was asked for does not fit the data, or makes no sense.
  case setup(SetupFault)

  /// Where in a file something was found. Lines and columns count from 1; a column counts Unicode scalars.
  public struct Place: Equatable, Sendable, CustomStringConvertible {
    /// The file's path, or the name given to the text.
    public var source: String
    /// Nil where the whole file is meant, or compressed data.
    public var line: Int?
    /// Nil where the whole line is meant.
    public var column: Int?
    /// Byte offset from 0, for compressed data, which has no lines.
    public var byte: Int?

    /// A place in a file; by default the whole file.
    public init(_ source: String, line: Int? = nil, column: Int? = nil, byte: Int? = nil) {
      (self.source, self.line, self.column, self.byte) = (source, line, column, byte)
    }

    /// `file`, `file:line`, `file:line:column` or `file: byte n`.
    public var description: String {
      var text = source
      if let line { text += ":\(line)" }
      if let column, line != nil { text += ":\(column)" }
      if let byte { text += ": byte \(byte)" }
      return text
    }
  }

  /// What kind of mistake it is, so that a command can choose its exit status (`sysexits.h`).
  public enum Category: Sendable {
    /// The request is wrong: an unknown column, a horizon of 0.
    case usage
    /// The data are wrong.
    case badData
    /// The input does not exist or cannot be read.
    case noInput

    /// EX_USAGE 64, EX_DATAERR 65, EX_NOINPUT 66.
    public var exitCode: Int32 {
      switch self {
      case .usage: 64
      case .badData: 65
      case .noInput: 66
      }
    }
  }

  /// Whose mistake it is.
  public var category: Category { fault.category }

  /// Where it was found; nil for a fault that does not know the file.
  public var place: Place? {
    switch self {
    case .file(_, let path): Place(path)
    case .gzip(_, let place), .text(_, let place), .column(_, let place), .time(_, let place),
      .vocabulary(_, let place), .sequence(_, let place):
      place
    case .setup(.otherStep(_, _, let source)): Place(source)
    case .setup: nil
    }
  }

  private var fault: any DataFault {
    switch self {
    case .file(let fault, _): fault
    case .gzip(let fault, _): fault
    case .text(let fault, _): fault
    case .column(let fault, _): fault
    case .time(let fault, _): fault
    case .vocabulary(let fault, _): fault
    case .sequence(let fault, _): fault
    case .setup(let fault): fault
    }
  }
}

extension DataError: CustomStringConvertible {
  /// One line: `place: finding; expected expectation; remedy`.
  public var description: String { line(fault.explanation.remedy) }

  /// The same line for a verb that has only some options: a remedy that names another one gives way to what can be done
  /// without.
  ///
  /// - Parameter options: as they are typed, `--time`.
  public func description(options: Set<String>) -> String {
    let words = fault.explanation
    let named = words.remedy.split { !($0 == "-" || $0.isLetter) }.filter { $0.hasPrefix("--") }
    return line(named.allSatisfy { options.contains(String($0)) } ? words.remedy : words.plainRemedy)
  }

  private func line(_ remedy: String) -> String {
    let words = fault.explanation
    let line = "\(words.finding); expected \(words.expectation); \(remedy)"
    guard let place else { return line }
    return "\(oneLine(place.description)): \(line)"
  }
}

/// The parts of an error line that depend on the fault.
struct Explanation {
  let finding: String
  let expectation: String
  let remedy: String
  /// What is left to do where an option that `remedy` names cannot be given.
  var plainRemedy = "mend the file"
}

/// A fault explains itself and says whose mistake it is.
protocol DataFault: Equatable, Sendable {
  var explanation: Explanation { get }
  var category: DataError.Category { get }
}
