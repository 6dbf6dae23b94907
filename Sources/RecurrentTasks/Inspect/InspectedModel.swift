internal import Recurrent
internal import RecurrentReports
internal import RecurrentTraining

/// A trained model as `inspect` shows it: its network, and what else there is to know.
package struct InspectedModel {
  package let network: NetworkDescription
  /// Name and value, in the order in which they are shown.
  package let facts: [(name: String, value: String)]

  /// Reads the model of a folder, whatever it is of.
  package init(_ path: String) throws(TaskError) {
    let folder = RunFolder(path)
    guard let kind = RunKind(schema: folder.schema) else {
      // Any reader says what is wrong with the files of a finished run.
      if folder.isFinished { _ = try LanguageModelFolder(path).read() }
      throw .noModel(
        path: path, isInterrupted: folder.hasCheckpoint && !folder.isFinished, verb: "train …")
    }
    switch kind {
    case .forecaster: self.init(try ForecastDirectory(path).read())
    case .languageModel: self.init(try LanguageModelFolder(path).read())
    case .fill: self.init(try FillFolder(path).read())
    case .classifier: self.init(try ClassifierFolder(path).read())
    case .tagger: self.init(try TaggerFolder(path).read())
    case .music: self.init(try MusicFolder(path).read())
    }
  }

  private init(_ network: NetworkDescription, _ facts: [(String, String)], _ training: TrainerOptions) {
    self.network = network
    self.facts =
      facts.map { (name: $0.0, value: $0.1) } + [
        ("optimiser", "\(training.optimizer)"), ("seed", "\(training.seed)"),
      ]
  }

  private init(_ model: ForecastModel) {
    let plan = model.preparation.plan
    self.init(
      NetworkDescription(model),
      [
        (
          "forecasts",
          "\(model.configuration.target) \(plan.horizons.map(String.init).joined(separator: ", ")) rows ahead"
        ),
        ("window", "\(plan.length) rows"),
        ("inputs", model.preparation.encoder.columnNames.joined(separator: ", ")),
        ("outputs are", model.preparation.predictsChange ? "changes from the last value" : "values"),
      ], model.configuration.training)
  }

  private init(_ model: LanguageModel) {
    let configuration = model.configuration
    let network = NetworkDescription(
      layout: model.network.layout, inputs: model.vocabulary.count, outputs: model.vocabulary.count,
      layers: configuration.layers, positions: .all,
      headName: configuration.tiesWeights ? "linear, with the embedding's weights" : "linear",
      below: Self.embedding(configuration.embeddingSize))
    self.init(
      network,
      [
        ("task", "the next of the \(configuration.tokenizer.unit.rawValue)"),
        ("vocabulary", Self.text(model.vocabulary)),
        ("classes", model.classes.isEmpty ? "none" : model.classes.joined(separator: ", ")),
        ("sees its target", model.seesItsTarget ? "yes, so its perplexity is a leak" : "no"),
        ("steps of an update", "\(configuration.steps)"),
      ], configuration.training)
  }

  private init(_ model: FillModel) {
    let configuration = model.configuration
    let sides = [configuration.forwardLayers, configuration.reverseLayers]
    // Two networks side by side are no stack: their layers do not see one another.
    let one = sides.filter { !$0.isEmpty }
    var below = Self.embedding(configuration.embeddingSize)
    if one.count > 1 {
      let size = one.reduce(0) {
        $0 + FillNetwork.outputSize(of: $1, inputSize: configuration.embeddingSize)
      }
      below.append(("both sides", size))
    }
    let network = NetworkDescription(
      layout: model.network.layout, inputs: model.vocabulary.count, outputs: model.vocabulary.count,
      layers: one.count == 1 ? one[0] : [], positions: .all, headName: "linear",
      below: below, stepPrefix: "\(FillNetwork.directionsName).")
    self.init(
      network,
      [
        ("task", "what stands in a gap, by \(configuration.directions.sides)"),
        ("tokens are", configuration.tokenizer.unit.rawValue),
        ("vocabulary", Self.text(model.vocabulary)), ("marker of a gap", configuration.marker),
      ], configuration.training)
  }

  private init(_ model: Classifier) {
    let configuration = model.configuration
    var facts = [("task", "a class for each of the \(model.readsTexts ? "texts" : "series")")]
    var below: [(kind: String, size: Int)] = []
    switch model.encoder {
    case .texts(let vocabulary):
      facts += [
        ("tokens are", configuration.tokenizer.unit.rawValue), ("vocabulary", Self.text(vocabulary)),
      ]
      below = Self.embedding(configuration.embeddingSize)
    case .series(let normalisers): facts.append(("channels", "\(normalisers.count)"))
    }
    facts += [
      ("classes", model.labels.joined(separator: ", ")), ("pooling", configuration.pooling.rawValue),
    ]
    self.init(
      NetworkDescription(
        layout: model.network.layout, inputs: model.encoder.inputSize, outputs: model.labels.count,
        layers: configuration.layers, positions: .last, headName: "linear", below: below),
      facts, configuration.training)
  }

  private init(_ model: Tagger) {
    let configuration = model.configuration
    let vocabulary = model.vocabulary
    let width = configuration.wordSize + 2 * configuration.characterUnits
    let network = NetworkDescription(
      layout: model.network.layout, inputs: vocabulary.words.count, outputs: vocabulary.tags.count,
      layers: configuration.layers, positions: .all,
      headName: model.network.field == nil ? "linear" : "linear + conditional random field",
      below: [(configuration.characterUnits == 0 ? "words" : "words and their characters", width)],
      asidePrefix: "speller.")
    self.init(
      network,
      [
        ("task", "a tag for each word"), ("vocabulary", Self.text(vocabulary.words)),
        ("characters", "\(vocabulary.characters.count)"), ("tags", vocabulary.tags.joined(separator: ", ")),
        ("scheme", configuration.scheme?.rawValue ?? "none: tags are names for one word"),
      ], configuration.training)
  }

  private init(_ model: MusicModel) {
    let configuration = model.configuration
    self.init(
      NetworkDescription(
        layout: model.network.layout, inputs: MusicNetwork.notes, outputs: MusicNetwork.notes,
        layers: configuration.layers, positions: .all, headName: "linear", below: []),
      [
        ("task", "the notes of the next frame"), ("frames are", configuration.form.rawValue),
        ("semitones of other keys", "\(configuration.transpositions)"),
      ], configuration.training)
  }

  private static func embedding(_ size: Int?) -> [(kind: String, size: Int)] {
    size.map { [("embedding", $0)] } ?? []
  }

  private static func text(_ vocabulary: Vocabulary) -> String {
    "\(vocabulary.count) tokens" + (vocabulary.unknown == nil ? "" : ", one of them for unknown ones")
  }
}
