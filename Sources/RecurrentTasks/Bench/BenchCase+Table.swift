internal import Recurrent

extension BenchCase {
  /// The named cases, in the order of the tables: training steps T1 … T7, inference I1 … I5.
  public static let all: [BenchCase] = trainingCases + inferenceCases

  private static let trainingCases = [
    BenchCase(
      name: "T1", what: "2-layer BiLSTM 256 language model, B 32, T 35", work: .training,
      input: .symbols(vocabulary: 28), layers: [both(.lstm, 256), both(.lstm, 256)], outputs: 28,
      training: .init(loss: .softmaxCrossEntropy(), optimizer: .sgd(), rate: 1, clip: 1), batch: 32, steps: 35
    ),
    BenchCase(
      name: "T2", what: "deep RNN 6-2-2-1, B 64, T 24", work: .training, input: .vectors(features: 6),
      layers: [one(.simple(.tanh), 2, bias: false), one(.simple(.tanh), 2, bias: false)], outputs: 1,
      headBias: false, positions: .last,
      training: .init(loss: .meanSquaredError, optimizer: .sgd(), rate: 0.05), batch: 64, steps: 24),
    BenchCase(
      name: "T3", what: "GRU 128 on names, B 128, T 19", work: .training, input: .symbols(vocabulary: 26),
      layers: [one(.gru(.resetAfter), 128)], outputs: 18, positions: .last,
      training: .init(loss: .softmaxCrossEntropy(), optimizer: .adam(), rate: 1e-3), batch: 128, steps: 19),
    BenchCase(
      name: "T4", what: "tagger: embedding 20,000 x 100, BiLSTM 200, lengths 5-60, B 32", work: .training,
      input: .embedded(vocabulary: 20_000, features: 100), layers: [both(.lstm, 200)], outputs: 17,
      training: .init(loss: .softmaxCrossEntropy(), optimizer: .adam(), rate: 1e-3), batch: 32, steps: 60,
      shortest: 5),
    BenchCase(
      name: "T5", what: "LSTM 2 x 650, vocabulary 10,000, B 20, T 35", work: .training,
      input: .embedded(vocabulary: 10_000, features: 650), layers: [one(.lstm, 650), one(.lstm, 650)],
      outputs: 10_000,
      training: .init(
        loss: .softmaxCrossEntropy(), optimizer: .sgd(), rate: 1, clip: 5, carriesState: true),
      batch: 20, steps: 35),
    BenchCase(
      name: "T6", what: "GRU 2 x 1024, B 64, T 50", work: .training, input: .vectors(features: 512),
      layers: [one(.gru(.resetAfter), 1024), one(.gru(.resetAfter), 1024)], outputs: 10, positions: .last,
      training: .init(loss: .softmaxCrossEntropy(), optimizer: .adam(), rate: 1e-3), batch: 64, steps: 50),
    BenchCase(
      name: "T7", what: "RNN 128, B 16, T 1,000", work: .training, input: .vectors(features: 16),
      layers: [one(.simple(.tanh), 128)], outputs: 4,
      training: .init(loss: .meanSquaredError, optimizer: .sgd(), rate: 0.01), batch: 16, steps: 1000),
  ]

  private static let inferenceCases = [
    BenchCase(
      name: "I1", what: "LSTM 256 streamed, one step at a time, B 1", work: .stream,
      input: .vectors(features: 64), layers: [one(.lstm, 256)], batch: 1, steps: 2000),
    BenchCase(
      name: "I2", what: "2-layer BiLSTM 256, B 1, T 100", work: .sequences, input: .vectors(features: 128),
      layers: [both(.lstm, 256), both(.lstm, 256)], batch: 1, steps: 100),
    BenchCase(
      name: "I3", what: "GRU 1024, B 1, T 100", work: .sequences, input: .vectors(features: 512),
      layers: [one(.gru(.resetAfter), 1024)], batch: 1, steps: 100),
    BenchCase(
      name: "I4", what: "LSTM 2 x 512, B 32, T 50", work: .sequences, input: .vectors(features: 256),
      layers: [one(.lstm, 512), one(.lstm, 512)], batch: 32, steps: 50),
    BenchCase(
      name: "I5", what: "RNN 2 x 32, B 1, T 24", work: .sequences, input: .vectors(features: 6),
      layers: [one(.simple(.tanh), 32), one(.simple(.tanh), 32)], outputs: 1, positions: .last, batch: 1,
      steps: 24),
  ]

  private static func one(
    _ kind: CellConfiguration.Kind, _ size: Int, bias: Bool = true
  ) -> LayerConfiguration {
    .recurrent(CellConfiguration(kind, size: size, bias: bias))
  }

  private static func both(_ kind: CellConfiguration.Kind, _ size: Int) -> LayerConfiguration {
    let cell = CellConfiguration(kind, size: size)
    return .bidirectional(forward: cell, reverse: cell)
  }
}
