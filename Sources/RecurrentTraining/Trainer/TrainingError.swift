internal import RecurrentCore
public import RecurrentNN

/// Why a run cannot start, or cannot go on. `description` is one line: where, what was found, what was expected and what
/// to do.
public enum TrainingError: Error, Sendable, Hashable, CustomStringConvertible {
  /// An option that cannot be trained with.
  case option(OptionProblem)
  /// A source with no example at all: "training" or "validation".
  case noExamples(source: String)
  /// A whole epoch, or all validation examples, without a single output to compare.
  case nothingCounted(source: String, epoch: Int)
  /// A loss, gradient or parameter that is NaN or infinite: where, and at which example.
  case notFinite(NotFinite)
  /// The data have another number of examples than the run began with.
  case otherData(found: Int, expected: Int)
  /// The model has other parameters than the state.
  case otherModel(found: String, expected: String)

  public var description: String {
    switch self {
    case .option(let problem):
      "\(problem); set it and start again"
    case .noExamples(let source):
      "\(source) data: found no example, expected at least one; give more data or shorter windows"
    case .nothingCounted(let source, let epoch):
      "\(source) data, epoch \(epoch): found no output to compare with a target, expected at least one; "
        + "check the lengths, the positions of outputs and the ignored classes"
    case .notFinite(let finding):
      finding.description
    case .otherData(let found, let expected):
      "training data: found \(found) examples, expected \(expected) as when the run began; "
        + "resume with the same data or start a new run"
    case .otherModel(let found, let expected):
      "model: found \(found), expected \(expected) as in the saved state; "
        + "resume with the same model configuration or start a new run"
    }
  }
}

/// Where a number became NaN or infinite. Epochs, batches and updates are counted from 1, examples from 0.
public struct NotFinite: Sendable, Hashable, CustomStringConvertible {
  /// Which number it was.
  public enum Quantity: String, Sendable, Hashable {
    /// The loss of a batch.
    case trainingLoss = "training loss"
    /// A gradient of a batch, before the update.
    case gradient
    /// A parameter, after the update.
    case parameter
    /// The loss of the validation examples.
    case validationLoss = "validation loss"
  }

  /// Which number it was.
  public let quantity: Quantity
  /// What was found: NaN or ±infinity.
  public let value: Double
  /// Counted from 1.
  public let epoch: Int
  /// `nil`: at the end of the epoch.
  public let batch: Int?
  /// The update that was being made, and was not.
  public let update: Int
  /// The first parameter with a gradient or a value that is not finite; `nil` where all are.
  public let parameter: String?
  /// The number of the first example of the batch, or of the validation data, that alone shows it; `nil` where none does.
  public let example: Int?
  /// Where in the computation of that example the first such number stands; `nil` where no example alone shows it, or the
  /// model cannot tell.
  public let origin: NotFiniteOrigin?

  public var description: String {
    var place = "epoch \(epoch)"
    if let batch { place += ", batch \(batch)" }
    place += ", update \(update)"
    if let example { place += ", example \(example)" }
    if let origin { place += ", \(origin)" }
    if let parameter { place += ", parameter '\(parameter)'" }
    return "\(place): found \(quantity.rawValue) \(plainNumber(value)), expected a finite number; "
      + "look for such values in the data, clip gradients or lower the learning rate"
  }
}
