internal import Recurrent

extension ForecastDirectory.Stored {
  /// Sizes that a command line accepts; larger ones would overflow in products of sizes.
  private static let sizes = 1...1 << 20

  /// The first place that no training could have written: decoded types alone do not make a configuration, and what
  /// comes later relies on it.
  var inconsistency: String? {
    let plan = preparation.plan
    if configuration.table.sizeLimit < 0 { return "configuration.table.sizeLimit" }
    if !(configuration.testShare > 0 && configuration.testShare < 1) { return "configuration.testShare" }
    if !configuration.layers.allSatisfy(Self.isSensible) { return "configuration.layers" }
    if !Self.sizes.contains(plan.length) || !Self.sizes.contains(plan.stride) { return "preparation.plan" }
    guard let first = plan.horizons.first, let last = plan.horizons.last, first >= 1,
      last <= Self.sizes.upperBound, zip(plan.horizons, plan.horizons.dropFirst()).allSatisfy({ $0 < $1 })
    else { return "preparation.plan.horizons" }
    return preparation.inconsistency.map { "preparation.\($0)" }
  }

  private static func isSensible(_ layer: LayerConfiguration) -> Bool {
    switch layer {
    case .recurrent(let cell, _): sizes.contains(cell.size)
    case .bidirectional(let forward, let reverse, _):
      sizes.contains(forward.size) && sizes.contains(reverse.size)
    case .linear(let outputs, _, _): sizes.contains(outputs)
    case .dropout: true
    case .stack(let layers), .parallel(let layers, _): layers.allSatisfy(isSensible)
    }
  }
}

extension ForecastPreparation {
  fileprivate var inconsistency: String? {
    let names = encoder.columnNames
    if encoder.features.isEmpty { return "encoder.features" }
    for (index, fitted) in encoder.features.enumerated() {
      if !fitted.isConsistent { return "encoder.features.\(index)" }
      let kind = reading.kinds[fitted.feature.column]
      if kind != (fitted.levels == nil ? .numeric : .categorical) { return "reading.kinds" }
    }
    if inputs.names != names || inputs.columns.count != names.count { return "inputs" }
    if !inputs.columns.allSatisfy(\.isUsable) { return "inputs.columns" }
    if outputs.count != plan.horizons.count || !outputs.allSatisfy(\.isUsable) { return "outputs" }
    if !names.indices.contains(targetColumn) { return "targetColumn" }
    if !aheadColumns.allSatisfy(names.indices.contains) || aheadColumns.count > names.count {
      return "aheadColumns"
    }
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
    return columnNames.count == count && means.map { $0.count == count } ?? true
  }
}

extension Normaliser {
  fileprivate var isUsable: Bool { scale != 0 && scale.isFinite && shift.isFinite }
}
