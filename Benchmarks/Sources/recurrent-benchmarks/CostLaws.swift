internal import Foundation
internal import Recurrent
internal import RecurrentReports

/// How the time of a training step grows with the length, the batch, the depth and the size of an LSTM, and with the
/// vocabulary of an embedding under one, on one thread.
struct CostLaw: Sendable {
  let name: String
  let values: [Int]
  /// The power that the time should grow with where arithmetic decides.
  let power: Double
  let make: @Sendable (Int) -> (model: SequenceModel<Float>, batch: SequenceModel<Float>.Batch)

  static let all = [
    CostLaw(name: "steps T", values: [25, 50, 100, 200, 400, 800], power: 1) {
      PlainModel(inputs: 128, hidden: 128).with(steps: $0, sequences: 16)
    },
    CostLaw(name: "sequences B", values: [16, 32, 64, 128, 256], power: 1) {
      PlainModel(inputs: 128, hidden: 128).with(steps: 50, sequences: $0)
    },
    CostLaw(name: "layers", values: [1, 2, 4, 8], power: 1) {
      PlainModel(inputs: 128, hidden: 128, layers: $0).with(steps: 50, sequences: 16)
    },
    CostLaw(name: "hidden units H", values: [128, 256, 512, 1024], power: 2) {
      PlainModel(inputs: $0, hidden: $0).with(steps: 20, sequences: 32)
    },
    // Plain gradient descent costs the rows that occur; a table of 64 MB and one that fits a cache differ in the way there.
    CostLaw(name: "vocabulary V", values: [1_000, 4_000, 16_000, 64_000, 256_000], power: 0) {
      EmbeddingModel(vocabulary: $0, size: 64).with(steps: 50, sequences: 16)
    },
  ]

  /// Milliseconds of a step for each value.
  func measure(_ harness: Harness) throws -> [Double] {
    let subjects = try values.map { value in
      let one = make(value)
      return Subject(name: "\(value)", run: try OneBatch.steps(one.model, one.batch, threads: 1))
    }
    return try harness.interleaved(subjects).map { $0.median * 1e3 }
  }

  /// The slope of log time over log value, by least squares.
  static func power(_ values: [Int], _ times: [Double]) -> Double {
    let (x, y) = (values.map { log(Double($0)) }, times.map { log($0) })
    let (meanX, meanY) = (x.reduce(0, +) / Double(x.count), y.reduce(0, +) / Double(y.count))
    let products = zip(x, y).reduce(0) { $0 + ($1.0 - meanX) * ($1.1 - meanY) }
    return products / x.reduce(0) { $0 + ($1 - meanX) * ($1 - meanX) }
  }

  /// Measured times and the law through the last of them, both axes logarithmic.
  func chart(_ times: [Double]) -> LineChart {
    let x = values.map(Double.init)
    let law = x.map { times[times.count - 1] * pow($0 / x[x.count - 1], power) }
    return LineChart(
      title: "A training step by \(name)", x: .init(name, scale: .logarithmic),
      y: .init("time", unit: "ms", scale: .logarithmic),
      series: [
        .init("measured", x: x, y: times), .init("power \(Int(power))", x: x, y: law, isReference: true),
      ])
  }
}

struct CostLawBenchmark {
  /// - Parameter folder: where charts go as SVG; `nil`: nowhere.
  static func rows(_ harness: Harness, folder: String?) throws -> [Row] {
    try CostLaw.all.map { law in
      let times = try law.measure(harness)
      if let folder {
        let name = law.name.split(separator: " ").joined(separator: "-").lowercased()
        try AtomicFile.write(law.chart(times).svg(), to: "\(folder)/cost-\(name).svg", overwrites: true)
      }
      var row = Row("laws", law.name).with("power", CostLaw.power(law.values, times), "")
      for (value, time) in zip(law.values, times) { row = row.with("\(value)", time, "ms") }
      return row
    }
  }
}
