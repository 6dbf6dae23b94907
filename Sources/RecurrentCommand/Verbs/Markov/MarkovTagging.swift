internal import Recurrent
internal import RecurrentCore
internal import RecurrentData
internal import RecurrentReports
internal import RecurrentTasks

extension MarkovTaggerFile {
  /// - Returns: `nil` where the file holds another model.
  static func read(_ path: String) throws(CommandError) -> MarkovTaggerFile? {
    try commandErrors { try MarkovTaggerFile(bytes: try DataFile.read(path), name: path) }
  }
}

/// What the verbs do for a tagger.
enum MarkovTagging {
  private static func sentences(
    _ file: MarkovTaggerFile, _ arguments: ParsedArguments, _ console: Console
  ) throws(CommandError) -> (data: MarkovData, words: [[String?]]) {
    let data = try MarkovInputOptions.read(
      arguments, kind: .categorical, file: nil, tagger: file, console: console)
    guard case .symbols(let sentences) = data.content else {
      throw CommandError("\(data.source): a tagger reads words", exitCode: .data)
    }
    return (data, sentences)
  }

  /// Tags a file.
  static func run(
    _ file: MarkovTaggerFile, _ arguments: ParsedArguments, _ console: Console
  ) throws(CommandError) -> ExitCode {
    let (data, sentences) = try sentences(file, arguments, console)
    let tagger = file.tagger
    let numbers = Dictionary(uniqueKeysWithValues: tagger.tags.enumerated().map { ($1, $0) })
    let tagged = parallelMap(
      sentences.count, threads: ThreadCount.read(MarkovDecodeVerb.threads, arguments, console)
    ) {
      // What unknown words weigh is no probability.
      [ChainPath(states: tagger.tag(sentences[$0]).compactMap { numbers[$0] }, score: .nan)]
    }
    try MarkovDecoding(names: tagger.tags, paths: tagged).print(arguments, data, console)
    return .success
  }

  /// How many tags are right, of known words and of others, beside the most frequent tag of each word.
  static func score(
    _ file: MarkovTaggerFile, _ arguments: ParsedArguments, _ console: Console
  ) throws(CommandError) -> ExitCode {
    let (data, sentences) = try sentences(file, arguments, console)
    let tagger = file.tagger
    guard let labels = data.labels else {
      throw .usage("'--label-column' is missing: the column of \(data.source) that has the tags")
    }
    let known = Set(tagger.tags)
    let strange = labels.joined().filter { !known.contains($0) }
    if let first = strange.first, strange.count * 2 > data.stepCount {
      console.warn(
        "\(strange.count) of \(data.stepCount) labels, such as \(quoted(first)), are no tags of this tagger; is it another column?"
      )
    }
    let tagged = parallelMap(
      sentences.count, threads: ThreadCount.read(MarkovScoreVerb.threads, arguments, console)
    ) {
      tagger.tag(sentences[$0])
    }
    var counts = [String: (all: Int, right: Int, baseline: Int)]()
    for (number, sentence) in sentences.enumerated() {
      for (place, word) in sentence.enumerated() {
        let label = labels[number][place]
        let own = word.map { tagger.knows($0) ? "known" : "unknown" } ?? "missing"
        for kind in ["all", own] {
          counts[kind, default: (0, 0, 0)].all += 1
          if tagged[number][place] == label { counts[kind]?.right += 1 }
          if tagger.mostFrequentTag(of: word) == label { counts[kind]?.baseline += 1 }
        }
      }
    }
    let kinds = ["all", "known", "unknown", "missing"].compactMap { kind in counts[kind].map { (kind, $0) } }
    if arguments[StandardOptions.json] {
      try console.print(
        JSONDocument(
          verb: "hmm score",
          Dictionary(
            uniqueKeysWithValues: kinds.map { kind, own in
              (
                kind + "_words",
                [
                  "words": .integer(own.all), "accuracy": .number(Double(own.right) / Double(own.all)),
                  "most_frequent_tag": .number(Double(own.baseline) / Double(own.all)),
                ] as JSONValue
              )
            })))
      return .success
    }
    var table = ReportTable([
      .text("words"), .number("count"), .number("right"), .number("most frequent tag"),
    ])
    let format = NumberFormat.fixed(2)
    for (kind, own) in kinds {
      let all = Double(own.all) / 100
      table.append([
        kind, "\(own.all)", format.text(Double(own.right) / all) + " %",
        format.text(Double(own.baseline) / all) + " %",
      ])
    }
    try console.print(table.text(emphasis: console.style.bold))
    return .success
  }
}

extension MarkovFitVerb {
  /// `--supervised`: counts a tagger.
  func count(_ arguments: ParsedArguments, _ console: Console) throws(CommandError) -> ExitCode {
    try arguments.refuse(
      Self.states, Self.emission, Self.covariance, Self.components, Self.starts, Self.steps, Self.tolerance,
      Self.pseudoCount, Self.varianceFloor, Self.seed, Self.threads, Self.from, Self.leftToRight, Self.freeze,
      circumstance: "with --supervised, which counts")
    var target = try target(arguments)
    let data = try MarkovInputOptions.read(arguments, kind: .categorical, file: nil, console: console)
    let tagger = try commandErrors { try MarkovTagger(data) }
    let text = try commandErrors {
      try MarkovTaggerFile(tagger, tokenColumn: data.tokenColumn, labelColumn: data.labelColumn).text
    }
    do throws(FileError) {
      try target.append(Array(text.utf8))
      try target.commit()
    } catch {
      throw CommandError(error)
    }
    let counts = [
      counted(data.sequenceCount, "sentence"), counted(data.stepCount, "word"),
      counted(tagger.tags.count, "tag"),
    ]
    try console.print(
      "\(counts.joined(separator: ", ")): \(terminalLine(tagger.tags.joined(separator: " ")))\nmodel: \(terminalLine(arguments[Self.output]))"
    )
    return .success
  }
}
