internal import RecurrentCore

/// What a ``GradientCheckCase`` differentiates.
public enum GradientCheckLoss: Sendable, Hashable {
  /// A loss of each output.
  case rows(Loss)
  /// A conditional random field of 4 labels, without constraints or with those of the tags O, B-A, I-A, B-B.
  case conditionalRandomField(isConstrained: Bool)
  /// Connectionist temporal classification of 4 symbols, the first the blank: some sequences without a label, some with
  /// the same one twice.
  case connectionistTemporalClassification

  private static let tags = ["O", "B-A", "I-A", "B-B"]

  private var constraints: TransitionConstraints? {
    if case .conditionalRandomField(isConstrained: true) = self {
      do {
        return try .bio(Self.tags)
      } catch {
        preconditionFailure("tags of a gradient check: \(error)")
      }
    }
    return nil
  }

  /// - Parameter outputs: features of an output.
  func objective(outputs: Int, in layout: inout ParameterLayout) -> SequenceObjective<Double> {
    switch self {
    case .rows(let loss): .rows(loss)
    case .conditionalRandomField:
      .conditionalRandomField(
        ConditionalRandomField(
          labels: outputs, constraints: constraints, initializer: .uniform(bound: 1), named: "crf",
          in: &layout))
    case .connectionistTemporalClassification: .connectionistTemporalClassification(.init())
    }
  }

  /// Targets of outputs of `width` features, drawn from a stream.
  func targets(_ places: SequencesOfRows, width: Int, _ stream: CounterGenerator) -> LossTargets<Double> {
    let count = places.rows.count
    func draw(_ index: Int, below limit: Int) -> Int {
      Int(stream.word(at: UInt64(index)) % UInt64(limit))
    }
    switch self {
    case .rows(.softmaxCrossEntropy(let ignored, _, _)):
      return .classes(
        (0..<count).map { row in
          if let ignored, row % 4 == 2 { return ignored }
          return draw(row, below: width)
        })
    case .rows:
      return .values(
        Matrix(
          rows: count, columns: width,
          elements: (0..<count * width).map { stream.uniform(at: UInt64($0)) }))
    case .conditionalRandomField:
      return .labels(
        sequences(places) { sequence, steps in
          path(steps: steps, width) { draw(64 * sequence + $0, below: $1) }
        })
    case .connectionistTemporalClassification:
      // As many labels as find room even where all are alike.
      return .labels(
        sequences(places) { sequence, steps in
          (0..<(steps + 1) / 2).map { 1 + draw(64 * sequence + $0 / 2, below: width - 1) }
        })
    }
  }

  /// One list for each sequence, of its number and its outputs.
  private func sequences(_ places: SequencesOfRows, _ make: (Int, Int) -> [Int]) -> [[Int]] {
    (0..<places.batchSize).map { b in make(b, places.rows.count { $0 % places.batchSize == b }) }
  }

  /// Labels that the constraints allow, drawn one after another.
  private func path(steps: Int, _ width: Int, _ draw: (_ step: Int, _ below: Int) -> Int) -> [Int] {
    var labels: [Int] = []
    for step in 0..<steps {
      let allowed = (0..<width).filter { label in
        guard let constraints else { return true }
        return labels.last.map { constraints.transitions[$0][label] } ?? constraints.starts[label]
      }
      labels.append(allowed[draw(step, allowed.count)])
    }
    return labels
  }
}
