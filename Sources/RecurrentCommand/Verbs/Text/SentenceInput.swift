internal import Recurrent
internal import RecurrentData
internal import RecurrentTasks

/// How verbs read the sentences of a text.
enum SentenceInput {
  static let cut = Option<SentenceCut?>(
    "cut", .choice(of: SentenceCut.self), absent: "the model's, lines of a language model",
    help: "What a sentence is: a line, or what ends with 。！？.!? inside one.")

  static func read(
    _ source: InputSource, _ cut: SentenceCut, _ console: Console
  ) throws -> TextSentences {
    let input = try TableInput(source, console: console)
    return try TextSentences(bytes: input.bytes, source: input.name, cut: cut)
  }
}

/// A model whose hidden states can be asked for, whatever it was trained for.
enum EncodingModel {
  case language(LanguageModel)
  case fill(FillModel)

  static func read(_ path: String) throws -> EncodingModel {
    let schema = RunFolder(path).schema
    if let kind = RunKind(schema: schema), kind != .fill && kind != .languageModel {
      throw CommandError(
        "\(path): is the folder of \(kind.name), expected a language model's or one that fills gaps, which are those whose vectors can be asked for; name a folder that 'recurrent train lm -o' or 'recurrent train fill -o' made",
        exitCode: .data)
    }
    return schema == FillFolder.schema
      ? .fill(try FillFolder(path).read()) : .language(try LanguageModelFolder(path).read())
  }

  func encoder() throws -> TextEncoder {
    switch self {
    case .language(let model): try TextEncoder(model)
    case .fill(let model): try TextEncoder(model)
    }
  }

  var cut: SentenceCut {
    switch self {
    case .language: .lines
    case .fill(let model): model.configuration.cut
    }
  }
}
