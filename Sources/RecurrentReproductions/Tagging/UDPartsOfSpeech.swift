internal import Recurrent
internal import RecurrentData
internal import RecurrentTasks

/// Parts of speech of English web texts (Universal Dependencies), by a bidirectional LSTM that also reads the words' characters,
/// without vectors from elsewhere.
struct UDPartsOfSpeech: Reproduction {
  static let name = "ud-pos"
  static let summary =
    "parts of speech of UD English EWT, beside a hidden Markov model and a published BiLSTM"
  static let data: String? = "the folder with en_ewt-ud-train.conllu, -dev and -test, also compressed"
  static let seeds = 1
  static let epochs = 12

  let settings: ReproductionSettings

  /// Of a hidden Markov model of pairs of tags, as counted with the data, in percent.
  private static let counted = 90.49
  /// Accuracy on the test sentences that must be reached, in percent.
  private static let bound = 94.0

  func report(_ progress: @escaping @Sendable (String) -> Void) throws -> ReproductionReport {
    var report = ReproductionReport(
      name: Self.name, title: "universal parts of speech of UD English EWT, \(settings.epochs) epochs")
    let files = try ["train", "dev", "test"].map {
      try ColumnFile(contentsOf: settings.path("en_ewt-ud-\($0).conllu"))
    }
    report.checks.append(
      .init(
        "12,544 sentences and 204,577 words to learn from, 25,094 words held out",
        found: "\(files[0].sentenceCount), \(files[0].wordCount), \(files[2].wordCount)",
        passed: (files[0].sentenceCount, files[0].wordCount, files[2].wordCount) == (12_544, 204_577, 25_094))
    )
    let runs = try settings.sideBySide(Array(1...settings.seeds)) { seed, threads in
      var configuration = TaggerConfiguration()
      configuration.training.epochs = settings.epochs
      configuration.training.schedule = .cosine(total: settings.epochs)
      configuration.training.seed = UInt64(seed)
      return try TaggingData.run(configuration, files, threads: threads, progress, "seed \(seed)")
    }
    let text = try TaggedText(files[2], tokens: "form", labels: "upos")
    let markov = try Self.markov(files[0], text)
    func percent(_ share: Double) -> String { decimals(100 * share, 2) }
    func spreads(_ figure: (TaggerEvaluation) -> Double) -> String {
      spread(runs.map { 100 * figure($0.evaluation) }, 2)
    }
    let first = runs[0].evaluation
    report.tables.append(
      .init(
        "Words of the test sentences with the right tag, in percent",
        columns: ["tagger", "all", "known words", "unknown words"],
        rows: [
          [
            "most frequent tag of the word", percent(first.all.accuracyByUse),
            percent(first.known.accuracyByUse),
            percent(first.unknown.accuracyByUse),
          ],
          [
            "hidden Markov model, pairs of tags, add-small smoothing, as counted with the data",
            decimals(Self.counted, 2), "",
            "",
          ],
          [
            "hidden Markov model of this package, unknown words by their endings", percent(markov), "", "",
          ],
          ["BiLSTM with GloVe vectors, published, an older release of the data", "88.26", "", ""],
          [
            "BiLSTM with characters, no vectors from elsewhere", spreads(\.all.accuracy),
            spreads(\.known.accuracy), spreads(\.unknown.accuracy),
          ],
        ],
        note:
          "published: bentrevett/pytorch-pos-tagging, two layers of 128, 1,522,010 parameters; ours has \(runs[0].parameters), the epoch chosen by the dev sentences, \(runs[0].speed) words a second in training, \(runs.count) runs side by side"
      ))
    report.tables.append(TaggingData.confusions(first))
    let found = runs.map { 100 * $0.evaluation.all.accuracy }
    report.checks.append(
      .init(
        "at least \(decimals(Self.bound, 1)) % of the test words right", found: spread(found, 2),
        passed: mean(found) >= Self.bound))
    report.checks.append(
      .init(
        "above both hidden Markov models",
        found: "\(spread(found, 2)) against \(decimals(Self.counted, 2)) and \(percent(markov))",
        passed: mean(found) > max(Self.counted, 100 * markov)))
    return report
  }

  /// The share of words that a counted hidden Markov model tags right.
  private static func markov(_ file: ColumnFile, _ test: TaggedText) throws -> Double {
    let training = try TaggedText(file, tokens: "form", labels: "upos")
    let tagger = try MarkovTagger(
      counts: TagCounts(training.words, training.tags), source: training.source)
    let correct = zip(test.words, test.tags).reduce(0) { sum, sentence in
      sum + zip(tagger.tag(sentence.0), sentence.1).count { $0 == $1 }
    }
    return Double(correct) / Double(test.wordCount)
  }
}
