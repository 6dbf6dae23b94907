#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Glibc)
  internal import Glibc
#endif

/// recurrent-benchmarks [--json] [--seconds S] [peak] [product] [step] [sweep] [directions] [allocations]
struct Options {
  static let groups = ["peak", "product", "step", "sweep", "directions", "allocations"]

  /// The groups of figures to make; all where none is named.
  var chosen: Set<String> = []
  /// Seconds for each group of subjects.
  var seconds = 2.0
  var asJSON = false

  init(_ arguments: [String]) {
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      switch argument {
      case "--json": asJSON = true
      case "--seconds":
        guard let value = rest.popFirst().flatMap(Double.init), value > 0 else {
          leave(64, "--seconds needs a number above 0")
        }
        seconds = value
      case _ where Self.groups.contains(argument): chosen.insert(argument)
      default:
        leave(64, "'\(argument)' is none of --json, --seconds, \(Self.groups.joined(separator: ", "))")
      }
    }
    if chosen.isEmpty { chosen = Set(Self.groups) }
  }
}

/// Ends the program with a line on standard error.
func leave(_ code: Int32, _ text: String) -> Never {
  let line = "recurrent-benchmarks: \(text)\n"
  _ = line.withCString { write(2, $0, line.utf8.count) }
  exit(code)
}
