public import Recurrent

/// Everything that decides a forecaster: how the file is read, what is forecast from what, the network, the training.
/// Every default stands here, the command's among them, and the whole is stored beside the model.
public struct ForecastConfiguration: Codable, Equatable, Sendable {
  // MARK: Data
  /// How the file is read, as it was asked for. What was left open is found: times and kinds of columns in the training
  /// file, for all files (``ForecastPreparation/reading``), delimiter and header in every file.
  public var table = TableOptions()
  /// The column that is forecast. It is an input too.
  public var target: String
  /// Input columns besides the target; `nil`: every column but the times.
  public var features: [String]?
  /// Inputs whose future values are known when a forecast is made (a holiday, a planned price). All others are treated
  /// as unknown, also where the file happens to hold them.
  public var knownAhead: [String] = []
  /// Inputs that are angles in degrees: each becomes its sine and cosine.
  public var angles: [String] = []
  /// Whether the hour of day, the day of week and the day of year are inputs, where the times allow it.
  public var calendar = true
  /// What fills missing inputs; policies that look ahead are refused. Rows whose target is missing are never asked for, nor scored.
  public var gaps = GapPolicy.previous
  /// Rows in a window.
  public var window = 24
  /// Rows from a window to the next.
  public var stride = 1
  /// Rows from a window's last row to the values asked for.
  public var horizons = [1, 2, 4, 8]
  /// The share of the rows, the last ones, that is held out for the figures.
  public var testShare = 0.2
  /// The share of the rows before them that chooses the epoch.
  public var validationShare = 0.15
  /// How the rows for validation lie. In blocks, they stand for all seasons of the file; one stretch before the held-out
  /// rows would choose the epoch that fits one season.
  public var validationRows = ValidationRows.blocks
  /// Of inputs and of outputs, fitted on the rows before the held-out ones.
  public var normalisation = Normalisation.standard

  // MARK: Network
  /// From below to above.
  public var layers: [LayerConfiguration] = [
    .recurrent(CellConfiguration(.gru(.resetAfter), size: 48)),
    .recurrent(CellConfiguration(.gru(.resetAfter), size: 48)),
  ]
  /// Strength of the ridge regression that the linear path starts from, per training window, on normalised inputs;
  /// `nil`: no linear path.
  public var ridge: Double? = 0.002
  /// Whether the outputs are changes from the window's last value rather than values.
  public var predictsChange = true

  // MARK: Training
  /// Epochs, batch, optimiser, schedule and seed: 8 epochs of AdamW in batches of 64, the rate falling along a cosine from
  /// 4 · 10⁻³, gradients clipped to norm 1, and the running average of the parameters used.
  public var training = TrainerOptions(
    epochs: Self.epochs, batchSize: 64, optimizer: .adamW(), learningRate: 4e-3,
    schedule: .cosine(total: Self.epochs), clipping: .norm(1), averaging: ParameterAveraging())
  private static let epochs = 8

  /// The defaults, for one column to forecast.
  public init(target: String) {
    self.target = target
  }
}
