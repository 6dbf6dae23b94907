/// How a text becomes tokens, and tokens a text.
public struct Tokenizer: Sendable, Hashable, Codable {
  /// What a text is cut into.
  public var unit: TokenUnit
  /// What is made of it before.
  public var folding: TextFolding
  /// Of words alone: whether each mark of punctuation at a word's beginning or end (Unicode's general category P) is a token
  /// of its own. Marks between letters stay: `don't`.
  public var separatesPunctuation: Bool

  /// - Parameters:
  ///   - unit: default characters.
  ///   - folding: default none.
  ///   - separatesPunctuation: of words; default `false`.
  public init(
    _ unit: TokenUnit = .characters, folding: TextFolding = .none, separatesPunctuation: Bool = false
  ) {
    (self.unit, self.folding, self.separatesPunctuation) = (unit, folding, separatesPunctuation)
  }

  /// The tokens of a text, in its order. Of a text of several lines, those of the whole.
  public func tokens(of text: String) -> [String] {
    var scanner = TokenScanner(self)
    for scalar in text.unicodeScalars { scanner.take(scalar.value) }
    scanner.endWord()
    return scanner.keys.map { scanner.token(of: $0) }
  }

  /// The text that tokens make: characters one after the other, words with a space between, bytes read as UTF-8, with U+FFFD
  /// for what is none. A token of bytes that is no byte, such as an unknown one's, stands as it is.
  public func text(of tokens: some Sequence<String>) -> String {
    String(decoding: bytes(of: tokens), as: UTF8.self)
  }

  /// A token as it can be shown: of bytes, one that is no printable character of ASCII by its number, "0xC3".
  package func readable(_ token: String) -> String {
    guard unit == .bytes, let scalar = token.unicodeScalars.first, token.unicodeScalars.count == 1,
      !(0x20...0x7E ~= scalar.value), scalar.value <= 0xFF, !"\n\t".unicodeScalars.contains(scalar)
    else { return token }
    let digits = String(scalar.value, radix: 16, uppercase: true)
    return "0x" + (digits.count < 2 ? "0" : "") + digits
  }

  /// The same as bytes: those of a text in UTF-8, but for tokens of bytes the bytes that they are, whatever they make.
  public func bytes(of tokens: some Sequence<String>) -> [UInt8] {
    switch unit {
    case .characters: return tokens.reduce(into: []) { $0 += $1.utf8 }
    case .words: return Array(tokens.joined(separator: " ").utf8)
    case .bytes:
      var bytes: [UInt8] = []
      for token in tokens {
        let scalars = token.unicodeScalars
        if let first = scalars.first, scalars.count == 1, first.value < 256 {
          bytes.append(UInt8(first.value))
        } else {
          bytes += token.utf8
        }
      }
      return bytes
    }
  }

  /// Whether every sequence of bytes is a text: bytes as they are need not be UTF-8.
  var readsAnyBytes: Bool { unit == .bytes && folding == .none }
}
