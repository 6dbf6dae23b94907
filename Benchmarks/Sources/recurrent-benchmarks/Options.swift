internal import RecurrentTasks

#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Glibc)
  internal import Glibc
#endif

/// recurrent-benchmarks [--json] [--seconds S] [--figures DIR] [peak] [product] [directions] [laws] [tables] [stages] [markov] [memory] [segments] [allocations]
/// recurrent-benchmarks cases [T1 … H1.score …] --data DIR [--threads 1,2] [--json] [--seconds S] [--serve]
struct Options {
  static let groups = [
    "peak", "product", "directions", "laws", "tables", "stages", "markov", "memory", "segments",
    "allocations",
  ]

  /// The groups of figures to make; all where none is named.
  var chosen: Set<String> = []
  /// Seconds for each group of subjects.
  var seconds = 2.0
  var asJSON = false
  /// Named cases to time, in place of groups; all of networks where `cases` stands alone.
  var cases: [String] = []
  static let caseNames = BenchCase.all.map(\.name)
  /// The folder that `peers/export.py` wrote the cases to.
  var data: String?
  /// The folder that charts of the cost laws go to.
  var figures: String?
  /// Each case runs on each of these numbers of threads.
  var threads = [1, 2]
  /// Whether one case answers requests for samples on standard input.
  var serves = false

  init(_ arguments: [String]) {
    var rest = arguments[...]
    var wantsCases = false
    while let argument = rest.popFirst() {
      switch argument {
      case "--json": asJSON = true
      case "--seconds":
        guard let value = rest.popFirst().flatMap(Double.init), value > 0 else {
          leave(64, "--seconds needs a number above 0")
        }
        seconds = value
      case "--data":
        guard let value = rest.popFirst() else { leave(64, "--data needs a folder") }
        data = value
      case "--figures":
        guard let value = rest.popFirst() else { leave(64, "--figures needs a folder") }
        figures = value
      case "--threads":
        let numbers = rest.popFirst()?.split(separator: ",").map { Int($0) } ?? []
        threads = numbers.compactMap { $0 }.filter { $0 > 0 }
        guard !threads.isEmpty, threads.count == numbers.count else {
          leave(64, "--threads needs numbers above 0 with commas between")
        }
      case "--serve": serves = true
      case "cases": wantsCases = true
      case _ where (Self.caseNames + ChainCase.names).contains(argument): cases.append(argument)
      case _ where Self.groups.contains(argument): chosen.insert(argument)
      default:
        let known =
          ["--json", "--seconds", "--data", "--figures", "--threads", "--serve", "cases"] + Self.groups
          + Self.caseNames + ChainCase.names
        leave(64, "'\(argument)' is none of \(known.joined(separator: ", "))")
      }
    }
    if wantsCases && cases.isEmpty { cases = Self.caseNames }
    if !cases.isEmpty && !chosen.isEmpty {
      leave(64, "cases are timed alone: leave out \(chosen.sorted().joined(separator: ", "))")
    }
    if serves && (cases.count != 1 || threads.count != 1) {
      leave(64, "--serve needs one case and one number of threads")
    }
    if !serves, let name = cases.first(where: ChainCase.names.contains) {
      leave(64, "\(name) is timed by itself with --serve only; the group markov times all like it")
    }
    if chosen.isEmpty && cases.isEmpty { chosen = Set(Self.groups) }
  }
}

/// Writes a line to standard output, at once.
func writeLine(_ text: String) {
  print(text)
  fflush(nil)
}

/// Ends the program with a line on standard error.
func leave(_ code: Int32, _ text: String) -> Never {
  let line = "recurrent-benchmarks: \(text)\n"
  _ = line.withCString { write(2, $0, line.utf8.count) }
  exit(code)
}
