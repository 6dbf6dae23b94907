import RecurrentCore
import RecurrentHMM
import RecurrentNN
import RecurrentTestSupport
import Testing

/// Training for losses of whole sequences gives the bits of the layers' own values on any number of threads, as
/// ``ThreadIndependenceTests`` have it of losses of rows.
@Suite("Losses of whole sequences at work")
struct SequenceObjectiveTests {
  enum Kind: CaseIterable {
    case field, constrainedField, alignment
  }

  private static let width = 5

  private func model<Scalar: TensorScalar>(
    _ kind: Kind, _ body: LayerConfiguration, positions: SequencePositions = .all,
    of: Scalar.Type
  ) throws -> SequenceModel<Scalar> {
    var layout = ParameterLayout()
    let body: any SequenceLayer<Scalar> = try body.makeLayer(inputSize: 3, named: "body", in: &layout)
    let head = Linear<Scalar>(
      inputSize: body.outputSize, outputSize: Self.width, named: "head", in: &layout)
    func field(_ constraints: TransitionConstraints?) -> SequenceObjective<Scalar> {
      .conditionalRandomField(
        ConditionalRandomField(
          labels: Self.width, constraints: constraints, initializer: .uniform(bound: 0.5), named: "crf",
          in: &layout))
    }
    let objective: SequenceObjective<Scalar> =
      switch kind {
      case .field: field(nil)
      case .constrainedField: field(try .bio(twoKinds))
      case .alignment: .connectionistTemporalClassification(.init(zeroInfinity: true))
      }
    return SequenceModel(body: body, positions: positions, head: head, objective: objective, layout: layout)
  }

  private func batch<Scalar: TensorScalar>(
    _ model: SequenceModel<Scalar>, lengths: [Int], update: Int, mask: Bool
  ) -> SequenceModel<Scalar>.Batch {
    var draws = Draws(seed: UInt64(500 + update))
    let input: SequenceBatch<Scalar> = draws.batch(lengths: lengths, features: 3)
    let positions: SequencePositions? =
      mask ? .mask(lengths.indices.map { b in (0..<5).map { t in (b * 3 + t + update) % 5 > 1 } }) : nil
    let rows = (positions ?? model.positions).rows(lengths: lengths, steps: input.steps)
    let labels = lengths.indices.map { b -> [Int] in
      let count = rows.count { $0 % lengths.count == b }
      guard case .connectionistTemporalClassification = model.objective else {
        // Spans of B-A and I-A, then outside.
        return (0..<count).map { ($0 + b) % 4 == 3 ? 0 : $0 > 0 && ($0 + b) % 4 != 0 ? 2 : 1 }
      }
      // Some cannot be: as many labels as steps, two of them alike.
      return (0..<max(count - b % 2, 0)).map { 1 + ($0 / 2 + b) % 4 }
    }
    return .init(input: input, targets: .labels(labels), positions: positions)
  }

  private func failures<Scalar: TensorScalar>(
    _ kind: Kind, _ body: LayerConfiguration, mask: Bool, _ scalar: Scalar.Type
  ) throws -> [String] {
    let model = try model(kind, body, of: scalar)
    let batches = ExecutionCase.lengths.enumerated().map {
      batch(model, lengths: $1, update: $0, mask: mask)
    }
    return threadDifferences(model, batches)
  }

  private static let small = LayerConfiguration.stack([
    .bidirectional(
      forward: .init(.lstm, size: 4), reverse: .init(.gru(.resetAfter), size: 3)), .dropout(rate: 0.2),
  ])

  @Test(arguments: Kind.allCases, [false, true])
  func threadsChangeNoBit(_ kind: Kind, _ mask: Bool) throws {
    let inFloat = try failures(kind, Self.small, mask: mask, Float.self)
    #expect(inFloat == [], "\(inFloat)")
    let inDouble = try failures(kind, Self.small, mask: mask, Double.self)
    #expect(inDouble == [], "\(inDouble)")
  }

  /// Of few sequences one thread has all, and the others help with the units and the loss.
  @Test(arguments: Kind.allCases) func threadsThatHelpChangeNoBit(_ kind: Kind) throws {
    let wide = LayerConfiguration.recurrent(.init(.lstm, size: 96))
    let failures = try failures(kind, wide, mask: false, Float.self)
    #expect(failures == [], "\(failures)")
  }

  @Test(arguments: Kind.allCases) func theLossAloneIsThatOfTheGradient(_ kind: Kind) throws {
    let model = try model(kind, Self.small, of: Double.self)
    let parameters = PackedParameters(ParameterStore<Double>(initializing: model.layout, seed: 5))
    for pool in Pools.every {
      let execution = ModelExecution(model, pool: pool)
      var gradients = GradientStore<Double>(zeros: model.layout)
      for (update, lengths) in ExecutionCase.lengths.enumerated() {
        let batch = batch(model, lengths: lengths, update: update, mask: false)
        let whole = execution.gradient(
          of: batch, parameters: parameters, mode: .inference, into: &gradients)
        #expect(execution.loss(of: batch, parameters: parameters) == whole)
        let shards = model.shards(of: batch).reduce(LossSum()) {
          $0 + model.loss(on: $1, parameters: parameters)
        }
        #expect(shards == whole)
      }
    }
  }

  @Test func aFieldReadsTheOutputsAtThePositions() throws {
    let model = try model(.constrainedField, Self.small, of: Double.self)
    let parameters = PackedParameters(ParameterStore<Double>(initializing: model.layout, seed: 5))
    let batch = batch(model, lengths: [5, 0, 3, 4], update: 1, mask: true)
    guard case .conditionalRandomField(let field) = model.objective, case .labels(let labels) = batch.targets
    else { return }
    let emissions = model.outputSequences(
      batch.input, positions: batch.positions, parameters: parameters)
    #expect(emissions.lengths == labels.map(\.count))
    #expect(
      field.loss(emissions, labels: labels, parameters: parameters)
        == model.loss(on: batch, parameters: parameters))
    let best = field.bestPaths(emissions, parameters: parameters)
    #expect(best.map { $0?.states.count } == labels.map(\.count))
  }

  /// What ``ConditionalRandomField/validate(_:lengths:)`` would have said stops a program that trains on such labels.
  @Test func labelsThatAreNotAllowedAreNotTrainedOn() async {
    await #expect(processExitsWith: .failure) {
      let sample = FieldSample<Double>(5, lengths: [2], constraints: try .bio(twoKinds), seed: 1)
      _ = sample.field.loss(sample.emissions, labels: [[0, 2]], parameters: sample.parameters)
    }
    await #expect(processExitsWith: .failure) {
      let logits = SequenceBatch<Double>(zeros: 4, 1, 3)
      _ = ConnectionistTemporalClassification().loss(logits, labels: [[1, 0]])
    }
    await #expect(processExitsWith: .failure) {
      _ = Loss.meanSquaredError.evaluate(Matrix<Float>(zeros: 1, 1), targets: .labels([[0]]))
    }
  }

  @Test func aLossThatIsNotFiniteHasItsPlace() throws {
    let model = try model(.alignment, Self.small, of: Float.self)
    var parameters = ParameterStore<Float>(initializing: model.layout, seed: 5)
    let bad = SequenceModel<Float>.Batch(
      input: SequenceBatch(zeros: 2, 1, 3), targets: .labels([[1, 1]]))
    let strict = SequenceModel(
      body: model.body, head: model.head, objective: .connectionistTemporalClassification(.init()),
      layout: model.layout)
    #expect(
      strict.firstNotFinite(on: bad, parameters: PackedParameters(parameters), mode: .inference)
        == .loss(step: nil))
    #expect(
      model.firstNotFinite(on: bad, parameters: PackedParameters(parameters), mode: .inference) == nil)
    parameters.values[model.layout["head.bias"]?.offset ?? 0] = .infinity
    #expect(
      model.firstNotFinite(on: bad, parameters: PackedParameters(parameters), mode: .inference)
        == .activation(layer: "head", component: "output", step: 0))
  }
}
