internal import RecurrentCore
internal import RecurrentReports
internal import RecurrentTasks

/// What `explain --json` prints.
struct ExplanationDocument {
  private let drawing: ExplanationDrawing

  init(_ drawing: ExplanationDrawing) { self.drawing = drawing }

  var document: JSONDocument {
    let explanation = drawing.explanation
    return JSONDocument(
      verb: "explain",
      [
        "model": .string(explanation.model), "question": .string(explanation.question),
        "loss": .number(explanation.loss),
        "steps": .array(
          zip(explanation.steps, explanation.tokenNumbers).map { step, number in
            [
              "text": .string(step.text), "unknown": .boolean(step.isUnknown),
              "number": number.map { .integer($0) } ?? .null,
            ]
          }),
        "input_gradient_norms": Self.numbers(explanation.saliency),
        "layers": .array(drawing.layers.map(layer)),
      ])
  }

  private func layer(_ layer: Explanation.Layer) -> JSONValue {
    [
      "layer": .integer(layer.number), "direction": .string(layer.direction.rawValue),
      "cell": .string(layer.cell), "units": .integer(layer.units),
      "gates": .array(layer.gates.map { quantity($0, layer) }),
      "states": .array(layer.states.map { quantity($0, layer) }),
      "gradients": .array(
        layer.gradients.map { gradient in
          [
            "state": .string(gradient.state), "norms": Self.numbers(gradient.norms),
            "factor_per_step": gradient.decay.map { .number($0) } ?? .null,
          ]
        }),
    ]
  }

  /// The means of every token, and of asked units their values, token by token.
  private func quantity(_ quantity: Explanation.Quantity, _ layer: Explanation.Layer) -> JSONValue {
    var members: [String: JSONValue] = [
      "name": .string(quantity.name), "mean_of": .string(quantity.isGate ? "values" : "magnitudes"),
      "means": Self.numbers(quantity.means),
    ]
    if let units = drawing.units?.filter({ $0 < layer.units }) {
      members["units"] = .array(units.map { .integer($0 + 1) })
      members["values"] = .array(
        quantity.values.map { step in .array(units.map { JSONValue(step[$0]) }) })
    }
    return .object(members)
  }

  private static func numbers(_ values: [Double]) -> JSONValue { .array(values.map { .number($0) }) }
}
