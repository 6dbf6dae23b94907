import RecurrentReports
import Testing

@Suite struct TextTests {
  private func table() -> ReportTable {
    var table = ReportTable([.text("model"), .number("MAE"), .init("note", .center)])
    table.append(["GRU", "0.61", "best"], emphasized: true)
    table.append(["同一小时", "12.95", ""])
    table.append(["a|b\u{1B}[31m\nc", "n/a", "x"])
    return table
  }

  @Test func terminalTable() {
    let expected = """
      model         MAE  note
      ──────────  ─────  ────
      GRU          0.61  best
      同一小时    12.95
      a|b�[31m c    n/a   x

      """
    #expect(table().text() == expected)
    let bold = table().text(emphasis: { "<\($0)>" })
    #expect(bold.contains("<GRU          0.61  best>\n"))
  }

  @Test func sparkline() {
    #expect(Sparkline.text([0, 1, 2, 3, 4, 5, 6, 7]) == "▁▂▃▄▅▆▇█")
    #expect(Sparkline.text([1, .nan, 0]) == "█ ▁")
    #expect(Sparkline.text([]) == "")
    #expect(Sparkline.text([.nan, .infinity]) == "  ")
    #expect(Sparkline.text([5, 5]) == "▅▅")
    #expect(Sparkline.text((0..<1000).map(Double.init), width: 8) == "▁▂▃▄▅▆▇█")
    #expect(Sparkline.text([-1e308, 1e308]) == "▁█")
  }
}
