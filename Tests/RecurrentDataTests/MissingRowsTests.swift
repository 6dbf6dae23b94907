import Foundation
import RecurrentData
import Testing

/// Rows that a regular file does not have. The oracle is the same file with those rows written out as NA.
@Suite struct MissingRowsTests {
  private static let whole = (0..<24).map { hour in
    (
      time: "2020-01-01T" + String(format: "%02d", hour) + ":00", v: "\(hour * hour % 17)",
      kind: hour % 3 == 0 ? "a" : "b"
    )
  }
  private static let missing: Set = [4, 5, 11, 20, 21, 22]

  private static func text(_ rows: [Int], blank: Set<Int> = []) -> String {
    "t,v,kind\n"
      + rows.map { row in
        let cells = whole[row]
        return blank.contains(row) ? "\(cells.time),NA,NA\n" : "\(cells.time),\(cells.v),\(cells.kind)\n"
      }.joined()
  }

  private static let present = (0..<24).filter { !missing.contains($0) }

  @Test(arguments: GapPolicy.allCases.filter { $0 != .refuse }) func likeRowsWithoutValues(
    _ policy: GapPolicy
  ) throws {
    let table = try readTable(Self.text(Self.present), TableOptions(fillRows: policy))
    let oracle = try readTable(Self.text(Array(0..<24), blank: Self.missing))
    #expect(table.time == oracle.time && table.rowCount == 24)
    for (found, expected) in zip(table.columns, oracle.columns) {
      #expect(
        found.missingRows == expected.missingRows
          && found.missingRows == (found.values == .time ? [] : Self.missing.sorted()))
    }
    // Gaps in the file are refused, and yet what is inserted is filled.
    let refusing = [Feature("v"), Feature("kind")]
    let frame = try FrameEncoder(fitting: refusing, to: table, trainingRows: 0..<20).encode(table)
    let filling = [Feature("v", gaps: policy), Feature("kind", gaps: policy)]
    let expected = try FrameEncoder(fitting: filling, to: oracle, trainingRows: 0..<20).encode(oracle)
    #expect(frame.frame == expected.frame && frame.wasMissing == expected.wasMissing && frame.fills == [])
  }

  @Test func itIsSaid() throws {
    let inserted = try #require(
      try readTable(Self.text(Self.present), TableOptions(fillRows: .previous)).inserted)
    #expect(inserted.count == 6 && inserted.places == 3)
    #expect(
      inserted.describe() == """
        6 missing rows inserted in 3 places, first between 2020-01-01T03:00 and 2020-01-01T06:00 (t.csv:6:1), filled \
        with the value before as inputs, never asked for nor scored
        """)
    #expect(try readTable(Self.text(Array(0..<24)), TableOptions(fillRows: .linear)).inserted == nil)
    #expect(try readTable("v\n1\n2\n", TableOptions(fillRows: .linear)).inserted == nil)
  }

  @Test func gapsInTheFileKeepTheirOwnPolicy() throws {
    let text = "t,v\n2020-01-01,1\n2020-01-02,NA\n2020-01-03,5\n2020-01-05,9\n2020-01-06,NA\n2020-01-07,3\n"
    let table = try readTable(text, TableOptions(fillRows: .linear))
    let encoded = try FrameEncoder(fitting: [Feature("v", gaps: .previous)], to: table, trainingRows: 0..<7)
      .encode(table)
    #expect(encoded.frame.column(0) == [1, 1, 5, 7, 9, 9, 3])
    #expect(encoded.fills.map(\.missing.count) == [2])
    // The file's own gap is refused where it stands, two lines further up than its row in the table.
    let fault = DataError.column(.missing(column: "v", count: 2), at: place(3, 12))
    #expect(throws: fault) {
      try FrameEncoder(fitting: [Feature("v")], to: table, trainingRows: 0..<7).encode(table)
    }
    #expect(table.place(row: 5, column: "v") == place(6, 12))
  }

  @Test func otherFaultsStayFaults() {
    let options = TableOptions(fillRows: .linear)
    func fault(_ days: [Int]) -> DataError? {
      failure("t,v\n" + days.map { "2020-01-\(String(format: "%02d", $0)),1\n" }.joined(), options)
    }
    #expect(
      fault([1, 2, 3, 5, 5, 6])
        == .time(.duplicate(stamp: "2020-01-05T00:00", count: 1), at: place(6, 1)))
    #expect(
      fault([1, 2, 3, 6, 5, 6])
        == .time(
          .backwards(stamp: "2020-01-05T00:00", previous: "2020-01-06T00:00", count: 1), at: place(6, 1)))
    // A mistyped year is no reason to insert a century of rows.
    let typed = failure("t,v\n2020-01-01T00:00,1\n2020-01-01T00:01,1\n2120-01-01T00:02,1\n", options)
    #expect(typed == .time(.tooManyMissingRows(missing: 36_524 * 1440, rows: 3), at: place(4, 1)))
  }

  @Test func withoutTheOptionTheFirstGapIsNamed() {
    let error = failure(Self.text(Self.present))
    let line = error?.description ?? ""
    #expect(
      line.hasPrefix(
        "t.csv:6:1: 2 rows missing between 2020-01-01T03:00 and 2020-01-01T06:00 (and 2 more such places); "))
    #expect(line.contains("--fill-rows"))
  }
}
