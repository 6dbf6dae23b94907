internal import RecurrentCore

/// How many threads a verb computes on: one meaning of `--threads` for all of them.
package enum ThreadCount {
  /// Cores that this process may use.
  package static var cores: Int { availableCores() }

  /// An option `--threads`; without it, all cores.
  static func option(_ help: String) -> Option<Int?> {
    Option("threads", .integer(in: 1...1024), absent: "all cores", help: help)
  }

  /// What the option says, or all cores; warns where that is more than there are.
  static func read(_ option: Option<Int?>, _ arguments: ParsedArguments, _ console: Console) -> Int {
    let threads = arguments[option] ?? cores
    warn(threads, console)
    return threads
  }

  /// Warns where there are fewer cores than threads. It is no error: results do not depend on threads.
  static func warn(_ threads: Int, _ console: Console) {
    guard threads > cores else { return }
    console.warn(
      "\(threads) threads on the \(cores == 1 ? "one core" : "\(cores) cores") that this process may use take turns, which is slower; results are the same"
    )
  }
}
