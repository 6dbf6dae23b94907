public import Recurrent
internal import RecurrentCore
internal import RecurrentNN

extension ForecastNetwork {
  /// See `TrainableModel`. The layers are called as their parameters are: `recurrent`, `head` and `linear`.
  public func firstNotFinite(
    on shard: Batch, parameters: PackedParameters<Scalar>, mode: RunMode
  ) -> NotFiniteOrigin? {
    let search = NotFiniteSearch(parameters: parameters, mode: mode)
    let window = shard.window
    let initial = body.zeroState(batchSize: window.batchSize)
    if let found = search.input(window) { return found }
    if let index = shard.ahead.elements.firstIndex(where: { !$0.isFinite }) {
      return .input(step: nil, feature: index % shard.ahead.columns)
    }
    if let found = search.layer(body, "recurrent", window, from: initial) { return found }
    let run = body.forward(window, from: initial, parameters: parameters, mode: mode)
    let summary = Self.join(run.finalState.summary + [shard.ahead])
    let inputs = SequenceBatch(rows: summary)
    if let found = search.head(head, "head", inputs) { return found }
    var outputs = head.forward(inputs, from: .none, parameters: parameters, mode: mode).output.step(0)
    if let linear {
      let inputs = SequenceBatch(rows: Self.flattened(window, shard.ahead))
      if let found = search.head(linear, "linear", inputs) { return found }
      outputs += linear.forward(inputs, from: .none, parameters: parameters, mode: mode).output.step(0)
    }
    // Every forecast is made when the window has been read.
    let steps = [Int?](repeating: windowLength - 1, count: window.batchSize)
    return search.loss(
      loss, outputs, of: "head + linear", targets: .values(shard.targets), steps: steps)
      ?? search.gradient(steps: steps) { rows in
        let part = Batch(
          window: window.sequences(rows), ahead: shard.ahead.gatheringRows(Array(rows)),
          targets: shard.targets.gatheringRows(Array(rows)))
        var gradients = ParameterStore<Scalar>(zeros: layout)
        _ = accumulateGradients(on: part, parameters: parameters, mode: mode, into: &gradients)
        return gradients
      }
  }
}
