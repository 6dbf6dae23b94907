import Foundation
import RecurrentData
import Testing

@Suite struct LeastSquaresTests {
  /// A series that remembers, with columns of very different sizes.
  private func sampleFrame(_ rows: Int, seed: UInt64) -> Frame {
    var generator = TestGenerator(state: seed)
    var (a, b, c) = ([Double](), [Double](), [Double]())
    for row in 0..<rows {
      let noise = { (range: ClosedRange<Double>) in Double.random(in: range, using: &generator) }
      a.append(0.9 * (a.last ?? 0) + noise(-1...1))
      b.append(1000 + 0.99 * ((b.last ?? 1000) - 1000) + noise(-0.1...0.1))
      c.append(sin(Double(row) / 5) * 1e-3 + noise(-1e-4...1e-4))
    }
    return Frame(columns: [("a", a), ("b", b), ("c", c)])
  }

  private func design(_ frame: Frame, _ windows: Windows) -> [[Double]] {
    windows.indices.map { window in windows.rows(window).flatMap { Array(frame.row($0)) } + [1] }
  }

  @Test(arguments: [1, 2, 3, 5, 9])
  func agreesWithHouseholder(_ stride: Int) throws {
    let frame = sampleFrame(600, seed: UInt64(stride))
    let target = frame.column(0)
    let plan = try WindowPlan(length: 4, stride: stride, horizons: [1, 3])
    let windows = try plan.windows(in: 17..<590, named: "training")
    let model = LinearLeastSquares(fitting: frame, target: target, windows)
    #expect(model.weightCount == 13 && model.droppedColumns == 0)
    for (index, horizon) in plan.horizons.enumerated() {
      let expected = HouseholderOracle.solve(
        design(frame, windows), windows.targets(of: target, horizon: horizon))
      // The oracle works on columns as they are, whose condition number is about 1e6, so its own error is 1e-10 of a
      // prediction at most; ours is compared by predictions since weights differ in size.
      let predictions = model.predictions(frame, windows)[index]
      for (prediction, row) in zip(predictions, design(frame, windows)) {
        let reference = zip(row, expected).reduce(0) { $0 + $1.0 * $1.1 }
        #expect(abs(prediction - reference) < 1e-9)
      }
    }
  }

  /// 37, 151 and 571 columns: the decomposition takes 64 at a time, and 512 of what stands before them.
  @Test(arguments: [12, 50, 190]) func residualsAreOrthogonalToEveryColumn(_ length: Int) throws {
    let frame = sampleFrame(2000, seed: 7)
    let windows = try WindowPlan(length: length, horizons: [2]).windows(in: 0..<2000, named: "training")
    let model = LinearLeastSquares(fitting: frame, target: frame.column(0), windows)
    let residuals = zip(
      windows.targets(of: frame.column(0), horizon: 2), model.predictions(frame, windows)[0]
    ).map { $0 - $1 }
    let rows = design(frame, windows)
    for column in 0..<model.weightCount {
      let values = rows.map { $0[column] }
      let product = zip(values, residuals).reduce(0) { $0 + $1.0 * $1.1 }
      let scale =
        values.reduce(0) { $0 + $1 * $1 }.squareRoot() * residuals.reduce(0) { $0 + $1 * $1 }.squareRoot()
      // Rounding of a sum of 2,000 products: about 2,000 · 1e-16.
      #expect(abs(product) < 1e-12 * scale)
    }
  }

  @Test func dependentAndConstantColumnsAreLeftOut() throws {
    let base = sampleFrame(300, seed: 5)
    let a = base.column(0)
    let frame = Frame(columns: [
      ("a", a), ("twice", a.map { 2 * $0 + 1 }), ("same", a.map { _ in 4.2 }), ("c", base.column(2)),
    ])
    let windows = try WindowPlan(length: 3, horizons: [1]).windows(in: 0..<300, named: "training")
    let model = LinearLeastSquares(fitting: frame, target: a, windows)
    #expect(model.droppedColumns == 6)
    let plain = Frame(columns: [("a", a), ("c", base.column(2))])
    let expected = LinearLeastSquares(fitting: plain, target: a, windows).predictions(plain, windows)[0]
    // The same space of columns, so the same predictions up to rounding.
    for (prediction, reference) in zip(model.predictions(frame, windows)[0], expected) {
      #expect(abs(prediction - reference) < 1e-10)
    }
  }

  @Test func ridgeMinimisesItsOwnSum() throws {
    let frame = sampleFrame(400, seed: 9)
    let windows = try WindowPlan(length: 2, horizons: [1]).windows(in: 0..<400, named: "training")
    let ridge = 0.3
    let model = LinearLeastSquares(fitting: frame, target: frame.column(0), windows, ridge: ridge)
    // The penalty is that of rows √(ridge · N) e_j with target 0, on standardised columns.
    let used = windows.first..<windows.rows(windows.count - 1).upperBound
    let standard = FrameNormaliser(.standard, fitting: frame, rows: used).normalised(frame)
    var rows = design(standard, windows)
    var targets = windows.targets(of: frame.column(0), horizon: 1)
    for column in 0..<6 {
      rows.append((0..<7).map { $0 == column ? (ridge * Double(windows.count)).squareRoot() : 0 })
      targets.append(0)
    }
    let expected = HouseholderOracle.solve(rows, targets)
    for (prediction, row) in zip(model.predictions(frame, windows)[0], design(standard, windows)) {
      #expect(abs(prediction - zip(row, expected).reduce(0) { $0 + $1.0 * $1.1 }) < 1e-11)
    }
  }

  @Test func aLinearSeriesIsForecastExactly() throws {
    // The canary of off-by-one mistakes: y = t.
    let series = (0..<200).map(Double.init)
    let frame = Frame(columns: [("y", series)])
    let plan = try WindowPlan(length: 3, horizons: [1, 4])
    let model = LinearLeastSquares(
      fitting: frame, target: series, try plan.windows(in: 0..<100, named: "training"))
    let test = try plan.windows(in: 150..<200, named: "test")
    for (index, horizon) in plan.horizons.enumerated() {
      for (prediction, target) in zip(
        model.predictions(frame, test)[index], test.targets(of: series, horizon: horizon))
      {
        #expect(abs(prediction - target) < 1e-9)
      }
    }
  }

  @Test func storedAndRead() throws {
    let frame = sampleFrame(100, seed: 2)
    let windows = try WindowPlan(length: 2, horizons: [1]).windows(in: 0..<100, named: "training")
    let model = LinearLeastSquares(fitting: frame, target: frame.column(0), windows)
    #expect(try JSONDecoder().decode(LinearLeastSquares.self, from: JSONEncoder().encode(model)) == model)
  }

  @Test(.enabled(if: isOptimised)) func fastEnough() throws {
    // 24 rows of 10 columns, 35,000 windows, 4 horizons.
    let base = sampleFrame(35_031, seed: 1)
    let columns = (0..<10).map { index in
      ("c\(index)", base.column(index % 3).enumerated().map { $1 * Double(($0 * (index + 1)) % 17) })
    }
    let frame = Frame(columns: columns)
    let windows = try WindowPlan(length: 24, horizons: [1, 2, 4, 8]).windows(
      in: 0..<35_031, named: "training")
    let seconds = threadSeconds { _ = LinearLeastSquares(fitting: frame, target: base.column(0), windows) }
    #expect(seconds < 1, "\(seconds) s")
  }
}
