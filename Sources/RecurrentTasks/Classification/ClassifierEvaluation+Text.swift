internal import RecurrentData
public import RecurrentReports

extension ClassifierEvaluation {
  /// What the examples are called: "80 held-out texts".
  var examples: String {
    switch part {
    case .heldOut: "\(model.score.count) held-out \(noun)"
    case .validation: "\(model.score.count) \(noun) that chose the epoch"
    case .training: "\(model.score.count) \(noun) of training"
    case .file: "\(model.score.count) \(noun)"
    }
  }

  /// The figures, the model's first.
  public func table() -> ReportTable {
    var table = ReportTable(
      [.text("model"), .number("accuracy"), .number("macro-F1")], caption: examples)
    for (index, line) in ([model] + baselines).enumerated() {
      table.append(
        [line.name, Self.percent(line.score.accuracy), Self.fixed(line.score.macroF1)],
        emphasized: index == 0)
    }
    return table
  }

  /// Precision, recall and F1 of each class.
  public func classTable() -> ReportTable {
    var table = ReportTable([
      .text("class"), .number("examples"), .number("precision"), .number("recall"), .number("F1"),
    ])
    for figures in model.score.byClass {
      table.append([
        figures.name, "\(figures.support)", figures.precision.map(Self.fixed) ?? "–",
        figures.recall.map(Self.fixed) ?? "–", figures.f1.map(Self.fixed) ?? "–",
      ])
    }
    return table
  }

  /// Examples by true class (row) and answer (column).
  public func confusionTable() -> ReportTable {
    let score = model.score
    var table = ReportTable(
      [.text("true class, then answers")] + score.classes.map { .number($0) },
      caption: "What the network takes each class for")
    for (name, row) in zip(score.classes, score.confusion) {
      table.append([name] + row.map { $0 == 0 ? "·" : "\($0)" })
    }
    return table
  }

  /// One sentence.
  public var verdict: String {
    let calibrated =
      "the probability of its answers is off by \(Self.percent(calibrationError)) on average"
    guard let best = baselines.max(by: { $0.score.accuracy < $1.score.accuracy }) else { return calibrated }
    let figures = "\(Self.percent(model.score.accuracy)) against \(Self.percent(best.score.accuracy))"
    let start =
      beatsEveryBaseline
      ? "The network is right more often than the best baseline, \(best.name): \(figures)"
      : "The network is not right more often than the best baseline, \(best.name): \(figures)"
    return "\(start); \(calibrated)."
  }

  static func percent(_ share: Double) -> String { NumberFormat.fixed(1).text(100 * share) + " %" }
  static func fixed(_ value: Double) -> String { NumberFormat.fixed(3).text(value) }

  /// The figures for a program.
  package var json: JSONValue {
    func value(_ line: Line) -> JSONValue {
      [
        "name": .string(line.name), "accuracy": .number(line.score.accuracy),
        "macro_f1": .number(line.score.macroF1),
      ]
    }
    func optional(_ value: Double?) -> JSONValue { value.map { .number($0) } ?? .null }
    let classes: [JSONValue] = model.score.byClass.map {
      [
        "name": .string($0.name), "examples": .integer($0.support), "predicted": .integer($0.predicted),
        "precision": optional($0.precision), "recall": optional($0.recall), "f1": optional($0.f1),
      ]
    }
    let ranges: [JSONValue] = calibration.map {
      [
        "examples": .integer($0.count), "confidence": .number($0.confidence),
        "accuracy": .number($0.accuracy),
      ]
    }
    return [
      "examples": .integer(model.score.count), "kind": .string(noun), "part": .string(part.rawValue),
      "model": value(model), "nats": .number(nats), "calibration_error": .number(calibrationError),
      "calibration": .array(ranges), "classes": .array(classes),
      "confusion": .array(model.score.confusion.map { .array($0.map { .integer($0) }) }),
      "baselines": .array(baselines.map(value)),
    ]
  }
}
