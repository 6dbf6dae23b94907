internal import RecurrentCore

/// The number that a gradient check differentiates, as a function of parameters, input and initial state.
struct GradientCheckObjective {
  let model: SequenceModel<Double>
  let batch: SequenceModel<Double>.Batch
  let mode: RunMode
  let initialState: LayerState<Double>
  private let rows: [Int]
  private let finalWeights: [[Double]]

  init(model: SequenceModel<Double>, batch: SequenceModel<Double>.Batch, mode: RunMode) {
    self.model = model
    self.batch = batch
    self.mode = mode
    initialState = batch.initialState ?? model.body.zeroState(batchSize: batch.input.batchSize)
    rows = (batch.positions ?? model.positions).rows(
      lengths: batch.input.lengths, steps: batch.input.steps)
    finalWeights = Self.weights(like: initialState).components.map(\.value.elements)
  }

  /// wₖ = ±(½ + fraction of k φ), φ the golden ratio, with alternating signs: distinct for all k that occur, of one
  /// magnitude, and the same on every run.
  static func weights(like state: LayerState<Double>) -> LayerState<Double> {
    var k = 0
    return state.mapComponents { _, component in
      component.map { _ in
        k += 1
        let multiple = Double(k) * 1.618_033_988_749_895
        return (k % 2 == 0 ? 1 : -1) * (0.5 + multiple - multiple.rounded(.down))
      }
    }
  }

  func value(_ parameters: PackedParameters<Double>) -> Double {
    value(batch.input, initialState, parameters)
  }

  private func value(
    _ input: SequenceBatch<Double>, _ initial: LayerState<Double>, _ parameters: PackedParameters<Double>
  ) -> Double {
    let run = model.body.forward(input, from: initial, parameters: parameters, mode: mode)
    var outputs = run.output.gathering(rows: rows)
    if let head = model.head {
      let steps = SequenceModel<Double>.headInput(outputs, rows: rows, of: run.output)
      outputs = head.forward(steps, from: nil, parameters: parameters, mode: mode).output.step(0)
    }
    let places = SequencesOfRows(rows: rows, batchSize: input.batchSize)
    var sum = model.objective.value(of: outputs, places, targets: batch.targets, parameters: parameters).sum
    for (component, weights) in zip(run.finalState.components, finalWeights) {
      for (value, weight) in zip(component.value.elements, weights) { sum += weight * value }
    }
    return sum
  }

  /// ∂L/∂(one slot's elements) by differences.
  func parameterDifferences(
    _ formula: DifferenceFormula, _ slot: ParameterSlot, _ parameters: ParameterStore<Double>
  ) -> [Double] {
    var store = parameters
    var packed = PackedParameters(parameters)
    return slot.range.map { index in
      defer { store.values[index] = parameters.values[index] }
      return formula.derivative(at: parameters.values[index]) { value in
        store.values[index] = value
        packed.update(store)
        return self.value(packed)
      }
    }
  }

  /// ∂L/∂input by differences; 0 in the padding, which is no argument of L.
  func inputDifferences(
    _ formula: DifferenceFormula, _ parameters: PackedParameters<Double>
  ) -> [Double] {
    var input = batch.input
    var result = [Double](repeating: 0, count: input.values.count)
    for t in 0..<input.steps {
      for b in 0..<input.batchSize where t < input.lengths[b] {
        for f in 0..<input.features {
          let index = (t * input.batchSize + b) * input.features + f
          let x = batch.input.values[index]
          result[index] = formula.derivative(at: x) { value in
            input.values[index] = value
            return self.value(input, initialState, parameters)
          }
          input.values[index] = x
        }
      }
    }
    return result
  }

  /// ∂L/∂(one component of the initial state) by differences.
  func stateDifferences(
    _ formula: DifferenceFormula, component: Int, _ parameters: PackedParameters<Double>
  ) -> [Double] {
    let matrices = initialState.components
    return matrices[component].value.elements.indices.map { index in
      formula.derivative(at: matrices[component].value.elements[index]) { value in
        let state = initialState.mapComponents { path, matrix in
          guard path == matrices[component].path else { return matrix }
          var changed = matrix
          changed.elements[index] = value
          return changed
        }
        return self.value(batch.input, state, parameters)
      }
    }
  }
}
