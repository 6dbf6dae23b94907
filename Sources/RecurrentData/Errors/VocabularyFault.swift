/// What is wrong with tokens or a vocabulary.
public enum VocabularyFault: Equatable, Sendable {
  /// A text in which there is nothing to learn from, such as one without letters whose letters alone are kept.
  case noToken(unit: TokenUnit, folding: TextFolding)
  /// A token that is not in a vocabulary of `count` tokens, none of which stands for unknown ones.
  case unknownToken(token: String, count: Int)
  /// Tokens that a least count or a limit keeps out, where none stands for them.
  case leftOut(tokens: Int, example: String)
  /// A least count, or a most number of tokens, below 1.
  case bound(name: String, value: Int)
  /// A vocabulary without a token.
  case empty
  /// A vocabulary with more tokens than can be numbered.
  case tooMany(count: Int, limit: Int)
  /// A token that a vocabulary has twice; numbers count from 0.
  case duplicate(token: String, first: Int, second: Int)
  /// The number of the unknown token is none of the vocabulary's.
  case unknownOutOfRange(number: Int, count: Int)
  /// A vocabulary of another size than the model's.
  case size(found: Int, expected: Int)
  /// A vocabulary of the model's size with another token at a number.
  case otherToken(found: String, expected: String, number: Int)
  /// A word longer than words are.
  case longWord(limit: Int)
}

extension VocabularyFault: DataFault {
  var category: DataError.Category {
    switch self {
    case .bound, .leftOut: .usage
    default: .badData
    }
  }

  var explanation: Explanation {
    switch self {
    case .noToken(let unit, let folding):
      Explanation(
        finding: folding == .letters ? "a text without letters" : "a text without \(unit.rawValue)",
        expectation: "at least one token", remedy: "give another text, or fold less of it away")
    case .unknownToken(let token, let count):
      Explanation(
        finding: "\(quoted(token)) is not among the \(counted(count, "token")) of the vocabulary",
        expectation: "a token that it has, for none stands for unknown ones",
        remedy: "mend the text, or learn with a token for unknown ones")
    case .leftOut(let tokens, let example):
      Explanation(
        finding: "\(counted(tokens, "token")) such as \(quoted(example)) would be left out of the vocabulary",
        expectation: "a token that stands for unknown ones",
        remedy: "name one, or keep all tokens with a least count of 1 and no limit")
    case .bound(let name, let value):
      Explanation(
        finding: "a \(name) of \(value) for the vocabulary", expectation: "at least 1",
        remedy: "give a larger one")
    case .empty:
      Explanation(
        finding: "a vocabulary without a token", expectation: "at least one",
        remedy: "give a text with tokens")
    case .tooMany(let count, let limit):
      Explanation(
        finding: "a vocabulary of \(grouped(count)) tokens", expectation: "at most \(grouped(limit))",
        remedy: "raise the least count, or set a limit")
    case .duplicate(let token, let first, let second):
      Explanation(
        finding: "the token \(quoted(token)) as number \(first) and \(second) of the vocabulary",
        expectation: "each token once", remedy: "take the vocabulary that was stored with the model")
    case .unknownOutOfRange(let number, let count):
      Explanation(
        finding: "number \(number) for unknown tokens in a vocabulary of \(grouped(count))",
        expectation: "a number from 0 to \(grouped(count - 1))",
        remedy: "take the vocabulary that was stored with the model")
    case .size(let found, let expected):
      Explanation(
        finding: "a vocabulary that does not fit: it has \(counted(found, "token"))",
        expectation: "\(grouped(expected)), as the model has",
        remedy: "take the vocabulary that was stored with the model")
    case .otherToken(let found, let expected, let number):
      Explanation(
        finding: "a vocabulary that does not fit: token \(number) is \(quoted(found))",
        expectation: quoted(expected), remedy: "take the vocabulary that was stored with the model")
    case .longWord(let limit):
      Explanation(
        finding: "a word of more than \(grouped(limit)) bytes", expectation: "words between white space",
        remedy: "cut the text into characters or bytes instead of words")
    }
  }
}
