internal import Foundation
public import Recurrent
internal import RecurrentNN

/// Fills the gaps of texts by a ``FillModel``.
///
///     let filler = TextFiller(model)
///     for gap in try filler.fill("我___饿了。", top: 3) { print(gap.fillings[0].token, gap.entropy) }
public struct TextFiller {
  /// Whose answers they are.
  public let model: FillModel
  private let inference: InferenceModel<Float>
  private let threads: Int

  /// Why a text cannot be filled.
  public enum Problem: Error, Sendable, CustomStringConvertible {
    /// A text without anything in it.
    case emptyText
    /// A text that has no gap.
    case noGap(marker: String)
    /// A marker without a character.
    case emptyMarker
    /// A token that the vocabulary does not have, and none that stands for it.
    case token(DataError)

    public var description: String {
      switch self {
      case .emptyText: "the text is empty, expected one with a gap"
      case .noGap(let marker):
        "the text has no gap, expected '\(marker)' in place of each token that is asked for; write it there, or name your own with --marker"
      case .emptyMarker: "the marker is empty, expected what stands in place of a token, such as '___'"
      case .token(let error): error.description
      }
    }
  }

  /// - Parameter threads: how many may compute; they cannot change a result.
  public init(_ model: FillModel, threads: Int = 1) {
    self.model = model
    self.threads = threads
    inference = InferenceModel(model.network, parameters: model.parameters)
  }

  /// What may stand in each gap of a text, in their order; each gap is seen as one by the others.
  ///
  /// - Parameters:
  ///   - text: one sentence, with a marker in place of each token that is asked for.
  ///   - count: fillings of a gap, the most probable first; the token that stands for unknown ones is none.
  ///   - marker: `nil`: the configuration's.
  /// - Throws: ``Problem``.
  public func fill(_ text: String, top count: Int = 5, marker: String? = nil) throws(Problem) -> [FilledGap] {
    let marker = marker ?? model.configuration.marker
    let (tokens, places) = try tokens(of: text, marker: marker)
    let batch = model.symbols.symbols([tokens])
    let isGap = Set(places)
    let runner = InferenceRunner(
      inference, pool: WorkerPool(threads: threads),
      positions: .mask([[false] + tokens.indices.map { isGap.contains($0) }]))
    var outputs: [Float] = []
    runner.run(batch, into: &outputs)
    let width = model.vocabulary.count
    return places.enumerated().map { number, place in
      gap(at: place, logits: outputs[number * width..<(number + 1) * width], count)
    }
  }

  private func tokens(of text: String, marker: String) throws(Problem) -> (tokens: [Int32], places: [Int]) {
    if marker.isEmpty { throw .emptyMarker }
    if text.allSatisfy(\.isWhitespace) { throw .emptyText }
    let parts = text.components(separatedBy: marker)
    if parts.count == 1 { throw .noGap(marker: marker) }
    var tokens: [Int32] = []
    var places: [Int] = []
    for (number, part) in parts.enumerated() {
      if number > 0 {
        places.append(tokens.count)
        tokens.append(model.symbols.blank)
      }
      // Only the sentence's own ends lose their white space.
      var part = part
      if number == 0 { part = String(part.drop(while: \.isWhitespace)) }
      if number == parts.count - 1 { while part.last?.isWhitespace == true { part.removeLast() } }
      do {
        tokens += try model.vocabulary.encode(model.configuration.tokenizer.tokens(of: part))
      } catch {
        throw .token(error)
      }
    }
    return (tokens, places)
  }

  private func gap(at place: Int, logits: ArraySlice<Float>, _ count: Int) -> FilledGap {
    let logits = logits.map(Double.init)
    let top = logits.max() ?? 0
    let sum = logits.reduce(0) { $0 + exp($1 - top) }
    let logarithms = logits.map { $0 - top - log(sum) }
    let entropy = -logarithms.reduce(0) { $0 + ($1 == -.infinity ? 0 : exp($1) * $1) }
    // Of equal ones the first in the vocabulary's order.
    let best = logarithms.indices.filter { $0 != model.vocabulary.unknown }.sorted {
      logarithms[$0] == logarithms[$1] ? $0 < $1 : logarithms[$0] > logarithms[$1]
    }
    return FilledGap(
      position: place, entropy: max(0, entropy),
      fillings: best.prefix(count).map {
        .init(token: model.vocabulary.tokens[$0], probability: exp(logarithms[$0]))
      })
  }
}

/// What may stand in a gap.
public struct FilledGap: Sendable, Equatable {
  /// One token that may stand there.
  public struct Filling: Sendable, Equatable {
    /// As the vocabulary has it.
    public let token: String
    /// Of the whole vocabulary's distribution.
    public let probability: Double
  }

  /// The number of the gap's token in its text, from 0.
  public let position: Int
  /// −Σ p log p over the whole vocabulary, in nats: 0 where one token is sure.
  public let entropy: Double
  /// The most probable first.
  public let fillings: [Filling]
}
