internal import Recurrent

/// Where the linear path of a forecaster starts: the ridge regression of the training windows.
enum LinearPath {
  /// Writes the regression's weights and intercepts into the slots of `linear`.
  ///
  /// The regression predicts values from normalised inputs. The network predicts normalised changes: so the last
  /// value, itself an input, is subtracted, and the whole is brought to the output's scale. What is known ahead begins
  /// with weight zero.
  static func initialise(
    _ linear: Linear<Float>, in parameters: inout ParameterStore<Float>, data: ForecastData, runs: [Windows],
    ridge: Double
  ) {
    let preparation = data.preparation
    let regression = LinearLeastSquares(
      fitting: data.normalised, target: data.target, runs, ridge: ridge)
    let features = data.normalised.columnCount
    let lastValue = (preparation.plan.length - 1) * features + preparation.targetColumn
    let input = preparation.inputs.columns[preparation.targetColumn]
    var weight = parameters[linear.weight]
    for horizon in preparation.plan.horizons.indices {
      let output = preparation.outputs[horizon]
      var row = regression.weights[horizon]
      var intercept = regression.intercepts[horizon] - output.shift
      if preparation.predictsChange {
        row[lastValue] -= input.scale
        intercept -= input.shift
      }
      for (column, value) in row.enumerated() { weight[horizon, column] = Float(value / output.scale) }
      if let bias = linear.bias { parameters.values[bias.offset + horizon] = Float(intercept / output.scale) }
    }
    parameters[linear.weight] = weight
  }
}
