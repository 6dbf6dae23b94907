import Foundation
import RecurrentReports
import Testing

@Suite struct HTMLReportTests {
  private func report() -> HTMLReport {
    var table = ReportTable([.text("model"), .number("R²")], caption: "Test <period>")
    table.append(["GRU & co", "0.98"], emphasized: true)
    table.append(["</td><script>alert(1)</script>", "0.97"])
    let chart = LineChart(
      title: "Loss", x: .init("epoch"), y: .init("loss"), series: [.init("training", y: [3, 2, 1])])
    let bars = BarChart(
      title: "Error", categoryLabel: "hours", categories: ["1"], y: .init("MAE"), series: [.init("GRU", [1])])
    return HTMLReport(
      title: "A <title> & more", subtitle: "seed 1",
      sections: [
        .init(
          "Result",
          [
            .paragraph("Text with <b>markup</b>."), .table(table), .note("Short test period."),
            .list(["a", "b"]),
          ]),
        .init("Curves", [.figure(chart, caption: "Caption"), .figure(bars), .preformatted("  x\n  y")]),
        .init(
          "Configuration",
          [.configuration("All settings", ["rate": 0.001, "bad": .number(.nan), "name": "</pre>"])]),
      ])
  }

  @Test func isWellFormedAndComplete() throws {
    let root = try XMLTree.parse(report().html())
    #expect(root.attributes["lang"] == "en")
    #expect(root.first("title")?.text == "A <title> & more")
    #expect(root.all("h1").map(\.text) == ["A <title> & more"])
    #expect(root.all("h2").map(\.text) == ["Result", "Curves", "Configuration"])
    #expect(root.all("p").first { $0.classes.isEmpty }?.text == "Text with <b>markup</b>.")
    let rows = root.first("tbody")!.all("tr").map { $0.all("td").map(\.text) }
    #expect(rows == [["GRU & co", "0.98"], ["</td><script>alert(1)</script>", "0.97"]])
    #expect(root.all("td", class: "right").count == 2 && root.all("tr", class: "strong").count == 1)
    #expect(root.all("svg").filter { $0.attributes["role"] == "img" }.count == 2)
    #expect(root.first("figcaption")?.text == "Caption")
    let settings = try #require(root.first("details"))
    #expect(settings.first("summary")?.text == "All settings")
    #expect(
      settings.first("pre")?.text == "{\n  \"bad\": null,\n  \"name\": \"</pre>\",\n  \"rate\": 0.001\n}")
    #expect(root.all("pre").first?.text == "  x\n  y")
  }

  @Test func needsNothingElse() throws {
    let text = report().html()
    let root = try XMLTree.parse(text)
    #expect(
      root.all.allSatisfy {
        !["script", "link", "img", "iframe", "object", "a", "use", "image"].contains($0.name)
      })
    for element in root.all {
      for (name, value) in element.attributes {
        #expect(!["href", "src", "xlink:href", "style"].contains(name) && !name.hasPrefix("on"), "\(name)")
        #expect(name == "xmlns" || !value.contains("//"), "\(name)=\(value)")
      }
    }
    let style = root.all("style").map(\.text).joined()
    #expect(!style.contains("url(") && !style.contains("@import"))
    #expect(style.contains("prefers-color-scheme:dark") && style.contains("@media print"))
    #expect(text.utf8.count < 20_000)
    #expect(text == report().html())
  }

  /// Every class that the markup uses has a rule, and every variable a value in both schemes.
  @Test func styleCoversTheMarkup() throws {
    let root = try XMLTree.parse(report().html())
    let style = root.all("style").map(\.text).joined()
    let onlyForReaders: Set<String> = ["plot", "series", "tx", "ty", "lg", "v", "bar", "subtitle"]
    for name in Set(root.all.flatMap(\.classes)).subtracting(onlyForReaders) {
      #expect(
        style.contains(".\(name){") || style.contains(".\(name) ") || style.contains(".\(name),"), "\(name)")
    }
    let used = Set(style.matches(of: /var\(--([a-z0-9]+)\)/).map { String($0.1) })
    #expect(!used.isEmpty)
    for name in used { #expect(style.components(separatedBy: "--\(name):#").count == 4, "\(name)") }
  }
}
