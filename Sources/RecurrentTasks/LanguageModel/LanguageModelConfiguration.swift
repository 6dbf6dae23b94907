public import Recurrent

/// Everything that decides a language model: how the text is cut, the network, the training. Every default stands here, the
/// command's among them, and the whole is stored beside the model.
public struct LanguageModelConfiguration: Codable, Equatable, Sendable {
  // MARK: Text
  /// What the text is cut into: characters.
  public var tokenizer = Tokenizer(.characters)
  /// Which tokens the vocabulary has; it is counted on the whole text, as published protocols do.
  public var vocabulary = Vocabulary.Rule()
  /// Of labelled texts: how they are read. Each then stands between a token of its class and one that ends it, so that texts can
  /// be generated from a class. `nil`: the file is one text.
  public var classes: ClassifierReading?
  /// What a document is: each is read from the state zero, and its first token is not asked for. Default: the whole text is one.
  public var documents = TokenCorpus.Documents.none
  /// Only so many tokens, the first ones; `nil`: all.
  public var tokenLimit: Int?
  /// The share of the tokens before the held-out ones, the last of them, that chooses the epoch; 0: the training loss does.
  public var validationShare = 0.05
  /// The share of the tokens, the last ones, that is held out for the figures; 0: the figures are those of the training text.
  public var testShare = 0.05

  // MARK: Network
  /// D, the size of the tokens' vectors; `nil`: the first layer reads tokens as one-hot vectors.
  public var embeddingSize: Int?
  /// The probability that a token is left out, in training: its vector becomes zeros. Needs ``embeddingSize``; `nil`: none is.
  public var wordDropout: Double?
  /// The recurrent layers, from below to above.
  public var layers: [LayerConfiguration] = [.recurrent(CellConfiguration(.lstm, size: 256))]
  /// Rate of dropout on the tokens' vectors and below the output, in training.
  public var dropout = 0.0
  /// What that dropout zeroes together; `nil`: each element by itself.
  public var dropoutUnit: DropoutUnit?
  /// Whether the output layer has the tokens' vectors as its weights (Press and Wolf 2017); needs ``embeddingSize``.
  public var tiesWeights = false

  // MARK: Training
  /// k₁, tokens from one update to the next: as far as a gradient goes back, unless `training.reach` (k₂) says otherwise.
  public var steps = 64
  /// Bytes that training may take, an estimate that bounds the activations (see ``SegmentPlan``); the length of
  /// `training.segments` follows from it. `nil`: all tokens of a window are held at once.
  public var memory: Int?
  /// Whether a row of the batch goes on in the state where its last window ended; a network that reads ahead cannot.
  public var carriesState = true
  /// Rows of a batch are stretches of the text side by side: 20 epochs of AdamW in 32 rows, the rate falling along a cosine
  /// from 3 · 10⁻³, gradients clipped to norm 1.
  public var training = TrainerOptions(
    epochs: Self.epochs, batchSize: 32, optimizer: .adamW(), learningRate: 3e-3,
    schedule: .cosine(total: Self.epochs), clipping: .norm(1), shuffles: false, carriesState: true)
  private static let epochs = 20

  /// The longest window.
  public static let mostSteps = 1 << 20

  /// The defaults.
  public init() {}

  /// Whether any layer reads from the end.
  public var readsAhead: Bool { layers.contains(where: \.readsAhead) }
}
