internal import RecurrentCore
internal import RecurrentNN
internal import RecurrentReports

extension SelfTest {
  /// Every kernel level that this machine can run trains the same small network one step, in both precisions. Levels
  /// that fuse must agree to the bit; the portable one within rounding.
  static let kernels = SelfTest(name: "kernels: all levels train alike") { () throws(SelfTestFailure) in
    let chosen = KernelLevel.active
    defer { KernelLevel.force(chosen) }
    // A hundredth of the largest gradient would be a wrong formula; rounding twice instead of once in chains of some
    // 50 products, over 9 steps and back, stays near 500 units of the last place.
    let single = try compareLevels(Float.self, allowed: 3e-5)
    let double = try compareLevels(Double.self, allowed: 1e-13)
    let fused = KernelLevel.allCases.filter { $0.isAvailable && $0.isFused }.map(\.name)
    let distances = [single, double].map { NumberFormat.scientific(0).text($0) }
    return (fused.isEmpty ? "" : fused.joined(separator: " = ") + " bit for bit, ")
      + "portable within \(distances[0]) (float32), \(distances[1]) (float64)"
  }

  /// The distance of the portable level from the fused ones.
  private static func compareLevels<Scalar: TensorScalar>(
    _ type: Scalar.Type, allowed: Double
  ) throws(SelfTestFailure) -> Double {
    var fused: (level: KernelLevel, step: TrainingStep<Scalar>)?
    var portable: TrainingStep<Scalar>?
    for level in KernelLevel.allCases where level.isAvailable {
      KernelLevel.force(level)
      let step = TrainingStep<Scalar>()
      guard step.isFinite else {
        throw SelfTestFailure("\(level.name), \(Scalar.precisionName): found a number that is not finite")
      }
      if !level.isFused {
        portable = step
      } else if let first = fused {
        if let slot = step.firstDifference(from: first.step) {
          throw SelfTestFailure(
            "\(Scalar.precisionName): \(level.name) and \(first.level.name) differ in \(slot), expected equal bits"
          )
        }
      } else {
        fused = (level, step)
      }
    }
    guard let fused, let portable else { return 0 }
    let distance = portable.distance(from: fused.step)
    guard distance <= allowed else {
      throw SelfTestFailure(
        "\(Scalar.precisionName): portable is \(distance) from \(fused.level.name), expected at most \(allowed)"
      )
    }
    return distance
  }
}

/// One training step of a network with every built-in cell: its gradients, and its parameters after the update.
private struct TrainingStep<Scalar: TensorScalar> {
  let gradients: ParameterStore<Scalar>
  let updated: ParameterStore<Scalar>

  init() {
    var layout = ParameterLayout()
    let model = Self.model(&layout)
    var parameters = ParameterStore<Scalar>(initializing: layout, seed: 7)
    var gradients = ParameterStore<Scalar>(zeros: layout)
    let batch = Self.batch()
    _ = model.accumulateGradients(
      on: batch, parameters: PackedParameters(parameters), mode: .training(seed: 3, update: 1),
      into: &gradients)
    var mean = [Scalar](repeating: 0, count: layout.count)
    var square = mean
    // Rate, decay rates and epsilon as in the paper on Adam (Kingma and Ba 2015, arXiv:1412.6980), first step.
    Scalar._adam(
      layout.count, rate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, decay: 0, decoupled: false,
      correction1: 0.1, correction2: 0.001, gradientScale: 1, gradient: gradients.values, mean: &mean,
      square: &square, parameters: &parameters.values)
    self.gradients = gradients
    updated = parameters
  }

  var isFinite: Bool {
    gradients.values.allSatisfy(\.isFinite) && updated.values.allSatisfy(\.isFinite)
  }

  /// The first parameter that is not the same to the bit.
  func firstDifference(from other: TrainingStep) -> String? {
    func slot(_ mine: ParameterStore<Scalar>, _ others: ParameterStore<Scalar>, _ what: String) -> String? {
      // Equal numbers of unlike sign, zero and minus zero, are unlike bits.
      let index = mine.values.indices.first {
        mine.values[$0] != others.values[$0] || mine.values[$0].sign != others.values[$0].sign
      }
      guard let index, let slot = mine.layout.slots.first(where: { $0.range.contains(index) }) else {
        return nil
      }
      return "\(what) '\(slot.name)', element \(index - slot.offset)"
    }
    return slot(gradients, other.gradients, "the gradient of")
      ?? slot(updated, other.updated, "the updated")
  }

  /// Greatest difference of gradients, relative to the greatest gradient. Updated parameters are left out: Adam divides
  /// a gradient by its own size, which makes rounding of small ones large.
  func distance(from other: TrainingStep) -> Double {
    let greatest = other.gradients.values.reduce(0) { max($0, abs(Double($1))) }
    let differences = zip(gradients.values, other.gradients.values).map { abs(Double($0) - Double($1)) }
    return (differences.max() ?? 0) / greatest
  }

  /// Sizes that leave a remainder in vectors of every width.
  private static func model(_ layout: inout ParameterLayout) -> SequenceModel<Scalar> {
    let body = LayerConfiguration.stack([
      .bidirectional(
        forward: CellConfiguration(.lstm, size: 37), reverse: CellConfiguration(.gru(.resetAfter), size: 21)),
      .dropout(rate: 0.25),
      .recurrent(CellConfiguration(.gru(.resetBefore), size: 19)),
      .recurrent(CellConfiguration(.simple(.tanh), size: 11), direction: .reverse),
    ])
    do {
      let layer: any SequenceLayer<Scalar> = try body.makeLayer(inputSize: 13, named: "body", in: &layout)
      let head: any SequenceLayer<Scalar> = try LayerConfiguration.linear(outputs: 5).makeLayer(
        inputSize: layer.outputSize, named: "head", in: &layout)
      return SequenceModel(
        body: layer, positions: .all, head: head, loss: .softmaxCrossEntropy(), layout: layout)
    } catch {
      preconditionFailure("the self-test's own network: \(error)")
    }
  }

  private static func batch() -> SequenceModel<Scalar>.Batch {
    let lengths = [9, 0, 4, 1, 9, 7]
    let generator = CounterGenerator(seed: 11, purpose: .check)
    let values = (0..<UInt64(9 * lengths.count * 13)).map { Scalar(generator.normal(at: $0)) }
    let classes = (0..<lengths.reduce(0, +)).map { $0 * 3 % 5 }
    return SequenceModel.Batch(
      input: SequenceBatch(
        steps: 9, batchSize: lengths.count, features: 13, values: values, lengths: lengths),
      targets: .classes(classes))
  }
}
