import Foundation
import Recurrent
import RecurrentCore
import RecurrentTasks
import Testing

/// Learning from a file's sequences: what is reported of it, its floor, and its errors.
@Suite struct MarkovLearningTests {
  private static func text(_ text: String, unit: TokenSequences.Unit = .characters) throws -> MarkovData {
    MarkovData(try TokenSequences(lines: Array(text.utf8), source: "a.txt", unit: unit))
  }

  private static func table(_ text: String, _ columns: [String]) throws -> MarkovData {
    let table = try Table(bytes: Array(text.utf8), source: "a.csv", options: TableOptions(time: .none))
    return try MarkovData(table, columns: columns, sequence: nil, asSymbols: false)
  }

  /// Two regimes of a column, 20 rows each in turn, about 0 and about 10.
  private static func regimes() throws -> MarkovData {
    var draws = CounterGenerator(seed: 3, purpose: .check)
    let rows = (0..<200).map { row in
      "\(Double.random(in: -1...1, using: &draws) + (row / 20 % 2 == 0 ? 0 : 10))"
    }
    return try table("x\n" + rows.joined(separator: "\n") + "\n", ["x"])
  }

  /// Another emission than was asked for.
  private struct WrongModel: Error {}

  // MARK: - What is reported

  /// One state of symbols is their shares: log L = Σ n log(n / N), by hand.
  @Test func oneState() throws {
    let row = try MarkovLearning(states: 1).learn(Self.text("aab\nc\n\naaaa\n")).row
    let expected = 6 * log(6.0 / 8) + 2 * log(1.0 / 8)
    // A dozen operations of doubles.
    #expect(abs(row.logLikelihood - expected) < 1e-12)
    #expect(row.parameters == 2 && row.heldOut == nil)
    #expect(abs(row.aic - (-2 * expected + 4)) < 1e-11)
    #expect(abs(row.bic - (-2 * expected + 2 * log(8.0))) < 1e-11)
  }

  @Test func criteriaFindTwoRegimes() throws {
    let data = try Self.regimes()
    let rows = try (1...3).map { states in
      try MarkovLearning(states: states, kind: .gaussian).learn(data, heldOut: data).row
    }
    #expect(rows.map(\.parameters) == [2, 7, 14])
    #expect(rows.map(\.bic).min() == rows[1].bic)
    for row in rows {
      #expect(row.aic == -2 * row.logLikelihood + 2 * Double(row.parameters))
      #expect(row.bic == -2 * row.logLikelihood + Double(row.parameters) * log(200.0))
      // What is held out is what was learnt from: the same sum, divided.
      #expect(abs((row.heldOut ?? .nan) - row.logLikelihood / 200) < 1e-9)
    }
  }

  @Test func seedsAndThreads() throws {
    let data = try Self.text("1662\n612666\n12345\n3466661\n")
    let one = try MarkovLearning(starts: 3).learn(data)
    #expect(try MarkovLearning(starts: 3, threads: 3).learn(data).model == one.model)
    #expect(try MarkovLearning(starts: 3, seed: 9).learn(data).model != one.model)
  }

  /// A symbol that only the held-out part has is unknown, as to any model: it must not enter what is learnt.
  @Test func heldOutSymbols() throws {
    let error = #expect(throws: MarkovError.self) {
      _ = try MarkovLearning(pseudoCount: 1).learn(Self.text("abab\n"), heldOut: Self.text("abc\n"))
    }
    #expect(error?.description.contains(":1:3: symbol \"c\" is unknown") == true)
  }

  // MARK: - The floor

  /// A column that does not vary by itself has the floor: a share of the columns' mean variance.
  @Test(arguments: GaussianCovariance.Kind.allCases) func floor(_ kind: GaussianCovariance.Kind) throws {
    let rows = (0..<60).map { "1,\($0 * $0 % 7)" }.joined(separator: "\n")
    let data = try Self.table("x,y\n\(rows)\n", ["x", "y"])
    let values = (0..<60).map { Double($0 * $0 % 7) }
    let mean = values.reduce(0, +) / 60
    let floor = 1e-3 * values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 60 / 2
    let outcome = try MarkovLearning(states: 2, kind: .gaussian, covariance: kind).learn(data)
    guard case .gaussian(let model) = outcome.model else { throw WrongModel() }
    for state in 0..<2 {
      let variance = model.emission.covariance.matrix(of: state, dimensions: 2)[0, 0]
      // Sums of 60 in another order.
      #expect(variance >= floor * (1 - 1e-9))
      if kind != .spherical { #expect(abs(variance - floor) <= 1e-9 * floor) }
    }
    if kind != .spherical {
      let error = #expect(throws: MarkovError.self) {
        try MarkovLearning(states: 2, kind: .gaussian, covariance: kind, varianceFloor: 0).learn(data)
      }
      #expect(error?.description.contains("a.csv: column \"x\" is the same in every row") == true)
    }
  }

  // MARK: - Errors

  @Test func errors() throws {
    let (letters, blank) = (try Self.text("ab\n"), try Self.text("\n\n"))
    let gaps = try Self.table("x,y\n1,\n,2\n3,3\n", ["x", "y"])
    let cases: [(MarkovLearning, MarkovData, String)] = [
      (MarkovLearning(states: 3), letters, "a.txt: found 2 observations for 3 states"),
      (MarkovLearning(states: 1), blank, "a.txt: found 0 observations for 1 state"),
      (MarkovLearning(kind: .gaussian), letters, "the model has vectors, but these are symbols"),
      (MarkovLearning(kind: .poisson), blank, "the model has vectors, but these are symbols"),
      (MarkovLearning(kind: .gaussian), gaps, "a.csv: found 1 observation for 2 states"),
      (
        MarkovLearning(kind: .gaussian), try Self.table("x\n" + String(repeating: "5\n", count: 9), ["x"]),
        "a.csv: column \"x\" is the same in every row"
      ),
      (
        MarkovLearning(kind: .gaussian, covariance: .full, varianceFloor: 0),
        try Self.table("x,y\n" + (1...9).map { "\($0),\(2 * $0)\n" }.joined(), ["x", "y"]),
        "a.csv: state 1: the covariance is singular"
      ),
      (
        MarkovLearning(kind: .poisson), try Self.table("n\n1\n2.5\n3\n", ["n"]),
        "a.csv:3:1: found 2.5, expected a count: 0, 1, 2, …"
      ),
    ]
    for (learning, data, says) in cases {
      let error = #expect(throws: MarkovError.self) { try learning.learn(data) }
      #expect(error?.description.contains(says) == true, "\(error?.description ?? "")")
    }
  }

  /// Where a state may not be given new life, its death ends learning; otherwise it is told.
  @Test func dyingState() throws {
    let model = try HiddenMarkovModel(
      initial: [1, 0], transition: Matrix([[1, 0], [0, 1]]),
      emission: CategoricalEmission(Matrix([[0.5, 0.5], [0.5, 0.5]])))
    let sequences = [SymbolSequence([0, 1, 0, 0])]
    var failing = try BaumWelch(model, sequences, options: .init(emptyStates: .fail))
    let error = #expect(throws: HMMError.self) { try failing.next() }
    #expect(error == .stateDied(state: 1) && error?.description.contains("state 2 explains no") == true)
    var keeping = try BaumWelch(model, sequences, options: .init(emptyStates: .keep))
    #expect(try keeping.next()?.events == [.stateUnreachable(1)])
  }

  // MARK: - One state

  /// One state is found in a step, however many are asked for; only components of a mixture take more.
  @Test(arguments: MarkovModel.Kind.allCases) func withoutOrder(_ kind: MarkovModel.Kind) throws {
    let data =
      kind == .categorical
      ? try Self.text("1662612666\n")
      : try Self.table("x\n" + (0..<40).map { "\($0 * $0 % 7)\n" }.joined(), ["x"])
    let learning = MarkovLearning(kind: kind, steps: 100_000, tolerance: 0, pseudoCount: 0.5)
    var told = 0
    let found = try learning.withoutOrder.learn(data) { _ in
      told += 1
      return true
    }
    #expect(found.row.states == 1 && (kind == .mixture ? told < 1_000 : told <= 2))
    // And there is nothing more to find.
    var longer = learning.withoutOrder
    longer.steps = told + 20
    let more = try longer.learn(data).row.logLikelihood
    #expect(abs(more - found.row.logLikelihood) <= 1e-4 * abs(more))
    #expect(kind == .mixture || abs(more - found.row.logLikelihood) <= 1e-12 * abs(more))
  }

  /// Rows with an empty cell beside numbers are counted, apart from those without any.
  @Test func partialRows() throws {
    let data = try Self.table("x,y\n1,2\n,3\n,\n4,\n5,6\n", ["x", "y"])
    #expect(data.partialRowCount == 2 && data.stepCount == 5 && data.observedStepCount == 2)
    #expect(try Self.text("ab\n").partialRowCount == 0)
  }
}
