internal import Recurrent
internal import RecurrentReports
internal import RecurrentTasks

/// The states that `hmm decode` found, of a model or of a tagger, and how they are printed.
struct MarkovDecoding {
  /// The states' names.
  let names: [String]
  /// Of each sequence its paths, the best first; a score that is no number: there is none.
  let paths: [[ChainPath]]

  func print(_ arguments: ParsedArguments, _ data: MarkovData, _ console: Console) throws(CommandError) {
    let words =
      arguments[MarkovDecodeVerb.words]
      ? data.words(missing: arguments[MarkovInputOptions.missing]) : nil
    if arguments[StandardOptions.json] { return try console.print(document(words)) }
    try console.print(words.map(columns) ?? lines(isNumbered: arguments.isGiven(MarkovDecodeVerb.best)))
  }

  /// A line for each path.
  private func lines(isNumbered: Bool) -> String {
    let names = names.map { columnText($0, hasSpaces: false) }
    var lines: [String] = []
    for (number, paths) in paths.enumerated() {
      for path in paths {
        let states = path.states.map { names[$0] }.joined(separator: " ")
        lines.append(isNumbered ? "\(number + 1)\t\(path.score)\t\(states)" : states)
      }
    }
    return lines.joined(separator: "\n")
  }

  /// A line for each word, an empty one between sequences: columns that CoNLL readers know, in which there is no sequence
  /// without a word.
  private func columns(_ words: [[String?]]) -> String {
    let names = names.map { columnText($0) }
    let blocks = zip(words, paths).compactMap { words, paths -> String? in
      guard let path = paths.first, !words.isEmpty else { return nil }
      return zip(words, path.states).map { "\(columnText($0 ?? ""))\t\(names[$1])" }.joined(separator: "\n")
    }
    return blocks.joined(separator: "\n\n")
  }

  private func document(_ words: [[String?]]?) -> JSONDocument {
    let values = names.map { JSONValue.string($0) }
    let sequences = paths.enumerated().map { number, paths -> JSONValue in
      let found = paths.map { path -> JSONValue in
        [
          "states": .array(path.states.map { values[$0] }),
          "log_probability": path.score.isFinite ? .number(path.score) : .null,
        ]
      }
      var members: [String: JSONValue] = ["paths": .array(found)]
      if let words {
        members["words"] = .array(words[number].map { word in word.map { JSONValue.string($0) } ?? .null })
      }
      return .object(members)
    }
    return JSONDocument(verb: "hmm decode", ["sequences": .array(sequences)])
  }
}

extension MarkovData {
  /// What the steps show, as it stands in the file; `nil`: numbers. A missing cell of a table has no text.
  fileprivate func words(missing: String?) -> [[String?]]? {
    guard case .symbols(let sequences) = content else { return nil }
    return sequences.map { $0.map { $0 ?? missing } }
  }
}
