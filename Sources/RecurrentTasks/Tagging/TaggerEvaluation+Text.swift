internal import RecurrentCore
internal import RecurrentData
public import RecurrentReports

extension TaggerEvaluation {
  private static let percent = NumberFormat.fixed(2)

  /// Words that are tagged right, the baseline's beside them.
  public func table() -> ReportTable {
    var table = ReportTable(
      [.text("words"), .number("count"), .number("right %"), .number("most frequent tag %")],
      caption: "\(counted(sentences, "sentence")) of \(LanguageModelEvaluation.part(isTrainingText))")
    for (name, words) in [("all", all), ("known", known), ("unknown", unknown)] where words.count > 0 {
      table.append(
        [
          name, "\(words.count)", Self.percent.text(100 * words.accuracy),
          Self.percent.text(100 * words.accuracyByUse),
        ], emphasized: name == "all")
    }
    return table
  }

  /// Entities that were found, by type; `nil` where tags are of none.
  public func entityTable() -> ReportTable? {
    guard let entities, let entitiesByUse else { return nil }
    var table = ReportTable(
      [
        .text("entities"), .number("count"), .number("found"), .number("precision %"), .number("recall %"),
        .number("F1 %"), .number("F1 % by most frequent tags"),
      ], caption: "Entities, right where type and all words are")
    func append(_ name: String, _ own: EntityScore.Counts, _ other: EntityScore.Counts, isAll: Bool) {
      table.append(
        [name, "\(own.gold)", "\(own.predicted)"]
          + [own.precision, own.recall, own.f1, other.f1].map { Self.percent.text(100 * $0) },
        emphasized: isAll)
    }
    append("all", entities.overall, entitiesByUse.overall, isAll: true)
    for (type, counts) in entities.types.sorted(by: { $0.key < $1.key }) {
      append(type, counts, entitiesByUse.types[type] ?? .init(), isAll: false)
    }
    return table
  }

  /// What was confused most often; `nil` where nothing was.
  public func confusionTable() -> ReportTable? {
    if confusions.isEmpty { return nil }
    var table = ReportTable(
      [.text("tag"), .text("given"), .number("times")], caption: "Tags confused most often")
    for confusion in confusions { table.append([confusion.tag, confusion.given, "\(confusion.count)"]) }
    return table
  }

  /// One sentence.
  public var verdict: String {
    if let entities, let entitiesByUse {
      let (own, other) = (entities.overall.f1, entitiesByUse.overall.f1)
      return own > other
        ? "The tagger's F1 of entities is \(Self.percent.text(100 * own)) %, that of most frequent tags \(Self.percent.text(100 * other)) %."
        : "The tagger does not beat most frequent tags: F1 of entities \(Self.percent.text(100 * own)) % against \(Self.percent.text(100 * other)) %."
    }
    let wrong = all.count - all.correct
    let baseline = all.count - all.correctByUse
    return wrong < baseline
      ? "The tagger gives \(wrong) of \(all.count) words a wrong tag, most frequent tags \(baseline)."
      : "The tagger does not beat most frequent tags: \(wrong) of \(all.count) words wrong against \(baseline)."
  }

  /// The figures for a program.
  package var json: JSONValue {
    func value(_ words: Words) -> JSONValue {
      [
        "count": .integer(words.count), "accuracy": .number(words.accuracy),
        "most_frequent_tag": .number(words.accuracyByUse),
      ]
    }
    func value(_ counts: EntityScore.Counts) -> JSONValue {
      [
        "gold": .integer(counts.gold), "predicted": .integer(counts.predicted),
        "correct": .integer(counts.correct), "precision": .number(counts.precision),
        "recall": .number(counts.recall), "f1": .number(counts.f1),
      ]
    }
    return [
      "sentences": .integer(sentences), "correct_sentences": .integer(correctSentences),
      "training_text": isTrainingText.map { .boolean($0) } ?? .null, "all_words": value(all),
      "known_words": value(known),
      "unknown_words": value(unknown), "entities": entities.map { value($0.overall) } ?? .null,
      "entities_by_type": entities.map { .object($0.types.mapValues(value)) } ?? .null,
      "entities_of_most_frequent_tags": entitiesByUse.map { value($0.overall) } ?? .null,
      "confusions": .array(
        confusions.map {
          ["tag": .string($0.tag), "given": .string($0.given), "count": .integer($0.count)]
        }),
    ]
  }
}
