import RecurrentData
import Testing

@Suite struct WindowTests {
  /// All starts that the definition allows, tried one by one.
  private func startsByDefinition(_ plan: WindowPlan, _ part: Range<Int>, from earliest: Int) -> [Int] {
    let possible = (earliest..<part.upperBound).filter { start in
      let last = start + plan.length - 1
      return plan.horizons.allSatisfy { part.contains(last + $0) }
    }
    guard let first = possible.first else { return [] }
    return possible.filter { ($0 - first) % plan.stride == 0 }
  }

  @Test func agreesWithTheDefinition() throws {
    let split = try TimeSplit(rows: 30, training: 14, validation: 5, test: 11)
    for length in [1, 2, 5, 9] {
      for stride in [1, 2, 7] {
        for horizons in [[1], [3], [1, 2, 4]] {
          let plan = try WindowPlan(length: length, stride: stride, horizons: horizons)
          for part in TimeSplit.Part.allCases {
            for inputRows in [WindowPlan.InputRows.samePart, .beforePart] {
              let earliest = inputRows == .samePart ? split[part].lowerBound : 0
              let expected = startsByDefinition(plan, split[part], from: earliest)
              let windows = try? plan.windows(in: split, part, inputRows: inputRows)
              #expect(
                (windows.map { windows in windows.indices.map { windows.rows($0).lowerBound } } ?? [])
                  == expected)
            }
          }
        }
      }
    }
  }

  @Test func rowsAndTargets() throws {
    let plan = try WindowPlan(length: 3, stride: 2, horizons: [2, 1])
    let windows = try plan.windows(in: 4..<12, named: "test")
    #expect(plan.horizons == [1, 2] && windows.count == 2)
    #expect(windows.rows(1) == 6..<9 && windows.lastRow(1) == 8 && windows.targetRow(1, horizon: 2) == 10)
    #expect(windows.targets(of: (0..<12).map(Double.init), horizon: 2) == [8, 10])
  }

  @Test func lookingBackIsOnlyOnRequest() throws {
    let split = try TimeSplit(rows: 100, training: 80, validation: 0, test: 20)
    let plan = try WindowPlan(length: 24, horizons: [1])
    #expect(throws: DataError.setup(.seriesTooShort(part: "test", rows: 20, window: 24, horizon: 1))) {
      try plan.windows(in: split, .test)
    }
    let windows = try plan.windows(in: split, .test, inputRows: .beforePart)
    #expect(windows.count == 20 && windows.targetRow(0, horizon: 1) == 80)
    let bounded = try plan.windows(in: split, .test, inputRows: .beforePart, earliestRow: 60)
    #expect(bounded.first == 60 && bounded.count == 16)
    // What is counted are the part's own rows, and those that a window may look back on.
    let far = try WindowPlan(length: 24, horizons: [2, 25])
    #expect(throws: DataError.setup(.partTooShort(part: "test", rows: 20, expected: 24, inAll: nil))) {
      try far.windows(in: split, .test, inputRows: .beforePart)
    }
    let long = try WindowPlan(length: 100, horizons: [1])
    #expect(throws: DataError.setup(.tooFewRows(upTo: "test", rows: 100, window: 100, horizon: 1))) {
      try long.windows(in: split, .test, inputRows: .beforePart)
    }
  }

  @Test func theCountsOfTheProtocol() throws {
    let split = try TimeSplit(rows: 43_824, training: 35_064, validation: 0, test: 8760)
    let plan = try WindowPlan(length: 24, horizons: [1])
    #expect(try plan.windows(in: split, .training).count == 35_040)
    #expect(try plan.windows(in: split, .test).count == 8736)
  }

  @Test func impossibleRequests() {
    #expect(throws: DataError.setup(.horizon(0))) { try WindowPlan(length: 24, horizons: [1, 0]) }
    #expect(throws: DataError.setup(.horizon(-1))) { try WindowPlan(length: 24, horizons: [-1]) }
    #expect(throws: DataError.setup(.horizon(.max))) { try WindowPlan(length: 24, horizons: [.max]) }
    #expect(throws: DataError.setup(.noHorizon)) { try WindowPlan(length: 24, horizons: []) }
    #expect(throws: DataError.setup(.repeatedHorizon(2))) { try WindowPlan(length: 24, horizons: [2, 1, 2]) }
    #expect(throws: DataError.setup(.windowLength(0))) { try WindowPlan(length: 0, horizons: [1]) }
    #expect(throws: DataError.setup(.stride(0))) { try WindowPlan(length: 1, stride: 0, horizons: [1]) }
    #expect(DataError.setup(.horizon(0)).category.exitCode == 64)
    #expect(
      DataError.setup(.seriesTooShort(part: "test", rows: 1, window: 2, horizon: 1)).category.exitCode == 65)
  }

  @Test func inWords() throws {
    let plan = try WindowPlan(length: 24, horizons: [1, 2, 4, 8])
    #expect(
      plan.describe(step: .milliseconds(3_600_000)) == """
        each example is 24 consecutive rows (24 h); the next one starts 1 row (1 h) later; \
        what is asked is the value 1, 2, 4 and 8 rows (1 h, 2 h, 4 h and 8 h) after its last row
        """)
    #expect(
      try WindowPlan(length: 1, stride: 3, horizons: [1]).describe()
        == "each example is 1 row; the next one starts 3 rows later; what is asked is the value 1 row after its last row"
    )
  }
}
