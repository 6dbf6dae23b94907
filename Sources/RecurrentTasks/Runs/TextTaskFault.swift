internal import RecurrentCore
internal import RecurrentData

/// Why a text, or a set of labelled sequences, cannot be learned from. `description` is one line: where, what was found, what was
/// expected and what to do.
public enum TextTaskFault: Error, Sendable, Hashable, CustomStringConvertible {
  /// Too few tokens for one window of every row of a batch.
  case tooShort(source: String, tokens: Int, expected: Int, rows: Int, steps: Int)
  /// No sentence with a token that could be learned from, or scored.
  case noToken(source: String)
  /// A text of a single different token, beside the one that stands for unknown ones; `nil`: of none.
  case oneToken(source: String, token: String?)
  /// A layer that reads from the end, so that the network would see what it is asked for: "the frame".
  case seesItsTarget(what: String)
  /// A part of a file of music in which nothing has a frame.
  case noFrames(source: String, part: String)
  /// Examples that all have one label.
  case oneClass(source: String, label: String)
  /// More classes than their confusions are counted of.
  case tooManyClasses(source: String, found: Int, most: Int)
  /// A label that no example had from which the model learned.
  case unseenLabel(place: String, label: String, nearest: String?, known: [String])
  /// Texts for a model of series, or the other way round.
  case otherKind(source: String, found: String, expected: String)
  /// Series of another number of channels than the model's.
  case otherChannels(source: String, found: Int, expected: Int)
  /// A column asked for by name of a table that is said to have no header.
  case columnWithoutHeader(source: String, column: String)
  /// So few examples that a part of them has none: "to learn from".
  case tooFewExamples(source: String, examples: Int, part: String)
  /// A text of more tokens than are read at once.
  case tooLong(source: String, tokens: Int, most: Int)
  /// A network whose directions are merged before their ends are read.
  case noEnds

  public var description: String {
    switch self {
    case .tooShort(let source, let tokens, let expected, let rows, let steps):
      "\(source): found \(tokens) tokens to learn from, expected at least \(expected), a window of \(steps) for each of the batch's \(rows) rows; give more text, or a smaller --batch\(tokens > steps ? ", as \((tokens - 1) / steps)," : "") or --steps"
    case .oneToken(let source, let token):
      token.map {
        "\(source): found no token but \(quoted($0)), expected two different ones at least; give another text, or another --unit"
      }
        ?? "\(source): found no token as often as --minimum-count asks for, expected two different ones at least; give a smaller one, or more text"
    case .noToken(let source):
      "\(source): found no sentence with a token to learn from or to score, expected one at least; give more text, or hold less of it out"
    case .seesItsTarget(let what):
      "the network has a layer that reads from the end, expected forward layers, since it would see \(what) that it is asked for; give --hidden one size a layer"
    case .noFrames(let source, let part):
      "\(source): part '\(part)' has no piece with a frame, expected one at least; put pieces into it"
    case .oneClass(let source, let label):
      "\(source): found no label but \(quoted(label)), expected two different ones at least; check --label-column"
    case .tooManyClasses(let source, let found, let most):
      "\(source): found \(found) different labels, expected at most \(most); is it the column of the texts? name that of the labels by --label-column"
    case .unseenLabel(let place, let label, let nearest, let known):
      "\(place): found the label \(quoted(label)), which the model has never seen, expected one of \(Self.few(known)); \(nearest.map { "did you mean \(quoted($0))?" } ?? "correct it, leave the example out, or check --label-column")"
    case .otherKind(let source, let found, let expected):
      "\(source): found \(found), expected \(expected), which the model was trained on; \(expected == "series" ? "give a .ts file" : "give a text or a table")"
    case .otherChannels(let source, let found, let expected):
      "\(source): found series of \(found) channels, expected \(expected), as the model was trained on; give a file of the same measurements"
    case .columnWithoutHeader(let source, let column):
      "\(source): the column \(quoted(column)) is asked for by name, expected a number since the table is said to have no header; count the columns from 1, or give --header yes"
    case .tooFewExamples(let source, let examples, let part):
      "\(source): found \(examples) \(examples == 1 ? "example" : "examples") that differ, which leaves none \(part), expected one at least in each part; give more examples, or other shares with --validation-share and --test-share (0: no such part)"
    case .tooLong(let source, let tokens, let most):
      "\(source): found a text of \(tokens) tokens, expected at most \(most), since all steps of a text are in memory at once; cut it into lines, or train with --first-tokens"
    case .noEnds:
      "the final states of merged directions cannot be told apart, expected directions side by side; give --merge concatenate, or --pooling mean or maximum"
    }
  }

  /// - Throws: ``oneToken(source:token:)`` where a vocabulary leaves nothing to predict.
  static func requireTokens(_ vocabulary: Vocabulary, source: String) throws(TaskError) {
    let known = vocabulary.tokens.enumerated().filter { $0.offset != vocabulary.unknown }.map(\.element)
    if known.count < 2 { throw .text(.oneToken(source: source, token: known.first)) }
  }

  private static func few(_ names: [String]) -> String {
    names.prefix(8).map(quoted).joined(separator: ", ")
      + (names.count > 8 ? " and \(names.count - 8) more" : "")
  }
}
