internal import Recurrent
internal import RecurrentCore
internal import RecurrentData
internal import RecurrentInterchange
internal import RecurrentReports
internal import RecurrentTasks

/// What is written of the vectors.
struct VectorParts {
  var layer: VectorLayer
  var hasTokens = true
  var hasSentences = true

  var hasStatic: Bool { hasTokens && (layer == .staticVectors || layer == .all) }
}

/// A text's sentences with their vectors.
struct EmbeddedText {
  let sentences: [SentenceVectors]
  /// h_f and h_r of each level.
  let sizes: [(forward: Int, reverse: Int)]
  /// d of the static vectors.
  let staticSize: Int
  let tokenizer: Tokenizer

  var levels: Int { sizes.count }
  /// Tokens in all.
  var rows: Int { sentences.reduce(0) { $0 + $1.tokens.count } }

  static func read(
    _ arguments: ParsedArguments, model: Argument<String>, file: Argument<InputSource>,
    threads: Option<Int?>, _ console: Console
  ) throws(CommandError) -> EmbeddedText {
    try commandErrors {
      let model = try EncodingModel.read(arguments[model])
      let encoder = try model.encoder()
      let text = try SentenceInput.read(
        arguments[file], arguments[SentenceInput.cut] ?? model.cut, console)
      let found = try encoder.vectors(
        of: text.sentences, threads: ThreadCount.read(threads, arguments, console))
      for (line, vectors) in zip(text.lines, found) where vectors == nil {
        console.warn("\(text.source): line \(line): a sentence without a token is left out")
      }
      let sentences = found.compactMap(\.self)
      if sentences.isEmpty { throw TaskError.text(.noToken(source: text.source)) }
      return EmbeddedText(
        sentences: sentences, sizes: encoder.sizes, staticSize: encoder.staticSize,
        tokenizer: encoder.tokenizer)
    }
  }

  /// The row where each sentence begins, and where the last one ends.
  private var starts: [Int64] {
    sentences.reduce(into: [0]) { $0.append($0[$0.count - 1] + Int64($1.tokens.count)) }
  }

  // MARK: Files

  /// One array: `[tokens, numbers]`, or `[sentences, numbers]`.
  func array(_ layer: VectorLayer, ofSentences: Bool) -> NumPyArray {
    let level = layer.levels(of: levels).first
    guard let level else { return matrix(rows, staticSize) { $0.staticVectors.elements } }
    let width = sizes[level].forward + sizes[level].reverse
    return ofSentences
      ? matrix(sentences.count, width) { $0.levels[level].summary }
      : matrix(rows, width) { $0.levels[level].states.elements }
  }

  private func matrix(
    _ rows: Int, _ columns: Int, _ values: (SentenceVectors) -> [Float]
  ) -> NumPyArray {
    NumPyArray(shape: [rows, columns], sentences.flatMap(values))
  }

  /// Tensors by name.
  func tensors(_ parts: VectorParts) throws(CommandError) -> [UInt8] {
    var file = SafeTensors()
    file.add("starts", shape: [sentences.count + 1], starts)
    file.add("ids", shape: [rows], sentences.flatMap { $0.ids.map(Int64.init) })
    if parts.hasStatic {
      file.add("static", shape: [rows, staticSize], sentences.flatMap(\.staticVectors.elements))
    }
    for level in parts.layer.levels(of: levels) {
      let (forward, reverse) = sizes[level]
      if parts.hasTokens && forward > 0 {
        file.add(
          "level.\(level).forward", shape: [rows, forward],
          sentences.flatMap { $0.levels[level].forward?.elements ?? [] })
      }
      if parts.hasTokens && reverse > 0 {
        file.add(
          "level.\(level).reverse", shape: [rows, reverse],
          sentences.flatMap { $0.levels[level].reverse?.elements ?? [] })
      }
      if parts.hasSentences {
        file.add(
          "level.\(level).summary", shape: [sentences.count, forward + reverse],
          sentences.flatMap { $0.levels[level].summary })
      }
    }
    return try Self.bytes(of: file)
  }

  static func bytes(of file: SafeTensors) throws(CommandError) -> [UInt8] {
    do {
      return try file.serialized()
    } catch {
      throw CommandError("the vectors: \(error)", exitCode: .data)
    }
  }

  /// What `encode` writes as tensors: X, H and the summaries of one level.
  func encoding(_ level: Int) throws(CommandError) -> [UInt8] {
    let width = sizes[level].forward + sizes[level].reverse
    var file = SafeTensors()
    file.add("starts", shape: [sentences.count + 1], starts)
    file.add("inputs", shape: [rows, staticSize], sentences.flatMap(\.staticVectors.elements))
    file.add("states", shape: [rows, width], sentences.flatMap { $0.levels[level].states.elements })
    file.add(
      "summary", shape: [sentences.count, width], sentences.flatMap { $0.levels[level].summary })
    return try Self.bytes(of: file)
  }
}
