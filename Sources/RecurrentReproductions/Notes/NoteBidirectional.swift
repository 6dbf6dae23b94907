internal import Recurrent
internal import RecurrentTasks

/// The bidirectional chapter of the source notes: two chains with parameters of their own, outputs at the first and the
/// last step only, and the six gradients.
///
///     s1ₜ = tanh(xₜ U1 + s1ₜ₋₁ W1)   s2ₜ = tanh(xₜ U2 + s2ₜ₊₁ W2)   zₜ = s1ₜ V1 + s2ₜ V2   aₜ = softmax zₜ
///     dz = a − y
///     dh1ₜ = (dzₜ V1ᵀ + dh1ₜ₊₁ W1ᵀ) ⊙ (1 − s1ₜ²)   dh2ₜ = (dzₜ V2ᵀ + dh2ₜ₋₁ W2ᵀ) ⊙ (1 − s2ₜ²)
///     dV = Σ sᵀ dz   dU = Σ xᵀ dh   dW1 = Σ s1ₜ₋₁ᵀ dh1ₜ   dW2 = Σ s2ₜ₊₁ᵀ dh2ₜ
package struct NoteBidirectional: Reproduction {
  package static let name = "ai-edu-19.7"
  package static let summary = "the bidirectional network with unequal sizes and outputs at both ends"
  package static let data: String? = nil
  package static let options: Set<ReproductionOption> = [.seed]

  /// Sequences, features, sizes of the two directions (unequal), classes, steps.
  static let n = 3, d = 4, h1 = 5, h2 = 2, q = 3, steps = 6

  let model: SequenceModel<Double>
  let parameters: ParameterStore<Double>
  let batch: SequenceModel<Double>.Batch
  /// The note's names of the six matrices.
  let names: [(note: String, slot: ParameterSlot)]

  package init(settings: ReproductionSettings) {
    var layout = ParameterLayout()
    func chain(_ name: String, size: Int, _ direction: Direction) -> (Stack<Double>, [ParameterSlot]) {
      let cell = SimpleRNNCell<Double>(
        inputSize: Self.d, hiddenSize: size, bias: false, named: "\(name).\(direction.rawValue)", in: &layout)
      let head = Linear<Double>(
        inputSize: size, outputSize: Self.q, bias: false, named: "\(name).output", in: &layout)
      let stack = Stack<Double>([RecurrentLayer(cell, direction: direction), head])
      return (stack, [cell.weightInput, cell.weightHidden, head.weight])
    }
    let (ahead, slots1) = chain("chain1", size: Self.h1, .forward)
    let (behind, slots2) = chain("chain2", size: Self.h2, .reverse)
    names = zip(["U1", "W1", "V1", "U2", "W2", "V2"], slots1 + slots2).map { ($0, $1) }
    model = SequenceModel(
      body: Parallel([ahead, behind], merge: .sum), positions: .firstAndLast,
      loss: .softmaxCrossEntropy(), layout: layout)
    parameters = ParameterStore(initializing: layout, seed: settings.seed)
    let draws = CounterGenerator(seed: settings.seed, purpose: .sampling)
    let values = (0..<Self.steps * Self.n * Self.d).map { draws.normal(at: UInt64($0)) }
    let input = SequenceBatch(
      steps: Self.steps, batchSize: Self.n, features: Self.d, values: values)
    let classes = (0..<2 * Self.n).map { Int(draws.word(at: 1 << 20 + UInt64($0)) % UInt64(Self.q)) }
    batch = SequenceModel.Batch(input: input, targets: .classes(classes))
  }

  package func report(_ progress: @escaping @Sendable (String) -> Void) -> ReproductionReport {
    var report = ReproductionReport(
      name: Self.name, title: "bidirectional RNN: two chains, outputs at both ends, six gradients")
    var gradients = ParameterStore<Double>(zeros: parameters.layout)
    let value = model.accumulateGradients(
      on: batch, parameters: PackedParameters(parameters), mode: .inference, into: &gradients)
    report.tables.append(gradientTable(gradients))
    report.checks =
      gradientChecks(gradients) + independenceChecks() + [
        .init(
          "the loss is that of the first and the last step alone",
          found: "\(value.count) outputs of \(Self.steps * Self.n)", passed: value.count == 2 * Self.n)
      ]
    report.checks.append(hollowCheck())
    report.checks.append(mirrorCheck())
    return report
  }

  private func gradientTable(_ gradients: ParameterStore<Double>) -> ReproductionReport.Table {
    let rows = names.map { name, slot in
      let relative = relativeError(slot, gradients)
      return [
        name, slot.name, "[\(slot.rows), \(slot.columns)]",
        number(gradients[slot].elements.map(abs).max() ?? 0), scientific(relative),
      ]
    }
    return .init(
      "Six matrices, not shared: n = \(Self.n), d = \(Self.d), h1 = \(Self.h1), h2 = \(Self.h2), q = \(Self.q), T = \(Self.steps)",
      columns: ["note", "slot", "stored as", "largest gradient", "error"], rows: rows,
      note: "error: against central differences, relative to the largest element of the slot's gradient")
  }

  private func gradientChecks(_ gradients: ParameterStore<Double>) -> [ReproductionReport.Check] {
    names.map { name, slot in
      let error = relativeError(slot, gradients)
      return .init(
        "d\(name) equals central differences, within 1e-7", found: scientific(error), passed: error <= 1e-7)
    }
  }

  private func relativeError(_ slot: ParameterSlot, _ gradients: ParameterStore<Double>) -> Double {
    let step = 1e-6
    var largest = 0.0
    var difference = 0.0
    for index in slot.range {
      func loss(_ change: Double) -> Double {
        var moved = parameters
        moved.values[index] += change
        return model.loss(on: batch, parameters: PackedParameters(moved)).sum
      }
      let numeric = (loss(step) - loss(-step)) / (2 * step)
      largest = max(largest, abs(numeric))
      difference = max(difference, abs(numeric - gradients.values[index]))
    }
    return difference / largest
  }

  /// Moving one chain's U and W must leave the other chain's states untouched, bit for bit.
  private func independenceChecks() -> [ReproductionReport.Check] {
    [(0, 1), (1, 0)].map { moved, kept in
      var other = parameters
      for entry in names where entry.note == "U\(moved + 1)" || entry.note == "W\(moved + 1)" {
        for index in entry.slot.range { other.values[index] += 1 }
      }
      let same = states(kept, parameters) == states(kept, other)
      return .init(
        "other U\(moved + 1) and W\(moved + 1) leave every s\(kept + 1) as it is, bit for bit",
        found: same ? "the same bits" : "changed", passed: same)
    }
  }

  private func states(_ chain: Int, _ parameters: ParameterStore<Double>) -> [Double] {
    guard let parallel = model.body as? Parallel<Double>,
      let stack = parallel.branches[chain] as? Stack<Double>
    else { preconditionFailure("the body is two stacks beside each other, not \(type(of: model.body))") }
    return stack.layers[0].forward(batch.input, parameters: PackedParameters(parameters)).output.values
  }

  /// Hollow steps have no output: asking for one gives nothing.
  private func hollowCheck() -> ReproductionReport.Check {
    let output = model.body.forward(batch.input, parameters: PackedParameters(parameters)).output
    let hollow = (1..<Self.steps - 1).allSatisfy {
      output.output(step: $0, sequence: 0, at: .firstAndLast) == nil
    }
    let ends = [0, Self.steps - 1].allSatisfy {
      output.output(step: $0, sequence: 0, at: .firstAndLast) != nil
    }
    return .init(
      "only the first and the last step have an output", found: hollow && ends ? "so" : "not so",
      passed: hollow && ends)
  }

  /// The reverse chain is the forward chain on the reversed input, with outputs reversed again.
  private func mirrorCheck() -> ReproductionReport.Check {
    let slots = names.filter { $0.note == "U2" || $0.note == "W2" }.map(\.slot)
    var layout = ParameterLayout()
    let cell = SimpleRNNCell<Double>(
      inputSize: Self.d, hiddenSize: Self.h2, bias: false, named: "mirror", in: &layout)
    var own = ParameterStore<Double>(zeros: layout)
    own[cell.weightInput] = parameters[slots[0]]
    own[cell.weightHidden] = parameters[slots[1]]
    var reversed = batch.input
    for t in 0..<Self.steps {
      for b in 0..<Self.n {
        for f in 0..<Self.d { reversed[t, b, f] = batch.input[Self.steps - 1 - t, b, f] }
      }
    }
    let mirrored = RecurrentLayer(cell).forward(reversed, parameters: PackedParameters(own)).output
    let size = Self.n * Self.h2
    let expected = (0..<Self.steps).flatMap { t in
      mirrored.values[(Self.steps - 1 - t) * size..<(Self.steps - t) * size]
    }
    let same = states(1, parameters) == expected
    return .init(
      "the reverse chain equals a forward chain on the reversed input, bit for bit",
      found: same ? "the same bits" : "different", passed: same)
  }
}
