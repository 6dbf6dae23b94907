/// What a run's folder can be of.
package enum RunKind: Sendable, CaseIterable {
  case forecaster, languageModel, fill, classifier, tagger, music

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
}
