internal import Foundation
internal import Recurrent
internal import RecurrentTasks

/// Beijing's PM2.5 as six bands, 8 hours ahead (ai-edu, chapter 19.4): the class of the hour that comes 8 hours after a window of
/// 24, beside the class of the window's last hour.
///
/// The last 8,760 hours are the test. Scaling is fitted on the rows before them; of these, blocks of ten days choose the epoch, and
/// windows that touch them are not learned from. Only windows count whose last hour and whose target were measured: what fills a
/// gap is drawn towards the value behind it.
package struct PM25Bands: Reproduction {
  package static let name = "ai-edu-19.4"
  package static let summary = "PM2.5 in six bands 8 hours ahead, beside the band of now"
  package static let data: String? = "PRSA_data_2010.1.1-2014.12.31.csv"
  package static let seeds = 3
  package static let epochs = 8

  let settings: ReproductionSettings

  package init(settings: ReproductionSettings) { self.settings = settings }

  static let lead = 8
  /// Upper limits of all bands but the highest, in µg/m³.
  package static let limits: [(name: String, values: [Double])] = [
    ("the book's limits 50/100/150/200/300", [50, 100, 150, 200, 300]),
    ("limits of the Chinese index, 35/75/115/150/250", [35, 75, 115, 150, 250]),
  ]

  package static func band(_ value: Double, _ limits: [Double]) -> Int { limits.count { value > $0 } }

  /// The windows of each part, by their first row.
  private struct Parts {
    var (training, validation, test): ([Int], [Int], [Int]) = ([], [], [])

    init(_ data: PM25Data) {
      let span = PM25Data.window + PM25Bands.lead
      let firstTest = data.frame.rowCount - PM25Data.testRows
      let block = 240
      func validates(_ row: Int) -> Bool { row / block % 10 == 9 }
      for first in 0...(data.frame.rowCount - span) {
        let (last, target) = (first + PM25Data.window - 1, first + span - 1)
        guard data.isMeasured[last], data.isMeasured[target] else { continue }
        if first >= firstTest {
          test.append(first)
        } else if target < firstTest {
          if validates(first) && validates(target) {
            validation.append(first)
          } else if !validates(first) && !validates(target) {
            training.append(first)
          }
        }
      }
    }
  }

  package func report(_ progress: @escaping @Sendable (String) -> Void) throws -> ReproductionReport {
    var report = ReproductionReport(
      name: Self.name, title: "PM2.5 in six bands, \(Self.lead) hours ahead, \(settings.epochs) epochs")
    let data = try PM25Data(path: settings.data ?? "")
    let parts = Parts(data)
    let before = data.frame.rowCount - PM25Data.testRows
    let rows = FrameNormaliser(.standard, fitting: data.frame, rows: 0..<before).normalised(data.frame)
    let values = rows.values.map(Float.init)
    let pollution = data.frame.column(0)
    for (name, limits) in Self.limits {
      func bands(_ firsts: [Int], ahead: Int) -> [Int] {
        firsts.map { Self.band(pollution[$0 + PM25Data.window - 1 + ahead], limits) }
      }
      let truth = bands(parts.test, ahead: Self.lead)
      let classes = (0...limits.count).map { "\($0)" }
      func score(_ predictions: [Int]) -> ClassificationScore {
        ClassificationScore(predictions: predictions, targets: truth, classes: classes)
      }
      let persistence = score(bands(parts.test, ahead: 0))
      let learned = bands(parts.training, ahead: Self.lead)
      let most = (0...limits.count).max { a, b in learned.count { $0 == a } < learned.count { $0 == b } } ?? 0
      let majority = score(truth.map { _ in most })
      let source = PM25Windows(values: values, firsts: parts.training, classes: learned)
      let validation = PM25Windows(
        values: values, firsts: parts.validation, classes: bands(parts.validation, ahead: Self.lead))
      let test = PM25Windows(values: values, firsts: parts.test, classes: truth)
      let scores = try (1...settings.seeds).map { seed in
        let made = score(try trained(source, validation, test, outputs: classes.count, seed: UInt64(seed)))
        progress("\(name), seed \(seed): \(percent(made.accuracy))")
        return made
      }
      report.tables.append(
        .init(
          "\(name): \(truth.count) test windows of 2014", columns: ["model", "accuracy", "macro F1"],
          rows: [
            [
              "GRU of 32", percents(scores.map(\.accuracy)), spread(scores.map(\.macroF1), 3),
            ],
            ["the band of now", percent(persistence.accuracy), decimals(persistence.macroF1, 3)],
            ["the commonest band", percent(majority.accuracy), decimals(majority.macroF1, 3)],
          ], note: "published, for the first limits, without a table: about 60 %"))
      report.checks.append(
        .init(
          "\(name): above the band of now",
          found: "\(percents(scores.map(\.accuracy))) against \(percent(persistence.accuracy))",
          passed: mean(scores.map(\.accuracy)) > persistence.accuracy))
    }
    return report
  }

  /// The bands of the test windows, by the parameters of the epoch with the least loss on the validation windows.
  private func trained(
    _ source: PM25Windows, _ validation: PM25Windows, _ test: PM25Windows, outputs: Int, seed: UInt64
  ) throws -> [Int] {
    let network = try DrawnNetwork(
      [.recurrent(CellConfiguration(.gru(.resetAfter), size: 32)), .dropout(rate: 0.2)],
      inputs: PM25Data.names.count, outputs: outputs, loss: .softmaxCrossEntropy(), positions: .last,
      seed: seed)
    var trainer = try Trainer(
      model: network.model, source: source, validation: validation,
      options: TrainerOptions(
        epochs: settings.epochs, batchSize: 128, optimizer: .adamW(), learningRate: 3e-3,
        schedule: .cosine(total: settings.epochs), clipping: .norm(1), seed: seed),
      parameters: network.parameters, threads: settings.threads)
    while try trainer.next() != nil {}
    let parameters = PackedParameters(trainer.state.selectedParameters)
    let made = network.model.outputs(
      test.batch(Array(0..<test.count)).input, parameters: parameters
    ).outputs
    return (0..<made.rows).map { row in
      (0..<made.columns).max { made[row, $0] < made[row, $1] } ?? 0
    }
  }
}

/// Windows of hours with the class of an hour behind each.
private struct PM25Windows: BatchSource {
  /// `[rows, 6]`, scaled.
  let values: [Float]
  let firsts: [Int]
  let classes: [Int]

  var count: Int { firsts.count }

  func batch(_ indices: [Int]) -> SequenceModel<Float>.Batch {
    let features = PM25Data.names.count
    var input: [Float] = []
    input.reserveCapacity(PM25Data.window * indices.count * features)
    for t in 0..<PM25Data.window {
      for index in indices {
        let row = firsts[index] + t
        input += values[row * features..<(row + 1) * features]
      }
    }
    return .init(
      input: SequenceBatch(
        steps: PM25Data.window, batchSize: indices.count, features: features, values: input,
        identifiers: indices.map(UInt64.init)),
      targets: .classes(indices.map { classes[$0] }))
  }
}
