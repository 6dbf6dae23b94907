internal import Recurrent
internal import RecurrentTasks

/// Digits read row by row, after microsoft/ai-edu 19.7: a bidirectional network with outputs at the first and the last step beside
/// a forward one of as many parameters. The book's images are 28 by 28; these are the 8 by 8 ones that are bundled.
struct BookDigits: Reproduction {
  static let name = "ai-edu-19.7-digits"
  static let summary = "digits of 8 rows, by a bidirectional network with outputs at both ends"
  static let data: String? = "Examples/digits/digits.csv"
  static let seeds = 3
  static let epochs = 60

  let settings: ReproductionSettings

  private struct Network {
    let name: String
    let layer: LayerConfiguration
    let positions: SequencePositions
  }

  private static let networks = [
    Network(
      name: "bidirectional, outputs at the first and the last step",
      layer: ClassificationRuns.bidirectional(.simple(.tanh), 48), positions: .firstAndLast),
    Network(
      name: "forward, output at the last step",
      layer: .recurrent(CellConfiguration(.simple(.tanh), size: 71)), positions: .last),
  ]

  func report(_ progress: @escaping @Sendable (String) -> Void) throws -> ReproductionReport {
    var report = ReproductionReport(
      name: Self.name, title: "digits row by row, \(settings.epochs) epochs")
    let path = settings.data ?? ""
    let all = try LabelledSeries(rows: try DataFile.read(path), source: path, steps: 8, channels: 8)
    let test = all.selecting((0..<all.count).filter { $0 % 5 == 4 })
    let training = all.selecting((0..<all.count).filter { $0 % 5 != 4 })
    var (rows, means, counts): ([[String]], [Double], [Int]) = ([], [], [])
    for network in Self.networks {
      var (shares, parameters): ([Double], Int) = ([], 0)
      for seed in 1...settings.seeds {
        let run = try accuracy(network, training, test, seed: seed)
        shares.append(100 * run.accuracy)
        parameters = run.parameters
        progress("\(network.name), seed \(seed): \(decimals(shares[seed - 1], 1)) %")
      }
      rows.append([network.name, "\(parameters)", spread(shares, 1)])
      means.append(mean(shares))
      counts.append(parameters)
    }
    report.tables.append(
      .init(
        "\(test.count) test images of \(all.count)", columns: ["network", "parameters", "accuracy, %"],
        rows: rows,
        note: "every fifth image is a test one; the answer is the digit of the greatest sum of logits"))
    let apart = abs(Double(counts[0] - counts[1])) / Double(counts[0])
    report.checks = [
      .init(
        "1,797 images, 359 of test", found: "\(all.count), \(test.count)",
        passed: all.count == 1797 && test.count == 359),
      .init(
        "parameters equal to 2 %", found: "\(counts[0]) and \(counts[1])", passed: apart <= 0.02),
      .init(
        "bidirectional above forward", found: "\(decimals(means[0], 2)) % against \(decimals(means[1], 2)) %",
        passed: means[0] > means[1]),
      .init(
        "bidirectional: at least 97 % of the test images", found: decimals(means[0], 2) + " %",
        passed: means[0] >= 97),
    ]
    return report
  }

  private func accuracy(
    _ network: Network, _ training: LabelledSeries, _ test: LabelledSeries, seed: Int
  ) throws -> (accuracy: Double, parameters: Int) {
    var layout = ParameterLayout()
    let body = try network.layer.makeLayer(inputSize: 8, named: "recurrent", in: &layout, of: Float.self)
    let head = Linear<Float>(
      inputSize: body.outputSize, outputSize: 10, named: "output", in: &layout)
    let model = SequenceModel(
      body: body, positions: network.positions, head: head, loss: .softmaxCrossEntropy(), layout: layout)
    let encoder = try ClassifierEncoder(
      fitting: ClassifierData(.series(training), source: training.source), ClassifierConfiguration())
    let source = ClassifierSource(
      sequences: encoder.encode(series: training.values), targets: training.labels,
      positions: network.positions)
    let options = TrainerOptions(
      epochs: settings.epochs, batchSize: 32, optimizer: .adamW(), learningRate: 3e-3,
      schedule: .cosine(total: settings.epochs), clipping: .norm(1), seed: UInt64(seed), keepsBest: false)
    var trainer = try Trainer(model: model, source: source, options: options, threads: settings.threads)
    while try trainer.next() != nil {}
    let runner = InferenceModel(model, parameters: trainer.state.selectedParameters).runner(
      threads: settings.threads)
    let sequences = encoder.encode(series: test.values)
    guard case .values(let input) = sequences.input(Array(0..<test.count)) else { return (0, 0) }
    let outputs = runner.outputs(input)
    // All images have the same steps, so the outputs of a step are neighbours, and each step has one of every image.
    let right = (0..<test.count).count { image in
      let rows = stride(from: image, to: outputs.rows, by: test.count)
      let sums = (0..<10).map { digit in rows.reduce(Float(0)) { $0 + outputs[$1, digit] } }
      return sums.firstIndex(of: sums.max() ?? 0) == test.labels[image]
    }
    return (Double(right) / Double(test.count), layout.count)
  }
}
