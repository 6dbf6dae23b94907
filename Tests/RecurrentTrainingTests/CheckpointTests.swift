import Foundation
import RecurrentCore
import RecurrentInterchange
import RecurrentNN
import RecurrentTraining
import Testing

@Suite struct CheckpointTests {
  /// A small model after two epochs, and its checkpoint.
  static func sample() throws -> (state: TrainingState<Float>, layout: ParameterLayout, bytes: [UInt8]) {
    var layout = ParameterLayout()
    let body: any SequenceLayer<Float> = try LayerConfiguration.recurrent(
      CellConfiguration(.simple(.tanh), size: 1)
    ).makeLayer(inputSize: 1, named: "rnn", in: &layout)
    let model = SequenceModel(body: body, positions: .last, loss: .meanSquaredError, layout: layout)
    var trainer = try Trainer(
      model: model, source: NoiseSource<Float>(count: 4, features: 1),
      options: TrainerOptions(epochs: 2, batchSize: 3))
    _ = try run(&trainer)
    let bytes = try Checkpoint.bytes(of: trainer.state, configuration: #"{"cell": "ü\n"}"#)
    return (trainer.state, layout, bytes)
  }

  private func problem(_ bytes: [UInt8]) -> CheckpointError.Problem? {
    do throws(CheckpointError) {
      _ = try Checkpoint(bytes: bytes, path: "run/model.checkpoint")
      return nil
    } catch {
      #expect(error.description.hasPrefix("run/model.checkpoint: "))
      #expect(!error.description.contains("\n"))
      return error.problem
    }
  }

  @Test func comesBackAsItWas() throws {
    let (state, layout, bytes) = try Self.sample()
    let checkpoint = try Checkpoint(bytes: bytes)
    #expect(checkpoint.configuration == #"{"cell": "ü\n"}"#)
    #expect(checkpoint.progress == state.progress)
    #expect(try checkpoint.state(layout: layout, of: Float.self) == state)
  }

  @Test func everyTruncationAndExtensionIsRefused() throws {
    let bytes = try Self.sample().bytes
    for count in bytes.indices { #expect(problem(Array(bytes[..<count])) != nil, "cut to \(count) bytes") }
    #expect(problem(bytes + [0]) != nil)
  }

  @Test func everyChangedByteIsRefused() throws {
    let bytes = try Self.sample().bytes
    for position in bytes.indices {
      var changed = bytes
      changed[position] ^= UInt8(1 << (position % 8))
      #expect(problem(changed) != nil, "byte \(position)")
    }
  }

  @Test func randomMutationsAreRefused() throws {
    let bytes = try Self.sample().bytes
    var random = CounterGenerator(seed: 7, purpose: .check)
    for index in 0..<10_000 {
      var changed = bytes
      for _ in 0...Int.random(in: 0..<4, using: &random) {
        let position = Int.random(in: 0..<changed.count, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: changed.remove(at: position)
        case 1: changed.insert(.random(in: 0...255, using: &random), at: position)
        case 2: changed[position] = UInt8(ascii: "9")
        default: changed[position] = .random(in: 0...255, using: &random)
        }
      }
      if changed != bytes { #expect(problem(changed) != nil, "mutation \(index)") }
    }
  }

  /// The checksum's published check value.
  @Test func checksumIsTheStandardOne() {
    #expect(crc64(Array("123456789".utf8)) == 0x995D_C9BB_DF19_39FA)
  }

  @Test func errorsNameTheTensor() throws {
    let (_, layout, bytes) = try Self.sample()
    let checkpoint = try Checkpoint(bytes: bytes, path: "a")
    func problem<Scalar: TensorScalar>(
      _ layout: ParameterLayout, _ scalar: Scalar.Type
    ) -> CheckpointError.Problem? {
      do throws(CheckpointError) {
        _ = try checkpoint.state(layout: layout, of: Scalar.self)
        return nil
      } catch { return error.problem }
    }
    let input = "parameters.rnn.forward.weightInput"
    #expect(problem(layout, Double.self) == .precision(tensor: input, found: "F32", expected: "F64"))
    var more = layout
    _ = more.addVector("more", columns: 1, initializer: .zeros)
    #expect(problem(more, Float.self) == .missingTensor("parameters.more"))
    #expect(problem(ParameterLayout(), Float.self).map { "\($0)".contains("unexpectedTensor") } == true)
    var wider = ParameterLayout()
    for slot in layout.slots {
      _ =
        slot.blocks.isEmpty
        ? wider.addVector(slot.name, columns: slot.columns, initializer: .zeros)
        : wider.addWeight(slot.name, rows: slot.rows, columns: slot.columns + 1, initializer: .zeros)
    }
    #expect(problem(wider, Float.self) == .shape(tensor: input, found: [1, 1], expected: [1, 2]))
  }

  @Test func otherFilesAreNamedForWhatTheyAre() throws {
    var tensors = SafeTensors()
    #expect(problem(try tensors.serialized()) == .missingMetadata(key: "format = recurrent-checkpoint"))
    tensors.metadata = ["format": "recurrent-checkpoint", "version": "2"]
    #expect(problem(try tensors.serialized()) == .version(found: "2"))
    #expect(problem([]) == .notSafeTensors(.headerTooSmall(fileBytes: 0)))
  }

  /// Counters that the next update or epoch would count on from.
  static let largestCounters = [
    ("exampleCount", 4), ("epoch", 2), ("batch", 0), ("update", 4), ("count", 0), ("cooldownLeft", 0),
    ("badEpochs", 0), ("epochsWithout", 0), ("optimizerSteps", 4),
  ].map { ("\"\($0.0)\":\($0.1)", "\"\($0.0)\":\(Int.max)") }

  /// Well made, checksum and all, but no run's: the state is checked too.
  @Test(
    arguments: [
      (#""batch":0"#, #""batch":7"#), (#""epoch":2,"epochLoss""#, #""epoch":-2,"epochLoss""#),
      (#""batchSize":3"#, #""batchSize":0"#), (#""exampleCount":4"#, #""exampleCount":"x""#),
      (#""optimizerSteps":4"#, #""optimizerSteps":-1"#), (#""update":4"#, #""update":4e99"#),
    ] + largestCounters) func impossibleStatesAreRefused(_ old: String, _ new: String) throws
  {
    var tensors = try SafeTensors(bytes: Self.sample().bytes)
    let state = try #require(tensors.metadata["state"])
    let forged = state.replacingOccurrences(of: old, with: new)
    #expect(forged != state)
    tensors.metadata["state"] = forged
    tensors.metadata["checksum"] = "0000000000000000"
    tensors.metadata["checksum"] = hexadecimal(crc64(try tensors.serialized()))
    switch problem(try tensors.serialized()) {
    case .invalidState, .malformedState: break
    case let other: Issue.record("found \(String(describing: other))")
    }
  }
}
