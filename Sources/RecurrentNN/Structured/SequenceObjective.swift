public import RecurrentCore

/// What a ``SequenceModel`` is trained for: a loss of each output, or one of all outputs of a sequence together.
///
/// A loss of whole sequences reads a sequence's outputs at the positions, in order, as if they were its only steps, and is
/// computed in Double; targets are lists of labels, one a sequence (``LossTargets/labels(_:)``). Each sequence is computed by
/// the thread that owns it.
public enum SequenceObjective<Scalar: TensorScalar>: Sendable, Hashable {
  /// A loss of each output by itself.
  case rows(Loss)
  /// Outputs are emissions `[T, K]`, with a label for each. Counted by steps.
  case conditionalRandomField(ConditionalRandomField<Scalar>)
  /// Outputs are logits `[T, V]`, with labels in order but without places. Counted by sequences.
  case connectionistTemporalClassification(ConnectionistTemporalClassification)
}

/// Which sequence each row of outputs belongs to; rows stand by step and then by sequence.
struct SequencesOfRows {
  /// Rows of `[T, B]`.
  let rows: [Int]
  /// B.
  let batchSize: Int
}

/// The objectives by values.
extension SequenceObjective {
  /// The loss of outputs `[N, Q]`.
  ///
  /// - Parameter parameters: may be left out where the objective has none.
  func value(
    of outputs: Matrix<Scalar>, _ places: SequencesOfRows, targets: LossTargets<Scalar>,
    parameters: PackedParameters<Scalar>?
  ) -> LossSum {
    if case .rows(let loss) = self { return loss.evaluate(outputs, targets: targets).value }
    return evaluate(outputs, places, targets, parameters, needsGradient: false).value
  }

  /// The loss and ∂sum/∂outputs `[N, Q]`, adding the gradients of its own parameters into `gradients`.
  func gradient(
    of outputs: Matrix<Scalar>, _ places: SequencesOfRows, targets: LossTargets<Scalar>,
    parameters: PackedParameters<Scalar>?, into gradients: inout ParameterStore<Scalar>
  ) -> (value: LossSum, gradient: Matrix<Scalar>) {
    if case .rows(let loss) = self { return loss.evaluate(outputs, targets: targets) }
    let made = evaluate(outputs, places, targets, parameters, needsGradient: true)
    // One chain over the sequences, as a batch at work adds them in each shard.
    let plan = SequencePlan()
    plan.prepare(
      steps: 1, lengths: [Int](repeating: 1, count: places.batchSize), identifiers: [],
      shardSize: max(places.batchSize, 1))
    withExtendedLifetime(made.execution) {
      var terms: [GradientTerm<Scalar>] = []
      made.execution.addTerms(over: plan, to: &terms)
      if !terms.isEmpty { GradientPass.add(terms, to: &gradients) }
    }
    return (made.value, made.gradient)
  }

  /// A loss of whole sequences.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func evaluate(
    _ outputs: Matrix<Scalar>, _ places: SequencesOfRows, _ targets: LossTargets<Scalar>,
    _ parameters: PackedParameters<Scalar>?, needsGradient: Bool
  ) -> (value: LossSum, gradient: Matrix<Scalar>, execution: SequenceLossExecution<Scalar>) {
    let (rows, size) = (places.rows, places.batchSize)
    let execution = SequenceLossExecution(self)
    execution.places.prepare(count: rows.count, sequences: size) { ($0, rows[$0] % size) }
    execution.prepare(
      targets, width: outputs.columns, sequences: size, workers: 1, parameters: parameters,
      needsGradient: needsGradient)
    let (source, target) = (Scratch<Scalar>(), Scratch<Scalar>())
    let (sums, counts) = (Scratch<Double>(), Scratch<Int>())
    let count = outputs.elements.count
    source.reserve(count)
    outputs.elements.withUnsafeBufferPointer { elements in
      if let first = elements.baseAddress { source.base.update(from: first, count: count) }
    }
    execution.evaluate(
      0..<size,
      .init(
        outputs: UnsafePointer(source.base), gradient: target.reserve(count), sums: sums.reserve(size),
        counts: counts.reserve(size)), worker: 0)
    let value = (0..<size).reduce(LossSum()) {
      $0 + LossSum(sum: sums.base[$1], count: counts.base[$1])
    }
    let gradient = needsGradient ? Array(UnsafeBufferPointer(start: target.base, count: count)) : []
    return (
      value, Matrix(rows: needsGradient ? outputs.rows : 0, columns: outputs.columns, elements: gradient),
      execution
    )
  }
}
