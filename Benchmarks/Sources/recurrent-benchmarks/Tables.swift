internal import Recurrent

/// A training step with an embedding of 64 numbers a symbol under an LSTM, by vocabulary and optimiser, on one thread. A batch
/// of 16 sequences of 50 symbols uses 800 rows.
struct TableBenchmark {
  private static let vocabularies = [1_000, 100_000, 1_000_000]
  private static let optimizers: [(name: String, configuration: OptimizerConfiguration)] = [
    ("sgd", .sgd()), ("sparse Adam", .sparseAdam()), ("Adam", .adam()),
  ]

  /// One row for a vocabulary; its steps are timed in turns.
  static func rows(_ harness: Harness) throws -> [Row] {
    try vocabularies.map { vocabulary in
      let one = EmbeddingModel(vocabulary: vocabulary, size: 64).with(steps: 50, sequences: 16)
      let subjects = try optimizers.map { optimizer in
        Subject(
          name: optimizer.name,
          run: try OneBatch.steps(
            one.model, one.batch, threads: 1, optimizer: optimizer.configuration, clipping: .norm(1)))
      }
      let samples = try harness.interleaved(subjects)
      return zip(subjects, samples).reduce(Row("tables", "V \(vocabulary), 800 rows used")) {
        $0.with($1.0.name, $1.1.median * 1e3, "ms")
      }
    }
  }
}
