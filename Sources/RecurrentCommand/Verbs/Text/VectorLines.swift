internal import Recurrent
internal import RecurrentCore
internal import RecurrentReports
internal import RecurrentTasks

/// What `embed` writes as JSON: an object a line for each sentence, written as soon as it is there.
struct VectorLines {
  private let stream: SentenceStream
  private let encoder: TextEncoder
  private let parts: VectorParts
  private let threads: Int
  private let output: OutputTarget
  private let overwrites: Bool
  private let console: Console

  init(_ arguments: ParsedArguments, _ console: Console) throws(CommandError) {
    let model = try commandErrors { try EncodingModel.read(arguments[EmbedVerb.model]) }
    encoder = try commandErrors { try model.encoder() }
    stream = SentenceStream(
      source: arguments[EmbedVerb.file], cut: arguments[SentenceInput.cut] ?? model.cut, console: console)
    parts = EmbedVerb.parts(arguments, try arguments[EmbedVerb.layer].checked(levels: encoder.sizes.count))
    threads = ThreadCount.read(EmbedVerb.threads, arguments, console)
    (output, overwrites) = (arguments[EmbedVerb.output], arguments[EmbedVerb.overwrite])
    self.console = console
  }

  func write() throws(CommandError) {
    guard case .file(let path) = output else {
      _ = try forEachPart { bytes throws(CommandError) in try console.write(bytes) }
      return
    }
    let counts: (sentences: Int, tokens: Int)
    do {
      var file = try AtomicFile(path: path, overwrites: overwrites)
      counts = try forEachPart { bytes throws(CommandError) in
        do {
          try file.append(bytes)
        } catch {
          throw CommandError(error)
        }
      }
      try file.commit()
    } catch {
      throw CommandError(error)
    }
    console.note("\(counted(counts.tokens, "token")) in \(counted(counts.sentences, "sentence")): \(path)")
  }

  private func forEachPart(
    _ take: ([UInt8]) throws(CommandError) -> Void
  ) throws(CommandError) -> (sentences: Int, tokens: Int) {
    var (sentences, tokens) = (0, 0)
    try stream.forEachGroup { group throws(CommandError) in
      let found = try commandErrors { try encoder.vectors(of: group.map(\.text), threads: threads) }
      for ((line, _), vectors) in zip(group, found) {
        guard let vectors else {
          console.warn("\(stream.name): line \(line): a sentence without a token is left out")
          continue
        }
        (sentences, tokens) = (sentences + 1, tokens + vectors.tokens.count)
        let text = try commandErrors { try json(vectors, line: line).text() }
        try take(Array((text + "\n").utf8))
      }
    }
    if sentences == 0, stream.source != .standardInput {
      throw CommandError(TaskError.text(.noToken(source: stream.name)))
    }
    return (sentences, tokens)
  }

  private func json(_ sentence: SentenceVectors, line: Int) -> JSONValue {
    var members: [String: JSONValue] = [
      "schema": "recurrent.vectors/1", "line": .integer(line),
      "tokens": .array(sentence.tokens.map { .string($0) }),
    ]
    if parts.hasStatic { members["static"] = Self.json(sentence.staticVectors) }
    members["levels"] = .array(
      parts.layer.levels(of: encoder.sizes.count).map { number in
        let level = sentence.levels[number]
        var own: [String: JSONValue] = ["level": .integer(number)]
        if parts.hasTokens {
          own["forward"] = level.forward.map(Self.json)
          own["reverse"] = level.reverse.map(Self.json)
        }
        if parts.hasSentences { own["summary"] = Self.json(level.summary) }
        return .object(own)
      })
    return .object(members)
  }

  private static func json(_ matrix: Matrix<Float>) -> JSONValue {
    .array((0..<matrix.rows).map { json(matrix.row($0)) })
  }

  private static func json(_ numbers: [Float]) -> JSONValue { .array(numbers.map { JSONValue($0) }) }
}
