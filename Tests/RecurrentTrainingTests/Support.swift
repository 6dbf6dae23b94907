import Foundation
import RecurrentCore
import RecurrentInterchange
import RecurrentNN
import RecurrentTraining

/// A file that PyTorch made; see Tools/reference/README.md.
func fixture(_ name: String) throws -> SafeTensors {
  let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  let file = folder.appendingPathComponent("Fixtures/pytorch/\(name).safetensors")
  return try SafeTensors(bytes: [UInt8](Data(contentsOf: file)))
}

extension SafeTensors {
  /// The JSON object in the metadata `options`.
  func options() throws -> [String: Any] {
    let text = metadata["options"] ?? "{}"
    return try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any] ?? [:]
  }
}

/// Numbers that do not matter, the same every time.
struct Draws {
  private var generator: CounterGenerator

  init(_ seed: UInt64) { generator = CounterGenerator(seed: seed, purpose: .check) }

  mutating func uniform(_ range: ClosedRange<Double> = -1...1) -> Double {
    Double.random(in: range, using: &generator)
  }

  mutating func uniforms(_ count: Int) -> [Double] { (0..<count).map { _ in uniform() } }
}

/// A layout of one vector.
func vectorLayout(_ count: Int) -> ParameterLayout {
  var layout = ParameterLayout()
  _ = layout.addVector("vector", columns: count, initializer: .zeros)
  return layout
}

extension ParameterStore {
  init(_ layout: ParameterLayout, _ values: [Scalar]) {
    self.init(zeros: layout)
    self.values = values
  }

  init(vector values: [Scalar]) { self.init(vectorLayout(values.count), values) }
}

/// Sequences of noise whose last value is to be told from a running mean: examples by number, with identifiers.
struct NoiseSource<Scalar: TensorScalar>: BatchSource {
  let count: Int
  var steps = 7
  var features = 3
  /// Examples whose first input is this number instead.
  var poison: [Int: Scalar] = [:]
  /// Examples without a step.
  var empty: Set<Int> = []

  func batch(_ indices: [Int]) -> SequenceModel<Scalar>.Batch {
    var input = SequenceBatch<Scalar>(
      zeros: steps, indices.count, features,
      lengths: indices.map { empty.contains($0) ? 0 : steps - $0 % 3 }, identifiers: indices.map(UInt64.init))
    var targets = [Scalar?](repeating: nil, count: indices.count)
    for (b, index) in indices.enumerated() {
      var draws = Draws(UInt64(index))
      for t in 0..<input.lengths[b] {
        for f in 0..<features { input[t, b, f] = Scalar(draws.uniform()) }
      }
      if let value = poison[index] { input[0, b, 0] = value }
      if input.lengths[b] > 0 { targets[b] = Scalar(draws.uniform()) }
    }
    // Rows of targets go by step, and a shorter sequence's last step comes first.
    let rows = (0...steps).flatMap { length in
      indices.indices.compactMap { input.lengths[$0] == length ? targets[$0] : nil }
    }
    return .init(
      input: input, targets: .values(Matrix(rows: rows.count, columns: 1, elements: rows)))
  }
}

/// A GRU over an LSTM of the other direction, dropout between them and in two cells' states, one output at the end.
func smallModel<Scalar: TensorScalar>(
  features: Int = 3, dropout: Double = 0.2, of scalar: Scalar.Type = Scalar.self
) throws -> SequenceModel<Scalar> {
  var layout = ParameterLayout()
  let body: any SequenceLayer<Scalar> = try LayerConfiguration.stack([
    .bidirectional(
      forward: CellConfiguration(.gru(.resetAfter), size: 4),
      reverse: CellConfiguration(
        .lstm, size: 3, recurrentDropout: dropout, zoneout: dropout / 4, zoneoutMemory: dropout)),
    .dropout(rate: dropout),
    .recurrent(CellConfiguration(.simple(.tanh), size: 5, recurrentDropout: dropout / 2)),
  ]).makeLayer(inputSize: features, named: "rnn", in: &layout)
  let head: any SequenceLayer<Scalar> = try LayerConfiguration.linear(outputs: 1)
    .makeLayer(inputSize: 5, named: "head", in: &layout)
  return SequenceModel(body: body, positions: .last, head: head, loss: .meanSquaredError, layout: layout)
}

/// y = w x with the loss Σ ½ (w x − y)², example i being (x, y): everything can be said by hand.
struct LineModel: TrainableModel {
  typealias Batch = [(x: Double, y: Double)]
  let layout = vectorLayout(1)

  func shards(of batch: Batch) -> [Batch] { shardRanges(batchSize: batch.count).map { Array(batch[$0]) } }

  func accumulateGradients(
    on shard: Batch, parameters: PackedParameters<Double>, mode: RunMode,
    into gradients: inout ParameterStore<Double>
  ) -> LossSum {
    for (x, y) in shard { gradients.values[0] += (parameters.values[0] * x - y) * x }
    return loss(on: shard, parameters: parameters)
  }

  func loss(on batch: Batch, parameters: PackedParameters<Double>) -> LossSum {
    batch.reduce(LossSum()) { sum, example in
      let difference = parameters.values[0] * example.x - example.y
      return sum + LossSum(sum: difference * difference / 2, count: 1)
    }
  }
}

struct LineSource: BatchSource {
  let examples: [(x: Double, y: Double)]
  var count: Int { examples.count }
  func batch(_ indices: [Int]) -> LineModel.Batch { indices.map { examples[$0] } }
}

/// All events until the end.
func run<Model>(_ trainer: inout Trainer<Model>) throws -> [TrainingEvent] {
  var events: [TrainingEvent] = []
  while let event = try trainer.next() { events.append(event) }
  return events
}

/// A directory that is removed with the value.
final class TemporaryDirectory {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appendingPathComponent("recurrent-\(UUID())").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}
