internal import Foundation
internal import Recurrent
internal import RecurrentCore
public import RecurrentReports

/// Pictures, tables and the page of an ``Explanation``.
public struct ExplanationDrawing: Sendable {
  /// What is shown.
  public let explanation: Explanation
  /// Some of its layers.
  public let layers: [Explanation.Layer]
  /// Units that are shown one by one in place of means, from 0; `nil`: none.
  public let units: [Int]?

  /// Which units are shown one by one.
  public enum Units: Sendable, Hashable {
    /// Every unit of every layer.
    case all
    /// Some, from 1; a smaller layer shows those that it has.
    case numbered([Int])
  }

  /// - Parameters:
  ///   - layer: its number from 1; `nil`: all layers.
  ///   - units: shown one by one; `nil`: means over all of them.
  public init(
    _ explanation: Explanation, layer: Int? = nil, units: Units? = nil
  ) throws(ExplanationProblem) {
    self.explanation = explanation
    layers = explanation.layers.filter { layer == nil || $0.number == layer }
    if layers.isEmpty {
      throw .noSuchLayer(number: layer ?? 0, most: explanation.layers.map(\.number).max() ?? 0)
    }
    let most = layers.map(\.units).max() ?? 0
    switch units {
    case nil: self.units = nil
    case .all: self.units = Array(0..<most)
    case .numbered(let numbers):
      if let other = numbers.first(where: { !(1...most).contains($0) }) {
        throw .noSuchUnit(number: other, most: most)
      }
      self.units = numbers.map { $0 - 1 }
    }
  }

  // MARK: - Words

  /// The steps' names as they can be seen: white space by marks, and a star at what the vocabulary lacks.
  public var stepNames: [String] {
    explanation.steps.map { Self.visible($0.text) + ($0.isUnknown ? "*" : "") }
  }

  var hasUnknown: Bool { explanation.steps.contains(where: \.isUnknown) }

  var unknownNote: String {
    explanation.model == "tagger"
      ? "A star marks a word without a vector of its own: the model reads the unknown word's there."
      : "A star marks a token that the vocabulary lacks: the model reads the unknown token there."
  }

  private static func visible(_ token: String) -> String {
    switch token {
    case " ": "␣"
    case "\n": "⏎"
    case "\t": "⇥"
    default:
      token.allSatisfy(\.isWhitespace)
        || token.unicodeScalars.contains { $0.properties.generalCategory == .control }
        ? token.unicodeScalars.map { "U+" + String($0.value, radix: 16, uppercase: true) }.joined(
          separator: " ")
        : token
    }
  }

  /// "layer 1, forward: LSTM of 64 units".
  static func heading(_ layer: Explanation.Layer) -> String {
    "\(layer.name): \(layer.cell) of \(counted(layer.units, "unit"))"
  }

  /// What L is, in a sentence.
  public var sentence: String {
    "L = \(explanation.question) = \(NumberFormat.significant(4).text(explanation.loss))"
      + (explanation.unit.map { " \($0)" } ?? "")
  }

  // MARK: - Ranges

  /// What the gradients of all layers shown lie in; `nil`: none is above 0.
  var gradientRange: ClosedRange<Double>? {
    let positive = layers.flatMap(\.gradients).flatMap(\.norms).filter { $0 > 0 && $0.isFinite }
    guard let top = positive.max(), let low = positive.min() else { return nil }
    // Shades and bars of more than twelve decades say nothing any more.
    return (low == top ? top / 10 : max(low, top * 1e-12))...top
  }

  /// What a quantity's means lie in.
  func top(_ quantity: Explanation.Quantity) -> Double {
    quantity.isGate ? 1 : quantity.means.max() ?? 0
  }

  /// The greatest magnitude of a quantity's units.
  func bound(_ quantity: Explanation.Quantity) -> Double {
    quantity.isGate ? 1 : Double(quantity.values.joined().map(abs).max() ?? 0)
  }

  // MARK: - Pictures

  /// Cells that a picture may have: a page of so many is some 30 MB.
  public static let mostCells = 200_000

  /// Cells of a picture of everything.
  public var cells: Int {
    let rows = layers.reduce(1) { sum, layer in
      let shown = units.map { $0.count { $0 < layer.units } } ?? 1
      return sum + layer.quantities.count * shown + layer.gradients.count
    }
    return rows * explanation.steps.count
  }

  /// Everything in one picture: what L depends on, and gates, states and gradients of each layer.
  public func map() -> HeatMap {
    HeatMap(
      title: sentence, steps: stepNames,
      groups: [saliencyGroup] + layers.map { Self.group($0, meanRows($0) + unitRows($0) + gradientRows($0)) })
  }

  private static func group(_ layer: Explanation.Layer, _ rows: [HeatMap.Row]) -> HeatMap.Group {
    HeatMap.Group(heading(layer), rows)
  }

  private var saliencyGroup: HeatMap.Group {
    .init(
      "what L depends on",
      [.init("‖∂L/∂x‖", explanation.saliency, .upTo(explanation.saliency.max() ?? 0))])
  }

  private func meanRows(_ layer: Explanation.Layer) -> [HeatMap.Row] {
    guard units == nil else { return [] }
    return layer.quantities.map { quantity in
      .init(quantity.isGate ? quantity.name : "|\(quantity.name)|", quantity.means, .upTo(top(quantity)))
    }
  }

  private func unitRows(_ layer: Explanation.Layer) -> [HeatMap.Row] {
    layer.quantities.flatMap { quantity in
      (units ?? []).filter { $0 < layer.units }.map { unit in
        HeatMap.Row(
          "\(quantity.name) \(unit + 1)", quantity.values.map { Double($0[unit]) },
          quantity.isGate ? .upTo(1) : .around(bound(quantity)))
      }
    }
  }

  private func gradientRows(_ layer: Explanation.Layer) -> [HeatMap.Row] {
    guard let range = gradientRange else { return [] }
    return layer.gradients.map { .init("‖∂L/∂\($0.state)‖", $0.norms, .ratios(range)) }
  }

  /// Norms of gradients over the steps, one curve for each layer, direction and component of the state.
  public func gradientChart() -> LineChart {
    LineChart(
      title: "The loss's gradient through time", x: .init("step"),
      y: .init("norm of the gradient", scale: .logarithmic),
      series: layers.flatMap { layer in
        layer.gradients.map { .init("\(layer.name), \($0.state)", y: $0.norms) }
      })
  }

  /// How fast the gradients vanish or grow.
  public func decayTable() -> ReportTable {
    var table = ReportTable(
      [
        .text("layer"), .text("state"), .number("smallest"), .number("largest"),
        .number("factor a step back"),
      ])
    let format = NumberFormat.significant(3)
    for layer in layers {
      for gradient in layer.gradients {
        let reached = gradient.norms.filter { $0 > 0 }
        table.append([
          layer.name, gradient.state, reached.min().map(format.text) ?? "0",
          reached.max().map(format.text) ?? "0",
          gradient.decay.map(format.text) ?? "–",
        ])
      }
    }
    return table
  }

  /// A page that stands alone.
  public func page() -> HTMLReport {
    let whatIs =
      units == nil
      ? "Gates are means over the units, between 0 and 1; of candidate and states the means are of magnitudes, marked by | |."
      : "Units one by one; orange is below 0."
    return HTMLReport(
      title: "What a \(explanation.model) does",
      subtitle: explanation.steps.map(\.text).joined(separator: joint),
      sections: [
        .init(
          "What the loss depends on",
          [
            .paragraph(
              "\(sentence). x is what stands for a token: the longer its gradient, the more a small change of it would change L."
            ),
            .figure(HeatMap(title: "What the answer depends on", steps: stepNames, groups: [saliencyGroup])),
          ] + (hasUnknown ? [.note(unknownNote)] : [])),
        .init(
          "Gates and states",
          [
            .paragraph(
              "\(whatIs) Pale and deep are the ends of the range at the right. Gradients are by ratios.")
          ]
            + layers.map { layer in
              .figure(
                HeatMap(
                  title: "Gates and states, \(layer.name)", steps: stepNames,
                  groups: [Self.group(layer, meanRows(layer) + unitRows(layer) + gradientRows(layer))]))
            }),
        .init(
          "Gradients through time",
          [
            .paragraph(
              "The norm of ∂L/∂s at each step, by what the step hands on to the next one in its direction; the layers above have their share in it. The factor is the geometric mean of a step back through time: below 1 the gradient vanishes, above 1 it grows."
            ), .table(decayTable()), .figure(gradientChart()),
          ]),
      ])
  }

  /// Between the tokens of a subtitle.
  private var joint: String {
    explanation.steps.allSatisfy { $0.text.count == 1 || $0.text.hasPrefix("⟨") } ? "" : " "
  }
}
