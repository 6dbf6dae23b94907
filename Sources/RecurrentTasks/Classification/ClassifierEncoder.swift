package import Recurrent

/// How an example becomes what a network reads; fitted on the examples that are learned from.
package enum ClassifierEncoder: Codable, Equatable, Sendable {
  /// Tokens and their numbers.
  case texts(Vocabulary)
  /// How each channel is normalised.
  case series([Normaliser])

  /// - Throws: where no vocabulary can be made.
  package init(fitting data: ClassifierData, _ configuration: ClassifierConfiguration) throws(DataError) {
    switch data.examples {
    case .texts(let texts):
      var counts = TokenCounts()
      for text in texts.texts {
        for token in Self.tokens(of: text, configuration) { counts.add(token) }
      }
      self = .texts(try Vocabulary(counts, configuration.vocabulary, source: data.source))
    case .series(let series):
      self = .series(
        (0..<series.channelCount).map { channel in
          Normaliser(
            .standard,
            fitting: series.values.flatMap { values in
              stride(from: channel, to: values.count, by: series.channelCount).map { values[$0] }
            })
        })
    }
  }

  /// Features of a step: tokens of the vocabulary, or channels.
  var inputSize: Int {
    switch self {
    case .texts(let vocabulary): vocabulary.count
    case .series(let normalisers): normalisers.count
    }
  }

  var readsTexts: Bool { if case .texts = self { true } else { false } }

  static func tokens(of text: String, _ configuration: ClassifierConfiguration) -> ArraySlice<String> {
    configuration.tokenizer.tokens(of: text).prefix(configuration.tokenLimit ?? .max)
  }

  /// - Throws: a token that nothing stands for.
  func encode(
    texts: [String], _ configuration: ClassifierConfiguration, source: String
  ) throws(DataError) -> ClassifierSequences {
    guard case .texts(let vocabulary) = self else { preconditionFailure("texts for a model of series") }
    var symbols: [[Int32]] = []
    symbols.reserveCapacity(texts.count)
    for text in texts {
      let tokens = try vocabulary.encode(Self.tokens(of: text, configuration), source: source)
      // A text of no token is one that is not known: a sequence of no step would have no output.
      symbols.append(tokens.isEmpty ? [Int32(vocabulary.unknown ?? 0)] : tokens)
    }
    return .symbols(symbols, vocabulary: vocabulary.count)
  }

  /// - Parameter values: `[T, channels]` of each series.
  package func encode(series values: [[Double]]) -> ClassifierSequences {
    guard case .series(let normalisers) = self else { preconditionFailure("series for a model of texts") }
    let channels = normalisers.count
    return .vectors(
      values.map { values in
        values.enumerated().map { index, value in
          let normaliser = normalisers[index % channels]
          return Float((value - normaliser.shift) / normaliser.scale)
        }
      }, features: channels)
  }

  /// - Throws: ``TextTaskFault/otherKind(source:found:expected:)`` and ``TextTaskFault/otherChannels(source:found:expected:)``
  ///   where the examples are not of the kind that this was fitted on.
  func encode(
    _ data: ClassifierData, _ configuration: ClassifierConfiguration
  ) throws(TaskError) -> ClassifierSequences {
    switch (self, data.examples) {
    case (.texts, .texts(let texts)):
      return try taskErrors(DataError.self) { () throws(DataError) in
        try encode(texts: texts.texts, configuration, source: data.source)
      }
    case (.series(let normalisers), .series(let series)):
      guard series.channelCount == normalisers.count else {
        throw .text(
          .otherChannels(source: data.source, found: series.channelCount, expected: normalisers.count))
      }
      return encode(series: series.values)
    case (.texts, .series): throw .text(.otherKind(source: data.source, found: "series", expected: "texts"))
    case (.series, .texts): throw .text(.otherKind(source: data.source, found: "texts", expected: "series"))
    }
  }
}
