internal import RecurrentCore
internal import RecurrentData
internal import RecurrentReports
internal import RecurrentTasks

/// The cosine of every two places where a token stands: 1 of static vectors, less of contextual ones.
struct CosineTable {
  private struct Pair {
    let first: Int
    let second: Int
    let staticCosine: Double
    let contextual: Double
  }

  private let token: String
  private let places: [(sentence: Int, position: Int)]
  private let texts: [String]
  private let level: Int?
  private let pairs: [Pair]

  /// Pairs that are shown: of more places, the first ones.
  private static let mostPlaces = 20

  /// - Throws: where the token stands in fewer than two places.
  init(_ text: EmbeddedText, token given: String, layer: VectorLayer) throws(CommandError) {
    // As the model reads it: "Bank" is "bank" where letters are folded.
    let own = text.tokenizer.tokens(of: given)
    let token = own.count == 1 ? own[0] : given
    var places: [(sentence: Int, position: Int)] = []
    for (number, sentence) in text.sentences.enumerated() {
      for (position, own) in sentence.tokens.enumerated() where own.utf8.elementsEqual(token.utf8) {
        places.append((number, position))
      }
    }
    guard places.count > 1 else {
      throw CommandError(
        "--cosine \(token): found the token \(places.isEmpty ? "nowhere" : "once") in the text, expected two places at least; tokens are as the model cuts them",
        exitCode: .data)
    }
    self.places = Array(places.prefix(Self.mostPlaces))
    self.token = token
    texts = self.places.map { text.sentences[$0.sentence].tokens.joined(separator: " ") }
    level = layer.levels(of: text.levels).last
    let level = level ?? text.levels - 1
    var pairs: [Pair] = []
    for second in self.places.indices {
      for first in 0..<second {
        func vectors(_ place: Int) -> (own: [Float], states: [Float]) {
          let (sentence, position) = places[place]
          let vectors = text.sentences[sentence]
          return (vectors.staticVectors.row(position), vectors.levels[level].states.row(position))
        }
        let (one, other) = (vectors(first), vectors(second))
        pairs.append(
          Pair(
            first: first, second: second, staticCosine: cosine(one.own, other.own),
            contextual: cosine(one.states, other.states)))
      }
    }
    self.pairs = pairs
  }

  func print(isJSON: Bool, _ console: Console) throws(CommandError) {
    if isJSON {
      let document: [String: JSONValue] = [
        "token": .string(token),
        "places": .array(
          places.map { ["sentence": .integer($0.sentence), "position": .integer($0.position)] }),
        "pairs": .array(
          pairs.map {
            [
              "first": .integer($0.first), "second": .integer($0.second),
              "static": .number($0.staticCosine), "contextual": .number($0.contextual),
            ]
          }),
      ]
      try console.print(JSONDocument(verb: "embed", document))
      return
    }
    for (number, text) in texts.enumerated() { try console.print("\(number + 1): \(text)") }
    var table = ReportTable(
      [.number("place"), .number("place"), .number("static"), .number("contextual")],
      caption: "Cosine of '\(token)' at two places")
    let format = NumberFormat.fixed(4)
    for pair in pairs {
      table.append([
        "\(pair.first + 1)", "\(pair.second + 1)", format.text(pair.staticCosine),
        format.text(pair.contextual),
      ])
    }
    try console.print(table.text())
  }
}
