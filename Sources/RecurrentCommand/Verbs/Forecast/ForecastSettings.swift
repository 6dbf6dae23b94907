internal import Foundation
internal import Recurrent
internal import RecurrentReports
package import RecurrentTasks

/// What each option of `train forecast` says in a configuration: the way back from settings to the command line.
package struct ForecastSettings {
  /// One option.
  package struct Setting: Sendable {
    package let option: OptionDefinition
    /// The option's value in a configuration; `nil` where it has no part in it.
    package let text: @Sendable (ForecastConfiguration) -> String?

    init<Value: Sendable>(
      _ option: Option<Value>, _ value: @escaping @Sendable (ForecastConfiguration) -> Value?
    ) {
      self.option = option.definition
      text = { value($0).map(option.describe) }
    }

    init(_ flag: Flag, _ isGiven: @escaping @Sendable (ForecastConfiguration) -> Bool) {
      option = flag.definition
      text = { isGiven($0) ? "given" : "not given" }
    }
  }

  static let data: [Setting] = [
    Setting(TrainForecastVerb.target) { $0.target },
    Setting(TrainForecastVerb.features) { .some($0.features) },
    Setting(TrainForecastVerb.knownAhead) { $0.knownAhead },
    Setting(TrainForecastVerb.angles) { $0.angles },
    Setting(TrainForecastVerb.noCalendar) { !$0.calendar },
    Setting(TrainForecastVerb.gaps) { $0.gaps },
    Setting(TrainForecastVerb.normalisation) { $0.normalisation },
    Setting(TrainForecastVerb.window) { $0.window },
    Setting(TrainForecastVerb.horizon) { $0.horizons },
    Setting(TrainForecastVerb.stride) { $0.stride },
    Setting(TrainForecastVerb.validationShare) { $0.validationShare },
    Setting(TrainForecastVerb.validationRows) { $0.validationRows },
    Setting(TrainForecastVerb.testShare) { $0.testShare },
  ]

  static let network: [Setting] = [
    Setting(ForecastDefaults.network.hidden) { NetworkSpelling($0.layers).sizes },
    Setting(ForecastDefaults.network.cell) { NetworkSpelling($0.layers).cells },
    Setting(ForecastDefaults.network.merge) { NetworkSpelling($0.layers).merge },
    Setting(ForecastDefaults.network.noBias) { !NetworkSpelling($0.layers).bias },
    Setting(ForecastDefaults.network.dropout) { NetworkSpelling($0.layers).dropout },
    Setting(ForecastDefaults.network.dropoutUnit) { NetworkSpelling($0.layers).dropoutUnit },
    Setting(ForecastDefaults.network.recurrentDropout) { NetworkSpelling($0.layers).recurrentDropout },
    Setting(ForecastDefaults.network.zoneout) { NetworkSpelling($0.layers).zoneout },
    Setting(ForecastDefaults.network.zoneoutMemory) { NetworkSpelling($0.layers).zoneoutMemory },
    Setting(ForecastDefaults.network.initialization) { NetworkSpelling($0.layers).initialization },
    Setting(TrainForecastVerb.noLinearPath) { $0.ridge == nil },
    Setting(TrainForecastVerb.ridge) { $0.ridge },
    Setting(TrainForecastVerb.predict) { $0.predictsChange ? "change" : "value" },
  ]

  static let training: [Setting] = [
    Setting(ForecastDefaults.training.epochs) { $0.training.epochs },
    Setting(ForecastDefaults.training.batch) { $0.training.batchSize },
    Setting(ForecastDefaults.training.optimizer) { OptimizerName($0.training.optimizer) },
    Setting(ForecastDefaults.training.rate) { $0.training.learningRate },
    Setting(ForecastDefaults.training.weightDecay) { $0.training.optimizer.weightDecay },
    Setting(ForecastDefaults.training.momentum) { $0.training.optimizer.momentum },
    Setting(ForecastDefaults.training.schedule) { ScheduleName($0.training.schedule) },
    Setting(ForecastDefaults.training.factor) { $0.training.schedule.factor },
    Setting(ForecastDefaults.training.every) { $0.training.schedule.every },
    Setting(ForecastDefaults.training.clip) { $0.training.clipping.norm },
    Setting(ForecastDefaults.training.clipValue) { .some($0.training.clipping.value) },
    Setting(ForecastDefaults.training.patience) { $0.training.earlyStopping?.patience ?? 0 },
    Setting(ForecastDefaults.training.averaging) { $0.training.averaging?.decay ?? 0 },
    Setting(ForecastDefaults.training.seed) { $0.training.seed },
  ]

  package static let all = data + network + training

  /// What differs, as "--seed was 1 and is now 2".
  static func differences(_ saved: ForecastConfiguration, _ given: ForecastConfiguration) -> [String] {
    let named = all.compactMap { setting -> String? in
      guard let before = setting.text(saved), let now = setting.text(given), before != now else { return nil }
      return sentence("--" + setting.option.name, before, now)
    }
    return named + reading(saved.table, given.table)
  }

  /// How the file is read, from the form that the settings have in `config.json`.
  private static func reading(_ saved: TableOptions, _ given: TableOptions) -> [String] {
    let (before, now) = (members(saved), members(given))
    return Set(before.keys).union(now.keys).sorted().compactMap { key in
      let (old, new) = (before[key] ?? "none", now[key] ?? "none")
      return old == new ? nil : sentence(optionName(key), old, new)
    }
  }

  /// The option that sets a member of `table`: the same words, but for one.
  private static func optionName(_ key: String) -> String {
    let words = key.map { $0.isUppercase ? "-\($0.lowercased())" : String($0) }.joined()
    return key == "missingWords" ? "--missing" : "--" + words
  }

  private static func members(_ options: TableOptions) -> [String: String] {
    guard let data = try? JSONEncoder().encode(options),
      case .object(let members)? = try? JSONValue(parsing: Array(data), name: "settings")
    else { return [:] }
    return members.compactMapValues { value in
      if case .string(let text) = value { text } else { try? value.text() }
    }
  }

  private static func sentence(_ name: String, _ before: String, _ now: String) -> String {
    func shown(_ text: String) -> String { text.isEmpty ? "none" : text }
    return "\(name) was \(shown(before)) and is now \(shown(now))"
  }
}
