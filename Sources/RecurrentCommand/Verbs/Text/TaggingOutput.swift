internal import Recurrent
internal import RecurrentData
internal import RecurrentReports
internal import RecurrentTasks

/// How `tag` shows tags.
struct TaggingOutput {
  let tagger: Tagger
  let needsProbabilities: Bool
  let isJSON: Bool
  let threads: Int
  let console: Console
  /// Of all sentences so far.
  private(set) var words = UnknownTokens()

  init(tagger: Tagger, needsProbabilities: Bool, isJSON: Bool, threads: Int, console: Console) {
    (self.tagger, self.needsProbabilities, self.isJSON) = (tagger, needsProbabilities, isJSON)
    (self.threads, self.console) = (threads, console)
  }

  /// Tags sentences and prints them.
  mutating func write(_ sentences: [[String]]) throws(CommandError) {
    if sentences.isEmpty { return }
    let taggings = try tag(sentences)
    if isJSON { return try print(sentences, taggings) }
    var text = ""
    for (words, tagging) in zip(sentences, taggings) {
      for (place, word) in words.enumerated() {
        text += "\(word)\t\(tagging.tags[place])"
        if needsProbabilities { text += "\t\(Self.format.text(tagging.probabilities[place]))" }
        text += "\n"
      }
      text += "\n"
    }
    try console.write(Array(text.utf8))
  }

  /// Tags a column of a file and prints the file.
  ///
  /// - Parameter isNamed: whether the command line names the label column, which then has to be there.
  mutating func write(_ file: ColumnFile, tokens: ColumnKey, labels: ColumnKey, isNamed: Bool) throws {
    let sentences = try file.column(tokens)
    let taggings = try tag(sentences)
    if isJSON { return try print(sentences, taggings) }
    let tags = taggings.map(\.tags)
    let isThere = try file.number(of: labels) <= file.columnCount
    // One more column would be another one from line to line.
    if !isThere && !isNamed { try file.requireEvenColumns() }
    var bytes = isThere || isNamed ? try file.replacing(labels, with: tags) : try file.appending(tags)
    if needsProbabilities {
      let other = try ColumnFile(bytes, source: file.source, isNumbered: file.isNumbered)
      bytes = try other.appending(taggings.map { $0.probabilities.map(Self.format.text) })
    }
    try console.write(bytes)
  }

  private static let format = NumberFormat.fixed(4)

  /// Words of a sentence, all of which are in memory at once: some 250 MB.
  private static let mostWords = 20_000

  private mutating func tag(_ sentences: [[String]]) throws(CommandError) -> [Tagger.Tagging] {
    if let long = sentences.first(where: { $0.count > Self.mostWords }) {
      throw CommandError(
        "found a sentence of \(long.count) words that begins with '\(terminalLine(long.prefix(5).joined(separator: " ")))', expected at most \(Self.mostWords); give one sentence a line",
        exitCode: .data)
    }
    words = sentences.reduce(words) { $0 + tagger.wordsWithoutVector(in: $1) }
    return tagger.tag(sentences, needsProbabilities: needsProbabilities, threads: threads)
  }

  private func print(_ sentences: [[String]], _ taggings: [Tagger.Tagging]) throws(CommandError) {
    var text = ""
    for (words, tagging) in zip(sentences, taggings) {
      var members: [String: JSONValue] = [
        "schema": "recurrent.tag/1", "tokens": .array(words.map { .string($0) }),
        "tags": .array(tagging.tags.map { .string($0) }),
        "words_without_vector": tagger.wordsWithoutVector(in: words).json,
      ]
      if needsProbabilities { members["probabilities"] = .array(tagging.probabilities.map { .number($0) }) }
      if tagger.configuration.scheme != nil { members["entities"] = .array(entities(words, tagging)) }
      text += try commandErrors { try JSONValue.object(members).text() }
      if !text.hasSuffix("\n") { text += "\n" }
    }
    try console.write(Array(text.utf8))
  }

  private func entities(_ words: [String], _ tagging: Tagger.Tagging) -> [JSONValue] {
    Entity.entities(in: tagging.tags.compactMap { EntityTag($0) }).map { entity in
      [
        "type": .string(entity.type), "first": .integer(entity.tokens.lowerBound),
        "count": .integer(entity.tokens.count),
        "text": .string(tagger.configuration.tokenizer.text(of: words[entity.tokens])),
      ]
    }
  }
}
