internal import Foundation
package import Recurrent

/// How many tokens of a text a model does not know, so that it reads its unknown token in their place.
package struct UnknownTokens: Sendable, Hashable {
  /// Tokens of the text.
  package var count = 0
  /// Of these, unknown ones.
  package var unknown = 0

  /// None.
  package init() {}

  package init(count: Int, unknown: Int) { (self.count, self.unknown) = (count, unknown) }

  /// Of some tokens.
  package init(of tokens: some Collection<String>, in vocabulary: Vocabulary) {
    self.init(count: tokens.count, unknown: tokens.count { vocabulary[$0] == nil })
  }

  /// Of a corpus that is numbered already. Reads all of it once.
  package init(in corpus: TokenCorpus) {
    self.init(count: corpus.count, unknown: corpus.vocabulary.unknown.map { corpus.countTokens()[$0] } ?? 0)
  }

  /// From 0 to 1; 0 of a text without a token.
  package var share: Double { count == 0 ? 0 : Double(unknown) / Double(count) }

  package static func + (left: UnknownTokens, right: UnknownTokens) -> UnknownTokens {
    UnknownTokens(count: left.count + right.count, unknown: left.unknown + right.unknown)
  }
}

extension Classifier {
  /// Of a text, as far as it is read; none of a classifier of series.
  package func unknownTokens(of text: String) -> UnknownTokens {
    guard case .texts(let vocabulary) = encoder else { return UnknownTokens() }
    return UnknownTokens(of: ClassifierEncoder.tokens(of: text, configuration), in: vocabulary)
  }

  /// Of all examples together.
  package func unknownTokens(of data: ClassifierData) -> UnknownTokens {
    guard case .texts(let texts) = data.examples else { return UnknownTokens() }
    return texts.texts.reduce(UnknownTokens()) { $0 + unknownTokens(of: $1) }
  }
}

extension FillModel {
  /// Of all sentences together.
  package func unknownTokens(of text: TextSentences) -> UnknownTokens {
    text.sentences.reduce(UnknownTokens()) {
      $0 + UnknownTokens(of: configuration.tokenizer.tokens(of: $1), in: vocabulary)
    }
  }
}

extension TextFiller {
  /// Of a text with gaps, which are no tokens.
  package func unknownTokens(of text: String, marker: String) -> UnknownTokens {
    text.components(separatedBy: marker).reduce(UnknownTokens()) {
      $0 + UnknownTokens(of: model.configuration.tokenizer.tokens(of: $1), in: model.vocabulary)
    }
  }
}

extension Tagger {
  /// Words without a vector of their own, in whose place the network reads the unknown word's.
  package func wordsWithoutVector(in words: [String]) -> UnknownTokens {
    UnknownTokens(count: words.count, unknown: words.count { !vocabulary.hasVector($0, configuration) })
  }
}
