public import Recurrent

/// Everything that decides a model that fills gaps: how the text is cut, the network, the training. Every default stands here, the
/// command's among them, and the whole is stored beside the model.
public struct FillConfiguration: Codable, Equatable, Sendable {
  // MARK: Text
  /// What a sentence is cut into: characters.
  public var tokenizer = Tokenizer(.characters)
  /// What a sentence is: a line.
  public var cut = SentenceCut.lines
  /// Which tokens the vocabulary has, counted on the sentences that are learned from. What occurs once is unknown, so that the
  /// network learns what an unknown token is like.
  public var vocabulary = Vocabulary.Rule(minimumCount: 2)
  /// A longer sentence is cut into pieces of so many tokens, which stand alone.
  public var longestSentence = 256
  /// The share of the sentences before the held-out ones, the last of them, that chooses the epoch; 0: the training loss does.
  public var validationShare = 0.1
  /// The share of the sentences, the last ones, that is held out for the figures; 0: the figures are those of training.
  public var testShare = 0.1

  // MARK: Network
  /// D, the size of the tokens' vectors.
  public var embeddingSize = 64
  /// What reads the text before a token, from below: recurrent layers, each in its forward direction, and dropout. Empty: nothing.
  public var forwardLayers: [LayerConfiguration] = [.recurrent(CellConfiguration(.lstm, size: 128))]
  /// What reads the text behind a token, from its end. Of any number, sizes and cells. Empty: nothing.
  public var reverseLayers: [LayerConfiguration] = [
    .recurrent(CellConfiguration(.lstm, size: 128), direction: .reverse)
  ]
  /// Rate of dropout on the tokens' vectors and below the output, in training.
  public var dropout = 0.2
  /// What that dropout zeroes together; `nil`: each element by itself.
  public var dropoutUnit: DropoutUnit?
  /// What marks a gap in a text.
  public var marker = "___"

  // MARK: Training
  /// The share of the tokens that the network sees as gaps in training, drawn anew every epoch, so that it can fill a gap beside
  /// another one.
  public var blankShare = 0.1
  /// 20 epochs of AdamW on 32 sentences at once, the rate falling along a cosine from 3 · 10⁻³, gradients clipped to norm 1.
  public var training = TrainerOptions(
    epochs: Self.epochs, batchSize: 32, optimizer: .adamW(), learningRate: 3e-3,
    schedule: .cosine(total: Self.epochs), clipping: .norm(1))
  private static let epochs = 20

  /// The longest sentence that a configuration may allow.
  public static let mostTokens = 1 << 16

  /// The defaults.
  public init() {}

  /// Which sides of a gap the network reads.
  public var directions: FillDirections {
    if reverseLayers.isEmpty { return .forward }
    return forwardLayers.isEmpty ? .reverse : .both
  }
}

/// Which sides of a gap a network reads.
public enum FillDirections: String, Sendable, Hashable, CaseIterable, Codable {
  /// What stands before it and behind it.
  case both
  /// What stands before it alone.
  case forward
  /// What stands behind it alone.
  case reverse
}
