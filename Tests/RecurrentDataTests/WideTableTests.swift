import RecurrentData
import Testing

/// Tables with very many columns.
@Suite struct WideTableTests {
  private func wide(_ count: Int) -> [UInt8] {
    let header = (0..<count).map { "c\($0)" }.joined(separator: ",")
    let rows = (0..<3).map { row in
      (0..<count).map { String(($0 * 7 + row * 13) % 97) }.joined(separator: ",")
    }
    return Array(([header] + rows).joined(separator: "\n").utf8)
  }

  /// Reads a table, asks for each of its columns and for places in them, and stores how it was read.
  private func use(_ text: [UInt8]) throws -> Int {
    let table = try Table(bytes: text)
    var sum = 0
    for name in table.columnNames where try table.numbers(in: name)[0] > 90 { sum += 1 }
    let kept = table.reading.keeping(table.columnNames)
    return sum + kept.kinds.count + table.summary.describe().count
  }

  /// 16 times the columns take about 16 times as long; searching them one by one would take 256 times as long.
  @Test func timeIsLinearInTheColumns() throws {
    let (few, many) = (wide(1_000), wide(16_000))
    let short = try threadSeconds { _ = try use(few) }
    let long = try threadSeconds { _ = try use(many) }
    #expect(long < 64 * short, "\(long) s and \(short) s")
  }

  @Test func theSummaryShowsTheFirstColumns() throws {
    let lines = try Table(bytes: wide(64_000)).summary.describe().split(separator: "\n")
    #expect(lines.count == 2 + 40 + 1)
    #expect(lines[41].hasPrefix("  c39: numeric"))
    #expect(lines[42] == "  and 63,960 more columns")
    #expect(try Table(bytes: wide(41)).summary.describe().hasSuffix("\n  and 1 more column"))
    #expect(try !Table(bytes: wide(40)).summary.describe().contains("more column"))
    let header = (0..<45).map { "c\($0)" }.joined(separator: ",") + "\n"
    let gaps =
      header + (0..<45).map(String.init).joined(separator: ",") + "\n" + String(repeating: ",", count: 44)
    let first = try Table(bytes: Array((gaps + "\n").utf8)).summary.describe().split(separator: "\n")[0]
    #expect(first.contains("1 missing in c39, some in 5 more columns") && !first.contains("c40"))
  }

  @Test func aRepeatedNameIsFoundAtItsPlace() throws {
    #expect(
      failure("a,b,c,b\n1,2,3,4\n") == .text(.duplicateColumn(name: "b", firstColumn: 2), at: place(1, 7)))
    let table = try readTable("a,,b\nx,2,3\n")
    #expect(table.place(row: 0, column: "b") == place(2, 5))
    #expect(try table.numbers(in: "column2") == [2])
  }
}
