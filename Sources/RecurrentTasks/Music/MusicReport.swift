internal import Foundation
internal import Recurrent
public import RecurrentReports

/// The page `report.html` of a model of music: figures beside the baselines, the curve, a continuation.
public struct MusicReport {
  private let training: MusicTraining
  private let evaluation: MusicEvaluation

  /// Of a run and its figures.
  public init(_ training: MusicTraining, _ evaluation: MusicEvaluation) {
    (self.training, self.evaluation) = (training, evaluation)
  }

  /// The page, which stands alone.
  public func page() -> HTMLReport {
    let progress = training.trainer.state.progress
    let file = training.file
    return HTMLReport(
      title: "Music", subtitle: training.source,
      sections: [
        .init("Figures", [.paragraph(evaluation.verdict), .table(evaluation.table())]),
        .init("Training", [.figure(lossChart)]),
        .init("Samples", samples),
        .init(
          "How it was made",
          [
            .paragraph(
              "\(file.training.count) training pieces, \(file.validation.count) that choose the epoch, \(file.test.count) test pieces; \(training.network.layout.count) parameters; \(progress.update) updates in \(progress.epoch) epochs."
            ),
            .configuration("Configuration", configuration),
          ]),
      ])
  }

  /// The trainer's loss is a mean over notes.
  private var lossChart: LineChart {
    let curve = training.trainer.state.progress.curve
    let best = training.trainer.state.progress.best
    let notes = Double(MusicNetwork.notes)
    return LineChart(
      title: "Loss by epoch", x: .init("epoch"), y: .init("nats a frame"),
      series: [
        .init("training", y: curve.map { $0.trainingLoss * notes }),
        .init("validation", y: curve.map { ($0.validationLoss ?? .nan) * notes }),
      ],
      markers: best.map { [.init(.vertical, at: Double($0.epoch), label: "best")] } ?? [])
  }

  /// The first test piece goes on from its first 16 frames.
  private var samples: [HTMLReport.Block] {
    guard let piece = training.file.test.first(where: { !$0.frames.isEmpty }) else { return [] }
    let prompt = Array(piece.frames.prefix(16))
    return [0.5, 1].map { temperature in
      var generator = MusicGenerator(training.model, prompt: prompt, temperature: temperature)
      let made = (0..<48).map { _ in generator.next() }
      func points(_ name: String, _ frames: [[Int]], from first: Int, isReference: Bool) -> Chart.Series {
        let notes = frames.enumerated().flatMap { t, frame in frame.map { (Double(first + t), Double($0)) } }
        return Chart.Series(name, x: notes.map(\.0), y: notes.map(\.1), isReference: isReference)
      }
      let chart = ScatterChart(
        title: "A piece continued, temperature \(temperature)", x: .init("frame"),
        y: .init("note", unit: "MIDI"),
        series: [
          points("given", prompt, from: 1, isReference: true),
          points("drawn", made, from: prompt.count + 1, isReference: false),
        ])
      return .figure(chart)
    }
  }

  private var configuration: JSONValue {
    let bytes = RunFolder.encode(training.configuration)
    return (try? JSONValue(parsing: bytes, name: "configuration")) ?? .null
  }
}
