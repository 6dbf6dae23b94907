import RecurrentCore
import RecurrentNN
import Testing

/// A dozen updates of every kind of model on 1, 2, 3, 5, 8 and 16 threads give the bits of the layers' own values,
/// shard by shard and added by the naive tree.
@Suite("Threads cannot change a bit")
struct ThreadIndependenceTests {
  private func failures<Scalar: TensorScalar>(_ sample: ExecutionCase, _: Scalar.Type) throws -> [String] {
    let model = try sample.model(of: Scalar.self)
    let batches = ExecutionCase.lengths.enumerated().map {
      sample.batch(model, lengths: $1, update: $0)
    }
    return threadDifferences(model, batches)
  }

  @Test(arguments: ExecutionCase.cells) func cellsFloat(_ sample: ExecutionCase) throws {
    let failures = try failures(sample, Float.self)
    #expect(failures == [], "\(failures)")
  }
  @Test(arguments: ExecutionCase.cells) func cellsDouble(_ sample: ExecutionCase) throws {
    let failures = try failures(sample, Double.self)
    #expect(failures == [], "\(failures)")
  }
  @Test(arguments: ExecutionCase.networks) func networksFloat(_ sample: ExecutionCase) throws {
    let failures = try failures(sample, Float.self)
    #expect(failures == [], "\(failures)")
  }
  @Test(arguments: ExecutionCase.networks) func networksDouble(_ sample: ExecutionCase) throws {
    let failures = try failures(sample, Double.self)
    #expect(failures == [], "\(failures)")
  }

  @Test(arguments: ExecutionCase.wide) func sharedUnitsFloat(_ sample: ExecutionCase) throws {
    let failures = try failures(sample, Float.self)
    #expect(failures == [], "\(failures)")
  }
  @Test(arguments: ExecutionCase.wide) func sharedUnitsDouble(_ sample: ExecutionCase) throws {
    let failures = try failures(sample, Double.self)
    #expect(failures == [], "\(failures)")
  }

  @Test(arguments: ExecutionCase.noisy) func noiseFloat(_ sample: ExecutionCase) throws {
    let failures = try failures(sample, Float.self)
    #expect(failures == [], "\(failures)")
  }
  @Test(arguments: ExecutionCase.noisy) func noiseDouble(_ sample: ExecutionCase) throws {
    let failures = try failures(sample, Double.self)
    #expect(failures == [], "\(failures)")
  }

  /// What stood in the store is not left there.
  @Test func aBatchOfNothingHasNoGradient() throws {
    let sample = ExecutionCase.cells[0]
    let model = try sample.model(of: Float.self)
    let parameters = PackedParameters(ParameterStore<Float>(initializing: model.layout, seed: 5))
    for pool in Pools.every {
      let execution = ModelExecution(model, pool: pool)
      var gradients = GradientStore<Float>(zeros: model.layout)
      for lengths in [[3, 2], [], [4]] {
        let loss = execution.gradient(
          of: sample.batch(model, lengths: lengths, update: 0), parameters: parameters, mode: .inference,
          into: &gradients)
        #expect(loss.count > 0 || lengths.isEmpty)
        #expect(gradients.store.values.allSatisfy { $0 == 0 } == lengths.isEmpty)
      }
    }
  }
}
