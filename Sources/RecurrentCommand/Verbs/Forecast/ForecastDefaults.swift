internal import RecurrentTasks

/// The task's own defaults, for the options that show them.
enum ForecastDefaults {
  static let configuration = ForecastConfiguration(target: "")
  static let training = configuration.training
}
