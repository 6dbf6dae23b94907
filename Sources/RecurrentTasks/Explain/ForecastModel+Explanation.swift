internal import Recurrent
internal import RecurrentCore
internal import RecurrentNN

extension ForecastModel {
  /// What the network does with the window that ends at the last row whose target is known.
  ///
  /// L is the network's normalised output for one horizon, or the sum of all. The linear path has its share in ‖∂L/∂xₜ‖ and none in
  /// gates and states.
  public func explanation(
    of data: ForecastData, asking question: Explanation.Question = .answer
  ) throws(ExplanationProblem) -> Explanation {
    let plan = preparation.plan
    var asked = [0]
    switch question {
    case .answer: break
    case .all: asked = Array(plan.horizons.indices)
    case .token(let horizon):
      guard let index = plan.horizons.firstIndex(of: horizon) else {
        throw .noSuchHorizon(number: horizon, known: plan.horizons)
      }
      asked = [index]
    case .label(let label):
      throw .question("the class \(quoted(label))", model: "a forecaster", expected: "rows ahead")
    }
    let last: Int
    do {
      last = try forecastOrigin(of: data)
    } catch {
      throw .data(error)
    }
    if plan.length > Explanation.mostSteps { throw .tooLong(source: data.source, steps: plan.length) }
    let inputs = data.inputs(endingAt: [last], as: Float.self)
    var value = 0.0
    let trace = network.trace(
      window: inputs.window, ahead: inputs.ahead, parameters: PackedParameters(parameters)
    ) { outputs in
      var gradient = Matrix<Float>(zeros: 1, outputs.columns)
      for index in asked {
        value += Double(outputs[0, index])
        gradient[0, index] = 1
      }
      return gradient
    }
    let rows = asked.map { plan.horizons[$0] }
    let ahead = rows == [1] ? "1 row" : rows.map(String.init).joined(separator: ", ") + " rows"
    return try Explanation(
      model: "forecaster",
      steps: (last + 1 - plan.length...last).map { .init(data.axis.label(at: $0)) }, stepName: "row",
      question: "the forecast of \(quoted(configuration.target)) \(ahead) ahead, normalised", loss: value,
      unit: nil, trace: trace
    ).checked()
  }
}

extension ForecastNetwork {
  /// The network on some windows, looked into; x of the trace is a row of the window.
  ///
  /// - Parameter outputGradient: ∂L/∂outputs `[B, horizons]`, given the outputs.
  func trace(
    window: SequenceBatch<Scalar>, ahead: Matrix<Scalar>, parameters: PackedParameters<Scalar>,
    outputGradient: (Matrix<Scalar>) -> Matrix<Scalar>
  ) -> ModelTrace<Scalar> {
    let run = LayerTracer(parameters: parameters).run(
      body, "body", window, from: body.zeroState(batchSize: window.batchSize))
    let summary = Self.join(run.finalState.summary + [ahead])
    let headRun = head.forward(SequenceBatch(rows: summary), parameters: parameters)
    let linearRun = linear.map {
      $0.forward(SequenceBatch(rows: Self.flattened(window, ahead)), parameters: parameters)
    }
    var outputs = headRun.output.step(0)
    if let linearRun { outputs += linearRun.output.step(0) }
    let gradient = SequenceBatch(rows: outputGradient(outputs))
    // Gradients of parameters come by the way and are not asked for.
    var unused = ParameterStore<Scalar>(zeros: layout)
    let back = headRun.pullback(gradient, .none, &unused).input.step(0)
    var (input, cells) = run.pullback(
      run.output.blank(features: run.output.features), run.finalState.zeroed.replacingSummary(with: back),
      &unused)
    if let line = linearRun?.pullback(gradient, .none, &unused).input.step(0) {
      for b in 0..<window.batchSize {
        for t in 0..<window.steps {
          for f in 0..<window.features { input[t, b, f] += line[b, t * window.features + f] }
        }
      }
    }
    return ModelTrace(outputs: outputs, cells: cells, inputGradient: input)
  }
}
