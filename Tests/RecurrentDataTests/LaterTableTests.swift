import Foundation
import RecurrentData
import Testing

/// A table that comes after another is read as that one was, whatever it holds by chance.
@Suite struct LaterTableTests {
  private let first = "day,kind,v\n2020-01-01,a,1\n2020-01-02,7,2\n2020-01-03,b,3\n"

  private func later(_ text: String) throws -> Table {
    try Table(bytes: Array(text.utf8), source: "t.csv", as: readTable(first).reading)
  }

  private func laterFailure(_ text: String) throws -> DataError? {
    let reading = try readTable(first).reading
    do {
      _ = try Table(bytes: Array(text.utf8), source: "t.csv", as: reading)
      return nil
    } catch {
      return error
    }
  }

  @Test func aColumnOfCodesThatHoldsOnlyNumbersStaysOne() throws {
    let table = try later("day,kind,v\n2021-01-01,7,1\n2021-01-02,8,2\n")
    #expect(table.columns[1].values == .categorical(levels: ["7", "8"], codes: [0, 1]))
    // By itself it would be one of numbers, and without any value too.
    #expect(try readTable("day,kind,v\n2021-01-01,7,1\n2021-01-02,8,2\n").columns[1].numbers == [7, 8])
    let empty = try later("day,kind,v\n2021-01-01,,1\n2021-01-02,NA,2\n")
    #expect(empty.columns[1].values == .categorical(levels: [], codes: [-1, -1]))
  }

  @Test func aColumnOfNumbersMayNotBecomeOneOfWords() throws {
    // By itself it would be one of categories.
    let words = "day,kind,v\n2021-01-01,a,high\n2021-01-02,b,low\n"
    #expect(try readTable(words).columns[2].numbers == nil)
    let expected = DataError.column(.textWhereNumbersWere(text: "high", column: "v"), at: place(2, 14))
    #expect(try laterFailure(words) == expected)
    #expect(
      try laterFailure("day,kind,v\n2021-01-01,a,inf\n2021-01-02,b,low\n")
        == .column(.notFinite(text: "inf", column: "v"), at: place(2, 14)))
  }

  @Test func timesAreInTheSameColumns() throws {
    // By itself, the first column of times would be taken.
    let text = "built,day,kind,v\n1999-01-01,2021-01-01,a,1\n1999-05-01,2021-01-02,b,2\n"
    let table = try later(text)
    #expect(table.time.columns == ["day"] && table.time.label(at: 1) == "2021-01-02T00:00")
    let missing = DataError.column(
      .unknown(name: "day", nearest: nil, available: ["date", "kind", "v"]), at: DataError.Place("t.csv"))
    #expect(try laterFailure("date,kind,v\n2021-01-01,a,1\n") == missing)
    let counted = try readTable("v\n1\n2\n").reading
    #expect(counted == TableReading(kinds: ["v": .numeric]))
    let text2 = Array("t,v\n2020-01-01,1\n2020-03-09,2\n".utf8)
    #expect(try Table(bytes: text2, source: "t.csv", as: counted).time == .counted(2))
    let parts = try readTable(
      "jahr,m,v\n2019,12,1\n2020,1,2\n", TableOptions(time: .columns(["year=jahr", "month=m"])))
    #expect(parts.reading.time == ["year=jahr", "month=m"])
  }

  @Test func aReadingIsStored() throws {
    let reading = try readTable(first).reading
    #expect(
      reading
        == TableReading(
          kinds: ["kind": .categorical, "v": .numeric], time: ["day"], dateOrder: .yearMonthDay, clock: .local
        )
        && reading.keeping(["v"]).kinds == ["v": .numeric])
    #expect(try JSONDecoder().decode(TableReading.self, from: JSONEncoder().encode(reading)) == reading)
  }
}

@Suite struct UnknownLevelTests {
  private let text = "kind,v\na,1\nb,2\na,3\nc,4\nb,5\nc,6\n\"d,e\",7\n"

  @Test func levelsAreOfTrainingRowsOnly() throws {
    let table = try readTable(text)
    let encoder = try FrameEncoder(fitting: [Feature("kind")], to: table, trainingRows: 1..<3)
    #expect(encoder.features[0].levels == ["a", "b"])
    let encoded = try encoder.encode(table)
    #expect(encoded.frame.names == ["kind=a", "kind=b"])
    #expect(
      encoded.frame.column(0) == [1, 0, 1, 0, 0, 0, 0] && encoded.frame.column(1) == [0, 1, 0, 0, 1, 0, 0])
    // No value is missing: nothing is filled.
    #expect(encoded.fills == [] && encoded.wasMissing == [[Bool](repeating: false, count: 7)])
    #expect(encoded.unknownLevels.map(\.column) == ["kind"])
    #expect(encoded.unknownLevels[0].levels.map(\.text) == ["c", "d,e"])
    #expect(encoded.unknownLevels[0].levels.map(\.place) == [place(5, 1), place(8, 1)])
    #expect(encoded.unknownLevels[0].levels.map(\.rows) == [2, 1])
    #expect(
      encoded.unknownLevels[0].describe() == """
        kind: 2 levels not seen in training, read as unknown (all inputs of the column 0): "c" (2 rows, first at \
        t.csv:5:1), "d,e" (1 row, first at t.csv:8:1)
        """)
  }

  @Test func manyAreCounted() throws {
    let table = try readTable("kind,v\na,1\n" + (0..<12).map { "new\($0),1\n" }.joined())
    let encoder = try FrameEncoder(fitting: [Feature("kind")], to: table, trainingRows: 0..<1)
    let unknown = try encoder.encode(table).unknownLevels[0]
    #expect(unknown.count == 12 && unknown.levels.count == UnknownLevels.shownLevels)
    let line = unknown.describe()
    #expect(
      line.hasPrefix("kind: 12 levels") && line.hasSuffix("\"new7\" (1 row, first at t.csv:10:1) and 4 more"))
    #expect(!line.contains { $0.isNewline })
  }

  @Test func aColumnWithoutLevelsInTrainingIsRefused() throws {
    let table = try readTable("kind,v\n,1\n,2\nc,3\n")
    let fault = DataError.column(.allMissing(column: "kind"), at: DataError.Place("t.csv"))
    #expect(throws: fault) { try FrameEncoder(fitting: [Feature("kind")], to: table, trainingRows: 0..<2) }
  }
}
