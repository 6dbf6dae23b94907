package import RecurrentCore

/// Looks for the first number that is NaN or infinite, once a run has stopped for one: a second pass, in which speed is no
/// matter.
package struct NotFiniteSearch<Scalar: TensorScalar> {
  let parameters: PackedParameters<Scalar>
  let mode: RunMode

  package init(parameters: PackedParameters<Scalar>, mode: RunMode) {
    self.parameters = parameters
    self.mode = mode
  }

  package func input(_ input: SequenceBatch<Scalar>) -> NotFiniteOrigin? {
    Self.place(in: input).map { .input(step: $0.step, feature: $0.feature) }
  }

  package func initialState(_ state: LayerState<Scalar>) -> NotFiniteOrigin? {
    state.components.first { !$0.value.isFinite }.map { .initialState(component: $0.path) }
  }

  /// In what a layer, called `path`, makes of finite numbers.
  package func layer(
    _ layer: any SequenceLayer<Scalar>, _ path: String, _ input: SequenceBatch<Scalar>,
    from state: LayerState<Scalar>
  ) -> NotFiniteOrigin? {
    if let inside = layer as? any SearchableLayer<Scalar>,
      let found = inside.firstNotFinite(self, path, input, from: state)
    {
      return found
    }
    let run = layer.forward(input, from: state, parameters: parameters, mode: mode)
    if let place = Self.place(in: run.output) {
      return .activation(layer: path, component: "output", step: place.step)
    }
    let component = run.finalState.components.first { !$0.value.isFinite }
    return component.map { .activation(layer: path, component: $0.path, step: nil) }
  }

  /// In what a layer makes of finite rows that are no steps.
  package func head(
    _ layer: any SequenceLayer<Scalar>, _ path: String, _ rows: SequenceBatch<Scalar>
  ) -> NotFiniteOrigin? {
    let output = layer.forward(rows, parameters: parameters, mode: mode).output
    return Self.place(in: output).map { _ in .activation(layer: path, component: "output", step: nil) }
  }

  /// In rows that stand at these steps: outputs, targets, and the loss of each row.
  package func loss(
    _ loss: Loss, _ outputs: Matrix<Scalar>, of layer: String, targets: LossTargets<Scalar>, steps: [Int?]
  ) -> NotFiniteOrigin? {
    func first(_ isFinite: (Int) -> Bool) -> Int? { steps.indices.first { !isFinite($0) } }
    if let row = first({ outputs.row($0).allSatisfy(\.isFinite) }) {
      return .activation(layer: layer, component: "output", step: steps[row])
    }
    if case .values(let values) = targets, let row = first({ values.row($0).allSatisfy(\.isFinite) }) {
      return .target(step: steps[row])
    }
    let row = first { row in
      let value = loss.evaluate(outputs.gatheringRows([row]), targets: targets.gatheringRows([row])).value
      return value.sum.isFinite
    }
    return row.map { .loss(step: steps[$0]) }
  }

  /// In a gradient that is a sum over rows of the loss, by halving: the step of the first row to blame.
  ///
  /// - Parameter gradient: that of the loss of some of the rows alone.
  package func gradient(
    steps: [Int?], of gradient: (Range<Int>) -> ParameterStore<Scalar>
  ) -> NotFiniteOrigin? {
    func isFinite(_ rows: Range<Int>) -> Bool { gradient(rows).norm.isFinite }
    var rows = steps.indices
    if isFinite(rows) { return nil }
    while rows.count > 1 {
      let middle = rows.lowerBound + rows.count / 2
      if !isFinite(rows.lowerBound..<middle) {
        rows = rows.lowerBound..<middle
      } else if !isFinite(middle..<rows.upperBound) {
        rows = middle..<rows.upperBound
      } else {
        return .gradient(lossStep: nil)
      }
    }
    return .gradient(lossStep: steps[rows.lowerBound])
  }

  private static func place(in batch: SequenceBatch<Scalar>) -> (step: Int, feature: Int)? {
    for t in 0..<batch.steps {
      for b in batch.lengths.indices where batch.lengths[b] > t {
        for f in 0..<batch.features where !batch[t, b, f].isFinite { return (t, f) }
      }
    }
    return nil
  }
}

extension Matrix {
  fileprivate var isFinite: Bool { elements.allSatisfy(\.isFinite) }
}
