internal import RecurrentCore
package import Recurrent

/// The tokens around a text of a class: one that names the class before it, and one that ends it. So a language model of labelled
/// texts is one of a text, and continues the first token of a class until the last: one-to-many.
enum ClassTokens {
  /// No unit cuts a text so that this is one of its tokens: characters and bytes are shorter, words have no white space.
  static let end = "<end of text>"

  static func beginning(_ label: String) -> String { "<class of text: \(label)>" }

  /// The classes of a vocabulary, in the order of their tokens.
  static func labels(in vocabulary: Vocabulary) -> [String] {
    // Unicode's scalars, since a label may begin with one that is written on top of the one before it.
    let around = beginning("/").unicodeScalars.split(separator: "/").map(Array.init)
    return vocabulary.tokens.map(\.unicodeScalars)
      .filter { $0.starts(with: around[0]) && $0.count > around[0].count }
      .map { String($0.dropFirst(around[0].count).dropLast(around[1].count)) }
  }

  /// The number of a class's first token, however Unicode spells the label; `nil`: there is no such class.
  static func number(of label: String, in vocabulary: Vocabulary) -> Int? {
    labels(in: vocabulary).first { $0 == label }.flatMap { vocabulary[beginning($0)] }
  }
}

extension TokenCorpus {
  /// Labelled texts as one text, each between its class's token and the end's, in an order drawn once for all: files are often
  /// sorted by class, and the last part is held out.
  ///
  /// - Parameters:
  ///   - source: the texts' name.
  ///   - vocabulary: of a model that is at hand; `nil`: the texts' own, by `rule`, with the tokens of their classes behind.
  /// - Throws: ``TaskError/text(_:)`` for a class that the vocabulary does not have.
  package init(
    _ texts: LabelledTexts, source: String, tokenizer: Tokenizer, rule: Vocabulary.Rule,
    vocabulary: Vocabulary? = nil
  ) throws(TaskError) {
    let tokens = texts.texts.map(tokenizer.tokens)
    let known: Vocabulary
    if let vocabulary {
      known = vocabulary
    } else {
      known = try taskErrors(DataError.self) { () throws(DataError) in
        let own = try Vocabulary(TokenCounts(of: tokens.joined()), rule, source: source)
        return try Vocabulary(
          tokens: own.tokens + [ClassTokens.end] + texts.labelNames.map(ClassTokens.beginning),
          unknown: own.unknown, source: source)
      }
    }
    let numbers = texts.labelNames.map { ClassTokens.number(of: $0, in: known) }
    var (ids, starts) = ([Int32](), [Int]())
    let order = CounterGenerator(seed: 0, purpose: .shuffle, step: 0).permutation(texts.texts.count)
    for index in order {
      let label = texts.labelNames[texts.labels[index]]
      guard let beginning = numbers[texts.labels[index]], let end = known[ClassTokens.end] else {
        let labels = ClassTokens.labels(in: known)
        throw .text(
          .unseenLabel(
            place: "\(texts.place(index))", label: label, nearest: nearestName(to: label, among: labels),
            known: labels))
      }
      starts.append(ids.count)
      ids.append(Int32(beginning))
      ids += try taskErrors(DataError.self) { () throws(DataError) in
        try known.encode(tokens[index], source: source)
      }
      ids.append(Int32(end))
    }
    self.init(ids: ids, vocabulary: known, documentStarts: starts, source: source)
  }
}
