internal import Foundation
internal import RecurrentData
public import RecurrentReports

extension LanguageModelEvaluation {
  /// The figures, the model's first.
  public func table() -> ReportTable {
    var table = ReportTable(
      [.text("model"), .number("nats a token"), .number("bits a token"), .number("perplexity")],
      caption: "\(tokens) \(unit.rawValue) of \(Self.part(isTrainingText))")
    func append(_ line: Line, _ name: String, isOwn: Bool) {
      let format = NumberFormat.fixed(3)
      table.append(
        [
          name, format.text(line.nats), format.text(line.bits),
          NumberFormat.significant(4).text(line.perplexity),
        ],
        emphasized: isOwn)
    }
    append(model, model.name + (isLeak ? " (LEAK)" : ""), isOwn: true)
    if let withoutFuture { append(withoutFuture, withoutFuture.name, isOwn: true) }
    for line in baselines { append(line, line.name, isOwn: false) }
    return table
  }

  static func part(_ isTrainingText: Bool?) -> String {
    switch isTrainingText {
    case true?: "the training text"
    case false?: "held-out text"
    case nil: "the text given"
    }
  }

  /// One sentence.
  public var verdict: String {
    if isLeak {
      return
        "LEAK: the network reads the text from its end too and sees the token that it is asked for, so its perplexity measures nothing; 'evaluate --mask-future' hides what comes later"
    }
    guard let best = baselines.min(by: { $0.nats < $1.nats }) else { return "" }
    let percent = NumberFormat.fixed(1).text(100 * (1 - model.perplexity / best.perplexity))
    return beatsEveryBaseline
      ? "The network's perplexity is \(percent) % below that of the best baseline, \(best.name)."
      : "The network does not beat the best baseline, \(best.name)."
  }

  /// The figures for a program.
  package var json: JSONValue {
    func value(_ line: Line) -> JSONValue {
      [
        "name": .string(line.name), "nats": .number(line.nats), "bits": .number(line.bits),
        "perplexity": .number(line.perplexity),
      ]
    }
    return [
      "unit": .string(unit.rawValue), "tokens": .integer(tokens),
      "training_text": isTrainingText.map { .boolean($0) } ?? .null,
      "leak": .boolean(isLeak), "model": value(model),
      "without_future": withoutFuture.map(value) ?? .null, "baselines": .array(baselines.map(value)),
    ]
  }
}
