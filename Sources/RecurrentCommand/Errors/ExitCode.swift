/// How the command ends: `sysexits.h`, with 1 for a negative answer and 128 + n for signal n.
public enum ExitCode: Int32, Sendable, CaseIterable {
  case success = 0
  /// The work was done and the answer is no: a check failed, a comparison differs.
  case failure = 1
  /// The command line is wrong (EX_USAGE).
  case usage = 64
  /// The input's contents are wrong (EX_DATAERR).
  case data = 65
  /// An input is missing or cannot be read (EX_NOINPUT).
  case noInput = 66
  /// A bug in this program (EX_SOFTWARE).
  case software = 70
  /// An output cannot be created (EX_CANTCREAT).
  case cannotCreate = 73
  /// Reading or writing failed half-way: a full disk, a broken device (EX_IOERR).
  case inputOutput = 74
  /// It may work later (EX_TEMPFAIL).
  case temporary = 75
  /// A configuration file or environment variable is wrong (EX_CONFIG).
  case configuration = 78
  /// Stopped by SIGINT; what learns is saved first.
  case interrupted = 130
  /// Whoever read the standard output closed it.
  case brokenPipe = 141
  /// Stopped by SIGTERM; what learns is saved first.
  case terminated = 143

  /// One line for help pages.
  public var meaning: String {
    switch self {
    case .success: "done"
    case .failure: "done, and the answer is no: a check failed"
    case .usage: "the command line is wrong"
    case .data: "the contents of an input are wrong"
    case .noInput: "an input is missing or cannot be read"
    case .software: "a bug in this program; please report it"
    case .cannotCreate: "an output cannot be created"
    case .inputOutput: "reading or writing failed, for instance on a full disk"
    case .temporary: "a passing condition; try again"
    case .configuration: "a configuration or environment variable is wrong"
    case .interrupted: "stopped by SIGINT (Ctrl-C); a run in training is saved first"
    case .brokenPipe: "whoever read the standard output closed it"
    case .terminated: "stopped by SIGTERM; a run in training is saved first"
    }
  }
}
