/// Why a text, or a set of labelled sequences, cannot be learned from. `description` is one line: where, what was found, what was
/// expected and what to do.
public enum TextTaskFault: Error, Sendable, Hashable, CustomStringConvertible {
  /// Too few tokens for one window of every row of a batch.
  case tooShort(source: String, tokens: Int, expected: Int, rows: Int, steps: Int)
  /// No sentence with a token that could be learned from, or scored.
  case noToken(source: String)
  /// A line that is none of the cloze data's.
  case notCloze(source: String, line: Int)
  /// A layer that reads from the end, so that the network would see what it is asked for: "the frame".
  case seesItsTarget(what: String)
  /// A part of a file of music in which nothing has a frame.
  case noFrames(source: String, part: String)

  public var description: String {
    switch self {
    case .tooShort(let source, let tokens, let expected, let rows, let steps):
      "\(source): found \(tokens) tokens to learn from, expected at least \(expected), a window of \(steps) for each of the batch's \(rows) rows; give more text, or a smaller --batch or --steps"
    case .notCloze(let source, let line):
      "\(source):\(line): found no number and sentence with '|||' between them, expected a line of the CFT data; give --data the folder in which cft.zip was unpacked"
    case .noToken(let source):
      "\(source): found no sentence with a token to learn from or to score, expected one at least; give more text, or hold less of it out"
    case .seesItsTarget(let what):
      "the network has a layer that reads from the end, expected forward layers, since it would see \(what) that it is asked for; give --hidden one size a layer"
    case .noFrames(let source, let part):
      "\(source): part '\(part)' has no piece with a frame, expected one at least; put pieces into it"
    }
  }
}
