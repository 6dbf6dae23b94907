public import Recurrent

/// Everything that decides a classifier: how examples are read, the network, the training. Every default stands here, the
/// command's among them, and the whole is stored beside the model.
public struct ClassifierConfiguration: Codable, Equatable, Sendable {
  // MARK: Examples
  /// How a file of examples is read.
  public var reading = ClassifierReading()
  /// What a text is cut into: characters, which suit any script.
  public var tokenizer = Tokenizer(.characters)
  /// Which tokens the vocabulary has; it is counted on the texts that are learned from alone.
  public var vocabulary = Vocabulary.Rule()
  /// Only so many tokens of each text, the first ones; `nil`: all.
  public var tokenLimit: Int?
  /// The share of the examples that chooses the epoch; 0: the training loss does.
  public var validationShare = 0.1
  /// The share of the examples that is held out for the figures; 0: the figures are those of the examples that chose the epoch.
  public var testShare = 0.1
  /// Of the deal of examples to these parts, so that runs of several ``training`` seeds are judged by the same ones.
  public var splitSeed: UInt64 = 1

  // MARK: Network
  /// D, the size of the tokens' vectors; `nil`: the first layer reads tokens as one-hot vectors. Of series there are none.
  public var embeddingSize: Int? = 64
  /// The probability that a token is left out, in training: its vector becomes zeros. Needs ``embeddingSize``.
  public var wordDropout = 0.0
  /// The recurrent layers, from below to above.
  public var layers: [LayerConfiguration] = [
    .bidirectional(forward: CellConfiguration(.lstm, size: 64), reverse: CellConfiguration(.lstm, size: 64))
  ]
  /// How the steps become one vector.
  public var pooling = Summary.ends
  /// Rate of dropout on the tokens' vectors and below the output, in training.
  public var dropout = 0.3
  /// What that dropout zeroes together; `nil`: each element by itself.
  public var dropoutUnit: DropoutUnit?

  // MARK: Loss
  /// β: an example of a class with n examples to learn from counts n^−β times as much, scaled to a mean of 1. 0, the default: every
  /// example counts alike, as in accuracy; 1: every class does, as in macro-F1.
  public var classBalance = 0.0
  /// ε: the right class is to have the probability 1 − ε + ε / K, the K − 1 others ε / K each (Szegedy et al. 2016,
  /// arXiv:1512.00567).
  public var labelSmoothing = 0.0

  // MARK: Training
  /// What chooses the epoch, on the examples that do; `nil`, the default: the loss.
  public var choice: EpochChoice?
  /// 30 epochs of AdamW in batches of 16, the rate falling along a cosine from 2 · 10⁻³, gradients clipped to norm 1.
  public var training = TrainerOptions(
    epochs: Self.epochs, batchSize: 16, optimizer: .adamW(), learningRate: 2e-3,
    schedule: .cosine(total: Self.epochs), clipping: .norm(1))
  private static let epochs = 30

  /// How the top layer's steps become one vector.
  public enum Summary: String, Codable, CaseIterable, Sendable {
    /// The final state of either direction: the last step of the forward one, the first of the reverse one.
    case ends
    /// The mean over the steps.
    case mean
    /// The largest over the steps, each feature by itself.
    case maximum
  }

  /// The defaults.
  public init() {}
}
