internal import Recurrent
internal import RecurrentTasks

/// What a text that is tagged as prose may be instead, said once.
struct PlainTextHints {
  private let console: Console
  private let saysFormat: Bool
  private let knowsMarks: Bool
  private var hasLooked = false
  private var hasHinted = false

  init(_ tagger: Tagger, _ arguments: ParsedArguments, _ console: Console) {
    self.console = console
    saysFormat = arguments[TagVerb.format] != nil
    knowsMarks =
      tagger.configuration.tokenizer.unit == .words && !arguments[TagVerb.punctuation]
      && tagger.wordsWithoutVector(in: ["."]).unknown == 0
  }

  /// Looks at the first lines for columns, and at all of them for marks that stick to words.
  mutating func look(at lines: [String], in name: String) {
    let first = lines.prefix(20).filter { !$0.isEmpty }
    if !hasLooked, !first.isEmpty {
      hasLooked = true
      if !saysFormat, first.allSatisfy({ $0.contains("\t") || $0.hasPrefix("# ") }) {
        console.warn(
          "\(name): lines of words between tabs are read as sentences; give --format conll to read columns")
      }
    }
    guard knowsMarks, !hasHinted else { return }
    let isGlued = { (word: Substring) in word.count > 1 && ".,!?;:".contains(word.last ?? " ") }
    if let word = lines.lazy.flatMap({ $0.split(separator: " ") }).first(where: isGlued) {
      hasHinted = true
      console.note(
        "\(name): '\(terminalLine(String(word)))' is one word, though the tagger learned marks as words; --separate-punctuation cuts them off"
      )
    }
  }
}
