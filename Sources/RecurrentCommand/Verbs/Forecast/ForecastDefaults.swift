internal import RecurrentNN
internal import RecurrentTasks
internal import RecurrentTraining

/// The task's own defaults, for the options that show them.
enum ForecastDefaults {
  static let configuration = ForecastConfiguration(target: "")
  static let training = configuration.training
  /// Of the default layers, all of one direction.
  static let layerSizes = configuration.layers.compactMap { layer -> LayerSizes? in
    guard case .recurrent(let cell, _) = layer else { return nil }
    return LayerSizes(forward: cell.size)
  }
  static let weightDecay: Double =
    switch training.optimizer {
    case .sgd(_, _, let decay), .rmsprop(_, _, _, let decay), .adam(_, _, _, let decay),
      .adamW(_, _, _, let decay):
      decay
    }
}
