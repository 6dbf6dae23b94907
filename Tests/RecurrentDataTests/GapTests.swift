import Foundation
import RecurrentData
import Testing

@Suite struct GapTests {
  private let series: [Double] = [.nan, .nan, 6, .nan, .nan, .nan, 10, .nan]

  @Test(
    arguments: [
      (GapPolicy.linear, [6, 6, 6, 7, 8, 9, 10, 10]), (.linearFromZero, [2, 4, 6, 7, 8, 9, 10, 10]),
      (.previous, [5, 5, 6, 6, 6, 6, 10, 10]), (.mean, [5, 5, 6, 5, 5, 5, 10, 5]),
    ] as [(GapPolicy, [Double])])
  func policies(_ policy: GapPolicy, _ expected: [Double]) {
    #expect(GapFilling.fill(series, policy: policy, trainingMean: 5) == expected)
  }

  @Test func refusing() {
    #expect(GapFilling.fill(series, policy: .refuse) == nil)
    #expect(GapFilling.fill([1, 2], policy: .refuse) == [1, 2])
    #expect(GapFilling.fill([.nan, .nan], policy: .linear) == nil)
    #expect(GapFilling.fill([.nan, .nan], policy: .previous) == nil)
    #expect(GapFilling.fill([.nan, 3], policy: .previous) == [3, 3])
  }

  @Test func namesOfPolicies() throws {
    #expect(try GapPolicy(parsing: "linear-from-zero") == .linearFromZero)
    let expected = SetupFault.unknownName(
      kind: "gap policy", name: "privious", nearest: "previous",
      available: ["linear", "linear-from-zero", "previous", "mean", "refuse"])
    #expect(throws: DataError.setup(expected)) { try GapPolicy(parsing: "privious") }
  }
}

@Suite struct FrameEncoderTests {
  private let text = """
    t,v,kind,dir
    2020-01-01T00:00,1,a,90
    2020-01-01T01:00,NA,b,NA
    2020-01-01T02:00,3,NA,0
    2020-01-01T03:00,100,a,180
    """

  private func encode(_ features: [Feature], _ calendar: [CalendarFeature] = [], rows: Range<Int> = 0..<4)
    throws -> FrameEncoder.Encoded
  {
    let table = try readTable(text)
    return try FrameEncoder(fitting: features, calendar: calendar, to: table, trainingRows: rows).encode(
      table)
  }

  @Test func numbersLevelsAndCalendar() throws {
    let encoded = try encode(
      [Feature("v", gaps: .linear), Feature("kind", gaps: .previous, isKnownAhead: true)], [.hourOfDay])
    #expect(encoded.frame.names == ["v", "kind=a", "kind=b", "hour of day sine", "hour of day cosine"])
    #expect(encoded.frame.isKnownAhead == [false, true, true, true, true])
    #expect(encoded.frame.column(0) == [1, 2, 3, 100])
    #expect(encoded.frame.column(1) == [1, 0, 0, 1] && encoded.frame.column(2) == [0, 1, 1, 0])
    #expect(Array(encoded.frame.row(0)) == [1, 1, 0, 0, 1])
    #expect(encoded.wasMissing[0] == [false, true, false, false])
    #expect(
      encoded.fills.map { $0.describe() } == [
        "v: 1 missing filled on a straight line between the neighbouring values",
        "kind: 1 missing filled with the value before",
      ])
  }

  @Test func meansAreOfTrainingRowsOnly() throws {
    #expect(try encode([Feature("v", gaps: .mean)], rows: 0..<3).frame.values == [1, 2, 3, 100])
    let table = try readTable(text)
    let fault = DataError.column(.allMissing(column: "v"), at: DataError.Place("t.csv"))
    #expect(throws: fault) {
      try FrameEncoder(fitting: [Feature("v", gaps: .mean)], to: table, trainingRows: 1..<2)
    }
  }

  @Test func refusedGapsNameTheCell() {
    #expect(throws: DataError.column(.missing(column: "v", count: 1), at: place(3, 18))) {
      try encode([Feature("v")])
    }
    let polar = Feature("v", encoding: .polar(directionColumn: "dir", period: 360))
    #expect(throws: DataError.column(.missing(column: "v", count: 1), at: place(3, 18))) {
      try encode([polar])
    }
  }

  @Test func missingLevelWithoutNeighbourIsNoLevel() throws {
    let encoded = try encode([Feature("kind", gaps: .linear)])
    #expect(encoded.frame.column(0) == [1, 0, 0, 1] && encoded.frame.column(1) == [0, 1, 0, 0])
    #expect(encoded.fills[0].describe() == "kind: 1 missing filled with no level")
  }

  @Test func codesCirclesAndPolar() throws {
    #expect(
      try encode([Feature("kind", encoding: .codes(["a": 3, "b": 7]), gaps: .previous)]).frame.values == [
        3, 7, 7, 3,
      ])
    // One rounding of the angle and one of the sine: 3e-16 is the largest error near 1, 1e-15 leaves room.
    let circle = try encode([Feature("dir", encoding: .circle(period: 360), gaps: .linear)]).frame
    for (value, expected) in zip(circle.column(0), [1.0, 0.5, 0, 0]) {
      #expect(abs(value - expected) < 1e-15)
    }
    for (value, expected) in zip(circle.column(1), [0.0, 0.5, 1, -1]) {
      #expect(abs(value - expected) < 1e-15)
    }
    let polar = try encode([
      Feature("v", encoding: .polar(directionColumn: "dir", period: 360), gaps: .previous)
    ]).frame
    for (value, expected) in zip(polar.column(1), [0.0, 0, 3, -100]) {
      #expect(abs(value - expected) < 1e-13)
    }
  }

  @Test func aStoredEncoderReadsNewFilesTheSameWay() throws {
    let table = try readTable(text)
    let encoder = try FrameEncoder(
      fitting: [Feature("v", gaps: .mean), Feature("kind", gaps: .mean)], calendar: [.hourOfDay], to: table,
      trainingRows: 0..<4)
    let stored = try JSONDecoder().decode(FrameEncoder.self, from: JSONEncoder().encode(encoder))
    #expect(stored == encoder)
    let later = try readTable("t,v,kind\n2020-02-01T00:00,5,b\n2020-02-01T01:00,NA,a\n")
    let frame = try stored.encode(later).frame
    #expect(frame.column(0) == [5, 104.0 / 3] && frame.column(1) == [0, 1])
    let strange = try readTable("t,v,kind\n2020-02-01T00:00,5,c\n2020-02-01T01:00,5,a\n")
    let unknown = try stored.encode(strange)
    #expect(unknown.frame.column(1) == [0, 1] && unknown.frame.column(2) == [0, 0])
    #expect(unknown.unknownLevels.map(\.column) == ["kind"])
    let codes = try FrameEncoder(
      fitting: [Feature("kind", encoding: .codes(["a": 1, "b": 2]), gaps: .previous)], to: table,
      trainingRows: 0..<4)
    let fault = DataError.column(
      .unknownLevel(text: "c", column: "kind", levels: ["a", "b"]), at: place(2, 20))
    #expect(throws: fault) { try codes.encode(strange) }
  }

  @Test func whatCannotBeEncoded() throws {
    #expect(throws: DataError.column(.notNumeric(column: "kind", text: "a"), at: place(2, 20))) {
      try encode([Feature("kind", encoding: .circle(period: 1))])
    }
    #expect(throws: DataError.column(.notCategorical(column: "v"), at: DataError.Place("t.csv"))) {
      try encode([Feature("v", encoding: .codes([:]))])
    }
    let names = "id\n" + (0...FrameEncoder.levelLimit).map { "n\($0)\n" }.joined()
    let table = try readTable(names)
    let count = FrameEncoder.levelLimit + 1
    let fault = DataError.column(
      .tooManyLevels(column: "id", count: count, limit: count - 1), at: DataError.Place("t.csv"))
    #expect(throws: fault) { try FrameEncoder(fitting: [Feature("id")], to: table, trainingRows: 0..<count) }
  }
}
