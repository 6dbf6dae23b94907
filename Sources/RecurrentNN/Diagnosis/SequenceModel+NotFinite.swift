public import RecurrentCore

extension SequenceModel {
  /// See ``TrainableModel/firstNotFinite(on:parameters:mode:)``. The layers are called `body` and `head`, with the places in
  /// them that parameters are named by.
  public func firstNotFinite(
    on batch: Batch, parameters: PackedParameters<Scalar>, mode: RunMode
  ) -> NotFiniteOrigin? {
    let search = NotFiniteSearch(parameters: parameters, mode: mode)
    let initial = batch.initialState ?? body.zeroState(batchSize: batch.input.batchSize)
    if let found = search.input(batch.input) ?? search.initialState(initial)
      ?? search.layer(body, "body", batch.input, from: initial)
    {
      return found
    }
    let made = outputs(on: batch, from: initial, parameters: parameters, mode: mode)
    let steps = made.rows.map { Int?.some($0 / batch.input.batchSize) }
    guard case .rows(let loss) = objective else {
      return sequenceLossNotFinite(search, on: batch, made.outputs, rows: made.rows)
    }
    return search.loss(
      loss, made.outputs, of: head == nil ? "body" : "head", targets: batch.targets, steps: steps)
      ?? search.gradient(steps: steps) { part in
        var gradients = ParameterStore<Scalar>(zeros: layout)
        _ = accumulateGradients(
          on: batch.keeping(part, of: made.rows), parameters: parameters, mode: mode, into: &gradients)
        return gradients
      }
  }

  /// In a loss of whole sequences, which has no steps of its own.
  private func sequenceLossNotFinite(
    _ search: NotFiniteSearch<Scalar>, on batch: Batch, _ outputs: Matrix<Scalar>, rows: [Int]
  ) -> NotFiniteOrigin? {
    let size = batch.input.batchSize
    if let row = rows.indices.first(where: { !outputs.row($0).allSatisfy(\.isFinite) }) {
      return .activation(layer: head == nil ? "body" : "head", component: "output", step: rows[row] / size)
    }
    let value = objective.value(
      of: outputs, SequencesOfRows(rows: rows, batchSize: size), targets: batch.targets,
      parameters: search.parameters)
    if !value.sum.isFinite { return .loss(step: nil) }
    var gradients = ParameterStore<Scalar>(zeros: layout)
    _ = accumulateGradients(
      on: batch, parameters: search.parameters, mode: search.mode, into: &gradients)
    return gradients.norm.isFinite ? nil : .gradient(lossStep: nil)
  }

  /// The outputs as in training, and the rows of `[T, B]` that they stand at.
  private func outputs(
    on batch: Batch, from initial: LayerState<Scalar>, parameters: PackedParameters<Scalar>, mode: RunMode
  ) -> (outputs: Matrix<Scalar>, rows: [Int]) {
    let run = body.forward(batch.input, from: initial, parameters: parameters, mode: mode)
    let rows = (batch.positions ?? positions).rows(lengths: batch.input.lengths, steps: batch.input.steps)
    let gathered = run.output.gathering(rows: rows)
    guard let head else { return (gathered, rows) }
    let steps = Self.headInput(gathered, rows: rows, of: run.output)
    return (head.forward(steps, parameters: parameters, mode: mode).output.step(0), rows)
  }
}

extension SequenceModel.Batch {
  /// The same sequences with the outputs `part` of `rows` alone.
  fileprivate func keeping(_ part: Range<Int>, of rows: [Int]) -> Self {
    var mask = input.lengths.map { [Bool](repeating: false, count: $0) }
    for row in rows[part] { mask[row % input.batchSize][row / input.batchSize] = true }
    return Self(
      input: input, targets: targets.gatheringRows(Array(part)), initialState: initialState,
      positions: .mask(mask))
  }
}
