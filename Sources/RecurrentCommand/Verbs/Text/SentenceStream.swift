internal import RecurrentCore
internal import RecurrentData

/// The sentences of a source, group after group: of a pipe as soon as their lines are there.
struct SentenceStream {
  /// A sentence and the line that it stands on, from 1.
  typealias Sentence = (line: Int, text: String)

  let source: InputSource
  let cut: SentenceCut
  let console: Console

  /// Of a file, so many sentences are a group: an answer to the first ones does not wait for the last.
  private static let group = 256

  /// For errors.
  var name: String { TableInput.name(of: source) }

  /// - Throws: what `body` does, and ``DataError`` of text that is not UTF-8, and of a file without a sentence.
  func forEachGroup(_ body: ([Sentence]) throws(CommandError) -> Void) throws(CommandError) {
    switch source {
    case .file:
      let text = try commandErrors { try SentenceInput.read(source, cut, console) }
      for first in stride(from: 0, to: text.sentences.count, by: Self.group) {
        let range = first..<min(first + Self.group, text.sentences.count)
        try body(range.map { (text.lines[$0], text.sentences[$0]) })
      }
    case .standardInput:
      // A pipe may bring nothing; a file that is named has something.
      var lines = TextLineReader(name)
      func pass(_ texts: [String]) throws(CommandError) {
        let first = lines.count - texts.count
        let sentences = texts.enumerated().flatMap { index, text -> [Sentence] in
          text.allSatisfy(\.isWhitespace)
            ? [] : TextSentences.pieces(of: text, cut).map { (first + index + 1, $0) }
        }
        if !sentences.isEmpty { try body(sentences) }
      }
      while let bytes = try console.readSomeStandardInput() { try pass(try lines.take(bytes)) }
      try pass(try lines.end())
    }
  }
}
