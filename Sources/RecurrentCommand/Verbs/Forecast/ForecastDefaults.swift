internal import RecurrentTasks

/// The task's own defaults, for the options that show them.
enum ForecastDefaults {
  static let configuration = ForecastConfiguration(target: "")
  static let network = NetworkOptions(configuration.layers)
  static let training = TrainingOptions(configuration.training, examples: "windows")
}
