/// What a run's folder can be of.
public enum RunKind: Sendable, CaseIterable {
  /// Of series of numbers.
  case forecaster
  /// Of the next token.
  case languageModel
  /// Of the tokens of gaps.
  case fill
  /// Of texts or series.
  case classifier
  /// Of the words of sentences.
  case tagger
  /// Of notes.
  case music

  /// By what `config.json` says.
  package init?(schema: String?) {
    guard let kind = Self.allCases.first(where: { $0.schema == schema }) else { return nil }
    self = kind
  }

  package var schema: String {
    switch self {
    case .forecaster: ForecastDirectory.schema
    case .languageModel: LanguageModelFolder.schema
    case .fill: FillFolder.schema
    case .classifier: ClassifierFolder.schema
    case .tagger: TaggerFolder.schema
    case .music: MusicFolder.schema
    }
  }

  /// As a sentence says it: "a tagger".
  package var name: String {
    switch self {
    case .forecaster: "a forecaster"
    case .languageModel: "a language model"
    case .fill: "a model that fills gaps"
    case .classifier: "a classifier"
    case .tagger: "a tagger"
    case .music: "a model of music"
    }
  }

  /// The verbs that use it.
  package var verbs: String {
    switch self {
    case .forecaster: "'recurrent forecast' or 'evaluate'"
    case .languageModel: "'recurrent generate', 'embed' or 'evaluate'"
    case .fill: "'recurrent fill', 'embed' or 'evaluate'"
    case .classifier: "'recurrent classify' or 'evaluate'"
    case .tagger: "'recurrent tag' or 'evaluate'"
    case .music: "'recurrent generate' or 'evaluate'"
    }
  }
}
