internal import Recurrent
internal import RecurrentTasks

extension NoteOneHot {
  struct Contributions {
    let forwardTable: ReproductionReport.Table
    let gradientTable: ReproductionReport.Table
    let checks: [ReproductionReport.Check]
  }

  /// Runs the sentence step by step, and back step by step with a store of its own for every step: what a step adds is
  /// what it contributes.
  func contributions() -> Contributions {
    let packed = PackedParameters(parameters)
    var state = cell.zeroState(batchSize: 1)
    var tapes: [SimpleRNNCell<Double>.Tape] = []
    var hidden: [Matrix<Double>] = []
    for t in 0..<input.steps {
      let made = cell.step(input.step(t), state: &state, parameters: packed)
      tapes.append(made.tape)
      hidden.append(made.output)
    }
    let logits = hidden.map { packed.apply(head.weight, to: $0, bias: head.bias) }
    let losses = zip(logits, Self.labels).map { z, y in
      Loss.binaryCrossEntropy.evaluate(z, targets: .values(Matrix([[y]])))
    }
    var stateGradient = cell.zeroState(batchSize: 1)
    var steps: [ParameterStore<Double>] = []
    for t in (0..<input.steps).reversed() {
      var own = ParameterStore<Double>(zeros: parameters.layout)
      // ŷ − y reaches W_ya, b_y and a⟨t⟩ at this step alone.
      own.accumulate(head.weight, from: losses[t].gradient, hidden[t])
      if let bias = head.bias { own.accumulateBias(bias, from: losses[t].gradient) }
      let fromOutput = packed.applyTransposed(head.weight, to: losses[t].gradient)
      _ = cell.backpropagate(
        fromOutput, through: tapes[t], stateGradient: &stateGradient, parameters: packed, into: &own)
      steps.insert(own, at: 0)
    }
    var sum = ParameterStore<Double>(zeros: parameters.layout)
    for own in steps { sum.add(own) }
    return Contributions(
      forwardTable: forwardTable(hidden, logits, losses.map { $0.value.sum }),
      gradientTable: gradientTable(steps, sum), checks: checks(steps, sum))
  }

  private func forwardTable(
    _ hidden: [Matrix<Double>], _ logits: [Matrix<Double>], _ losses: [Double]
  ) -> ReproductionReport.Table {
    let rows = hidden.indices.map { t in
      [
        "\(t + 1)", words[t], vector(hidden[t].row(0)), number(logits[t].applying(.sigmoid)[0, 0]),
        "\(Int(Self.labels[t]))", number(losses[t]),
      ]
    }
    return .init(
      "The way forward: L = \(number(losses.reduce(0, +)))",
      columns: ["t", "word", "a⟨t⟩", "ŷ⟨t⟩", "y⟨t⟩", "L⟨t⟩"], rows: rows)
  }

  private func gradientTable(
    _ steps: [ParameterStore<Double>], _ sum: ParameterStore<Double>
  ) -> ReproductionReport.Table {
    let names = noteNames
    var rows: [[String]] = []
    for (name, slot) in names {
      for (t, own) in steps.enumerated() { rows.append([name, "\(t + 1)", vector(own[slot].elements)]) }
      rows.append([name, "sum", vector(sum[slot].elements)])
    }
    return .init(
      "What each step contributes to each gradient", columns: ["gradient of", "t", "contribution"],
      rows: rows,
      note:
        "the gradient is the sum of T contributions, not one product along the chain; W_aa's at t = 1 is zero because a⟨0⟩ = 0"
    )
  }

  private func checks(
    _ steps: [ParameterStore<Double>], _ sum: ParameterStore<Double>
  ) -> [ReproductionReport.Check] {
    let model = SequenceModel<Double>(
      body: Stack([RecurrentLayer(cell), head]), positions: .all, loss: .binaryCrossEntropy,
      layout: parameters.layout)
    let batch = SequenceModel<Double>.Batch(
      input: input, targets: .values(Matrix(Self.labels.map { [$0] })))
    var whole = ParameterStore<Double>(zeros: parameters.layout)
    let value = model.accumulateGradients(
      on: batch, parameters: PackedParameters(parameters), mode: .inference, into: &whole)
    let split = zip(sum.values, whole.values).map { abs($0 - $1) }.max() ?? .nan
    let numeric = centralDifferences(of: model, batch)
    let difference = zip(numeric, whole.values).map { abs($0 - $1) }.max() ?? .nan
    let relative = difference / (numeric.map(abs).max() ?? .nan)
    let first = steps[0][cell.weightHidden].elements.allSatisfy { $0 == 0 }
    return [
      .init(
        "the contributions add up to the whole-sequence gradient, within 1e-14", found: scientific(split),
        passed: split <= 1e-14),
      .init(
        "the gradient equals central differences, within 1e-7 of its largest element",
        found: scientific(relative), passed: relative <= 1e-7),
      .init(
        "the contribution of t = 1 to W_aa is exactly zero", found: first ? "zero" : "not zero", passed: first
      ),
      .init(
        "the loss is finite and counted once a step", found: "\(value.count) of \(input.steps)",
        passed: value.sum.isFinite && value.count == input.steps),
    ]
  }

  private func centralDifferences(
    of model: SequenceModel<Double>, _ batch: SequenceModel<Double>.Batch
  ) -> [Double] {
    let step = 1e-6
    return parameters.values.indices.map { index in
      func loss(_ change: Double) -> Double {
        var moved = parameters
        moved.values[index] += change
        return model.loss(on: batch, parameters: PackedParameters(moved)).sum
      }
      return (loss(step) - loss(-step)) / (2 * step)
    }
  }

  private var noteNames: [(String, ParameterSlot)] {
    var names = [("W_ya", head.weight)]
    if let bias = head.bias { names.append(("b_y", bias)) }
    names += [("W_aa", cell.weightHidden), ("W_ax", cell.weightInput)]
    if let bias = cell.bias { names.append(("b_a", bias)) }
    return names
  }
}
