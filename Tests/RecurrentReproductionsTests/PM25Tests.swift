import Foundation
import Recurrent
import RecurrentCore
import RecurrentReproductions
import RecurrentTasks
import RecurrentTestSupport
import Testing

/// The published PM2.5 experiment's preparation and baselines, against values that another implementation (NumPy)
/// computed from the same file.
@Suite(.enabled(if: SharedData.has("pm25-beijing/checks.json"), "needs pm25-beijing in RECURRENT_DATA"))
struct PM25Tests {
  private struct Checks: Decodable {
    let rows: Int, trainWindows: Int, testWindows: Int, naFilled: Int
    let featureMin: [Double], featureMax: [Double], firstFilled: [Double]
    let labelMin: Double, labelMax: Double, lastLabel: Double
    let firstTrainWindowFirstRow: [Double], firstTrainWindowLastRow: [Double]
    let firstTestWindowLastRow: [Double]
    let firstTrainLabel: Double, firstTestLabel: Double
    let persistenceLossR2: [String: [Double]]
    let linearLeastSquares145WeightsLossR2: [String: [Double]]
  }

  private static let data = Result {
    try PM25Data(path: SharedData.path("pm25-beijing/PRSA_data_2010.1.1-2014.12.31.csv.gz"))
  }

  private func checks() throws -> Checks {
    let data = try Data(contentsOf: URL(fileURLWithPath: SharedData.path("pm25-beijing/checks.json")))
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(Checks.self, from: data)
  }

  @Test func preparationIsExact() throws {
    let (data, checks) = (try Self.data.get(), try checks())
    #expect(data.frame.rowCount == checks.rows && data.missing == checks.naFilled)
    #expect(data.training.count == checks.trainWindows && data.test.count == checks.testWindows)
    let columns = (0..<6).map { data.frame.column($0) }
    #expect(columns.map { $0.min() ?? .nan } == checks.featureMin)
    #expect(columns.map { $0.max() ?? .nan } == checks.featureMax)
    #expect(columns[0].min() == checks.labelMin && columns[0].max() == checks.labelMax)
    // The file of checks gives these three to two places.
    for (found, expected) in zip(columns[0], checks.firstFilled) { #expect(abs(found - expected) <= 0.005) }
  }

  @Test func windowsAreExact() throws {
    let (data, checks) = (try Self.data.get(), try checks())
    #expect(Array(data.normalised.row(data.training.rows(0).lowerBound)) == checks.firstTrainWindowFirstRow)
    #expect(Array(data.normalised.row(data.training.lastRow(0))) == checks.firstTrainWindowLastRow)
    #expect(Array(data.normalised.row(data.test.lastRow(0))) == checks.firstTestWindowLastRow)
    #expect(data.training.targets(of: data.target, horizon: 1)[0] == checks.firstTrainLabel)
    #expect(data.test.targets(of: data.target, horizon: 1)[0] == checks.firstTestLabel)
  }

  @Test func baselinesAreTheirs() throws {
    let (data, checks) = (try Self.data.get(), try checks())
    let baselines = try data.baselines()
    #expect(baselines.count == 2)
    for (line, expected) in zip(
      baselines, [checks.persistenceLossR2, checks.linearLeastSquares145WeightsLossR2])
    {
      #expect(line.scores.map(\.hours) == PM25Data.blocks)
      for score in line.scores {
        let figures = try #require(expected["\(score.hours)"])
        // NumPy solved by singular values; its weights carry about cond · 1e-16, and so do its figures.
        #expect(abs(score.loss - figures[0]) <= 1e-9 * figures[0], "\(line.name), \(score.hours) h")
        #expect(abs(score.rSquared - figures[1]) <= 1e-9 * figures[1], "\(line.name), \(score.hours) h")
      }
    }
  }

  /// A model that repeats the last hour scores as that baseline does: the way from windows to figures is one.
  @Test func scoresAreOfTheWindowsGiven() throws {
    let data = try Self.data.get()
    let scores = try data.scores { inputs, count in (0..<count).map { inputs[$0 * 144 + 23 * 6] } }
    #expect(scores == (try data.baselines()[0].scores))
  }

  @Test(arguments: PM25Network.allCases) func oneEpochTrains(_ network: PM25Network) throws {
    let data = try Self.data.get()
    let run = try PM25Run.train(network, data, seed: 1, epochs: 1)
    #expect(run.curve.count == 1 && run.scores.map(\.hours) == PM25Data.blocks)
    #expect(run.parameters.layout.count == (network == .single ? 49 : 26))
    // One epoch of a hundred: a long way from the figures, but better than the first weights.
    let model = network.model()
    let first = ParameterStore<Float>(initializing: model.layout, seed: 1)
    let untrained = try data.scores(PM25Run.predictor(model, first))
    for (score, before) in zip(run.scores, untrained) { #expect(score.loss < before.loss / 2) }
    #expect(try PM25Run.train(network, data, seed: 1, epochs: 1).parameters.values == run.parameters.values)
  }
}
