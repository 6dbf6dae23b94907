public import Recurrent

/// Everything that decides a tagger: which columns are read, the network, the training. Every default stands here, the
/// command's among them, and the whole is stored beside the model.
public struct TaggerConfiguration: Codable, Equatable, Sendable {
  /// What tags are.
  public enum Tags: Codable, Equatable, Sendable {
    /// Names, each for one word: parts of speech.
    case plain
    /// Of entities, in a scheme.
    case entities(TagScheme)
  }

  /// What judges tags.
  public enum Output: String, Codable, CaseIterable, Sendable {
    /// Every word's by itself.
    case softmax
    /// A conditional random field: all of a sentence together.
    case field = "crf"
  }

  // MARK: Text
  /// The column of the words; `nil`, until a file is read: `form` of CoNLL-U, else the first.
  public var tokenColumn: ColumnKey?
  /// The column of the tags; `nil`, until a file is read: `upos` of CoNLL-U, else the last.
  public var labelColumn: ColumnKey?
  /// What the tags are; `nil`, until a file is read: of entities where every one can be, in the scheme that allows them all.
  public var tags: Tags?
  /// Whether tags that the scheme does not allow are mended, as conlleval reads them, in place of an error.
  public var repairs = false
  /// How plain text is cut when it is tagged: words between spaces.
  public var tokenizer = Tokenizer(.words)
  /// The share of the sentences before the held-out ones, the last of them, that chooses the epoch, where no file does; 0: the
  /// training loss does.
  public var validationShare = 0.1
  /// The share of the sentences, the last ones, that is held out for the figures, where no file is; 0: figures of the
  /// training sentences.
  public var testShare = 0.1

  // MARK: Words
  /// D, the size of the words' vectors.
  public var wordSize = 100
  /// Words that training shows less often have the unknown word's vector.
  public var minimumCount = 2
  /// Whether words that differ in case alone share a vector; their characters are read as they are.
  public var foldsCase = true
  /// α: training replaces a word that it shows n times by the unknown one with probability α/(α + n).
  public var rareWordDropout = 0.25
  /// Training replaces any word by the unknown one with this probability besides.
  public var wordDropout = 0.0
  /// The size of the characters' vectors.
  public var characterSize = 32
  /// H, the units of each direction of the LSTM that reads a word's characters; 0: they are not read.
  public var characterUnits = 48
  /// Of a longer word, the first and the last characters are read, so many together.
  public var longestWord = 32

  // MARK: Network
  /// The recurrent layers, from below to above.
  public var layers: [LayerConfiguration] = [
    .bidirectional(
      forward: CellConfiguration(.lstm, size: 128), reverse: CellConfiguration(.lstm, size: 128))
  ]
  /// Rate of dropout on the words' vectors and below the output, in training.
  public var dropout = 0.4
  /// What that dropout zeroes together; `nil`: each element by itself.
  public var dropoutUnit: DropoutUnit?
  /// What judges the tags; `nil`, until a file is read: a field for entities, else a softmax.
  public var output: Output?

  // MARK: Training
  /// What chooses the epoch, on the sentences that do; `nil`, the default: the loss.
  public var choice: EpochChoice?
  /// 15 epochs of AdamW in batches of 32 sentences, the rate falling along a cosine from 3 · 10⁻³, gradients clipped to norm 1.
  public var training = TrainerOptions(
    epochs: Self.epochs, batchSize: 32, optimizer: .adamW(), learningRate: 3e-3,
    schedule: .cosine(total: Self.epochs), clipping: .norm(1))
  private static let epochs = 15

  /// The defaults.
  public init() {}

  /// The scheme of the tags of entities.
  public var scheme: TagScheme? { if case .entities(let scheme) = tags { scheme } else { nil } }

  /// The scheme that the network learns: that of the file, but for `iob1`, in which a tag does not say where an entity begins.
  var learnedScheme: TagScheme? { scheme.map { $0 == .iob1 ? .bio : $0 } }
}
