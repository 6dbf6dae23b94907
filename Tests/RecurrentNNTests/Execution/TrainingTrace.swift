import RecurrentCore
import RecurrentNN
import RecurrentTestSupport

/// What training by plain gradient descent makes of a model: each update's loss and gradient, and the last parameters.
struct TrainingTrace<Scalar: TensorScalar> {
  var losses: [LossSum] = []
  var gradients: [[Scalar]] = []
  var parameters: [Scalar] = []

  typealias Gradient = (
    SequenceModel<Scalar>.Batch, PackedParameters<Scalar>, RunMode, inout GradientStore<Scalar>
  ) -> LossSum

  /// - Parameter gradient: replaces what the store holds, which before the first update is no number.
  init(_ model: SequenceModel<Scalar>, _ batches: [SequenceModel<Scalar>.Batch], gradient: Gradient) {
    var store = ParameterStore<Scalar>(initializing: model.layout, seed: 5)
    var noNumbers = ParameterStore<Scalar>(zeros: model.layout)
    noNumbers.values = noNumbers.values.map { _ in .nan }
    var own = GradientStore(noNumbers)
    for (update, batch) in batches.enumerated() {
      let loss = gradient(batch, PackedParameters(store), .training(seed: 9, update: UInt64(update)), &own)
      losses.append(loss)
      gradients.append(own.store.values)
      let rate = Scalar(0.2) / Scalar(max(loss.count, 1))
      for index in store.values.indices { store.values[index] -= rate * own.store.values[index] }
    }
    parameters = store.values
  }

  /// By the engine.
  init(
    _ model: SequenceModel<Scalar>, _ batches: [SequenceModel<Scalar>.Batch], on pool: WorkerPool
  ) {
    let execution = ModelExecution(model, pool: pool)
    self.init(model, batches) { execution.gradient(of: $0, parameters: $1, mode: $2, into: &$3) }
  }

  /// By values: each shard's gradient in a store of its own, the stores by the naive tree.
  init(_ model: SequenceModel<Scalar>, valuesOf batches: [SequenceModel<Scalar>.Batch]) {
    self.init(model, batches) { batch, parameters, mode, gradients in
      var loss = LossSum()
      let stores = model.shards(of: batch).map { shard in
        var own = ParameterStore<Scalar>(zeros: model.layout)
        loss = loss + model.accumulateGradients(on: shard, parameters: parameters, mode: mode, into: &own)
        return own
      }
      gradients = GradientStore(
        naiveTreeSum(stores) { $0.add($1) } ?? ParameterStore(zeros: model.layout))
      return loss
    }
  }

  /// The first update, loss or parameter that differs in a bit, in words.
  func difference(from expected: TrainingTrace, _ layout: ParameterLayout) -> [String] {
    for update in losses.indices {
      if losses[update] != expected.losses[update] {
        return ["update \(update): loss \(losses[update]), expected \(expected.losses[update])"]
      }
      for slot in layout.slots {
        if let place = Self.place(
          Array(gradients[update][slot.range]), Array(expected.gradients[update][slot.range]))
        {
          return ["update \(update): gradient of \(slot.name)\(place)"]
        }
      }
    }
    return Self.place(parameters, expected.parameters).map { ["parameters\($0)"] } ?? []
  }

  private static func place(_ found: [Scalar], _ expected: [Scalar]) -> String? {
    zip(found, expected).enumerated().first { !($1.0 == $1.1 && $1.0.sign == $1.1.sign) }
      .map { "[\($0)] is \($1.0), expected \($1.1)" }
  }
}

enum Pools {
  /// Pools of their own for each test: one that several share has its threads for one of them at a time.
  static var every: [WorkerPool] { [1, 2, 3, 5, 8, 16].map { WorkerPool(threads: $0, wakingCost: 1) } }
}

/// Trains by values, and on every pool, and says where they differ.
func threadDifferences<Scalar: TensorScalar>(
  _ model: SequenceModel<Scalar>, _ batches: [SequenceModel<Scalar>.Batch]
) -> [String] {
  let expected = TrainingTrace(model, valuesOf: batches)
  if expected.parameters.contains(where: { !$0.isFinite }) { return ["training diverges"] }
  if expected.gradients.allSatisfy({ $0.allSatisfy { $0 == 0 } }) { return ["nothing is learnt"] }
  return Pools.every.flatMap { pool in
    TrainingTrace(model, batches, on: pool).difference(from: expected, model.layout)
      .map { "\(pool.threads) threads, \($0)" }
  }
}
