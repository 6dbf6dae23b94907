internal import Recurrent
internal import RecurrentReports

/// The states that `hmm decode` found, of a model or of a tagger, and how they are printed.
struct MarkovDecoding {
  /// The states' names.
  let names: [String]
  /// Of each sequence its paths, the best first; a score that is no number: there is none.
  let paths: [[ChainPath]]

  func print(_ arguments: ParsedArguments, _ console: Console) throws(CommandError) {
    if arguments[StandardOptions.json] { return try console.print(document) }
    let isNumbered = arguments.isGiven(MarkovDecodeVerb.best)
    var lines: [String] = []
    for (number, paths) in paths.enumerated() {
      for path in paths {
        let states = path.states.map { names[$0] }.joined(separator: " ")
        lines.append(isNumbered ? "\(number + 1)\t\(path.score)\t\(states)" : states)
      }
    }
    try console.print(lines.joined(separator: "\n"))
  }

  private var document: JSONDocument {
    let values = names.map { JSONValue.string($0) }
    let sequences = paths.map { paths -> JSONValue in
      let found = paths.map { path -> JSONValue in
        [
          "states": .array(path.states.map { values[$0] }),
          "log_probability": path.score.isFinite ? .number(path.score) : .null,
        ]
      }
      return ["paths": .array(found)]
    }
    return JSONDocument(verb: "hmm decode", ["sequences": .array(sequences)])
  }
}
