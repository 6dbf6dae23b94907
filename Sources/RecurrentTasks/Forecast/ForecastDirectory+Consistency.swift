internal import Recurrent

extension ForecastDirectory.Stored {
  /// The first place that no training could have written: decoded types alone do not make a configuration, and what
  /// comes later relies on it.
  package var inconsistency: String? {
    if configuration.table.sizeLimit < 0 { return "configuration.table.sizeLimit" }
    if !configuration.testShare.isShare { return "configuration.testShare" }
    if !configuration.validationShare.isShare { return "configuration.validationShare" }
    if !configuration.layers.allSatisfy(\.hasSensibleSizes) { return "configuration.layers" }
    if preparation.encoder.features.first?.feature.column != configuration.target {
      return "configuration.target"
    }
    return preparation.inconsistency.map { "preparation.\($0)" }
  }
}

extension ForecastPreparation {
  fileprivate var inconsistency: String? {
    let names = encoder.columnNames
    for (index, fitted) in encoder.features.enumerated() {
      if !fitted.isConsistent { return "encoder.features.\(index)" }
      let kind = reading.kinds[fitted.feature.column]
      if kind != (fitted.levels == nil ? .numeric : .categorical) { return "reading.kinds" }
    }
    if inputs.names != names || inputs.columns.count != names.count { return "inputs" }
    if !inputs.columns.allSatisfy(\.isUsable) { return "inputs.columns" }
    if outputs.count != plan.horizons.count || !outputs.allSatisfy(\.isUsable) { return "outputs" }
    // The target is the first feature, a number as it is.
    if targetColumn != 0 || encoder.features.first?.isPlainNumber != true { return "targetColumn" }
    if aheadColumns != encoder.aheadColumns { return "aheadColumns" }
    if !step.isUsable(over: plan.length + plan.stride + plan.longestHorizon) { return "step" }
    return nil
  }
}

extension FrameEncoder.FittedFeature {
  /// Whether it names as many columns as its encoding makes, with a mean for each where there are means.
  fileprivate var isConsistent: Bool {
    let count: Int
    switch feature.encoding {
    case .automatic: count = levels?.count ?? 1
    case .codes: count = 1
    case .circle(let period), .polar(_, let period):
      guard period != 0 && period.isFinite else { return false }
      count = 2
    }
    // Without a level there would be no column at all.
    return count > 0 && columnNames.count == count && means.map { $0.count == count } ?? true
  }
}

extension FrameEncoder.FittedFeature {
  fileprivate var isPlainNumber: Bool { feature.encoding == .automatic && levels == nil }
}

extension Normaliser {
  fileprivate var isUsable: Bool { scale != 0 && scale.isFinite && shift.isFinite }
}
