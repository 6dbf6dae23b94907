internal import RecurrentNN
internal import RecurrentReports

/// The outcome of a suite, for people and for programs.
struct GradcheckReport {
  let summary: GradientSummary
  let extent: String
  let seconds: Double

  /// Failing tensors shown to people; programs get all.
  private static let most = 20

  func text(_ style: TextStyle) -> String {
    var table = ReportTable([
      .text("cell"), .number("networks"), .number("numbers"), .number("worst error"), .text("where"),
    ])
    for cell in summary.cells {
      guard let worst = cell.summary.worst else { continue }
      table.append(
        [
          cell.name, String(cell.summary.cases), String(cell.summary.numbers),
          NumberFormat.scientific(1).text(worst.entry.error), worst.entry.name,
        ],
        emphasized: !cell.summary.failing.isEmpty)
    }
    return table.text(emphasis: style.red) + "\n" + failures(style) + verdict(style)
  }

  private func failures(_ style: TextStyle) -> String {
    let places = summary.failing.flatMap { result in
      result.report.failing(tolerance: summary.tolerance).map {
        GradientSummary.Place(name: result.name, entry: $0)
      }
    }
    if places.isEmpty { return "" }
    let worstFirst = places.sorted { $0.entry.error > $1.entry.error }
    var lines = worstFirst.prefix(Self.most).map { place in
      "\(style.red("FAIL"))  \(place.name): \(describe(place.entry))"
    }
    if places.count > Self.most { lines.append("… and \(places.count - Self.most) more; --json has all") }
    return lines.joined(separator: "\n") + "\n\n"
  }

  private func verdict(_ style: TextStyle) -> String {
    guard let worst = summary.worst else { return "nothing was checked" }
    let limit = NumberFormat.shortest.text(summary.tolerance)
    let what =
      "\(summary.cases) networks, \(NumberFormat.shortest.grouped.text(count: summary.numbers)) derivatives"
    let outcome =
      summary.failing.isEmpty
      ? style.green("passed")
      : style.red("FAILED in \(summary.failing.count) of \(summary.cases) networks")
    return """
      \(what) in \(shortDuration(seconds)): \(outcome) (at most \(limit))
      worst relative error \(NumberFormat.scientific(2).text(worst.entry.error)), '\(worst.entry.name)' of \
      '\(worst.name)'
      """
  }

  var document: JSONDocument {
    JSONDocument(
      verb: "gradcheck",
      [
        "extent": .string(extent), "tolerance": .number(summary.tolerance),
        "networks": .integer(summary.cases), "derivatives": .integer(summary.numbers),
        "seconds": .number(seconds), "passed": .boolean(summary.failing.isEmpty),
        "worst": summary.worst.map(json) ?? .null,
        "cells": .array(
          summary.cells.map { cell in
            [
              "name": .string(cell.name), "networks": .integer(cell.summary.cases),
              "derivatives": .integer(cell.summary.numbers), "worst": cell.summary.worst.map(json) ?? .null,
            ]
          }),
        "failing": .array(
          summary.failing.flatMap { result in
            result.report.failing(tolerance: summary.tolerance).map {
              json(GradientSummary.Place(name: result.name, entry: $0))
            }
          }),
      ])
  }

  private func json(_ place: GradientSummary.Place) -> JSONValue {
    gradientJSON(place.entry, ["network": .string(place.name)])
  }
}

/// "'body.forward.bias', error 0.12: element 3 is 0.5, expected 0.4".
func describe(_ entry: GradientReport.Entry) -> String {
  let format = NumberFormat.significant(6)
  return "'\(entry.name)', error \(NumberFormat.scientific(1).text(entry.error)): "
    + "element \(entry.worstIndex) is \(format.text(entry.analytic)), expected \(format.text(entry.numeric))"
}

func gradientJSON(_ entry: GradientReport.Entry, _ more: [String: JSONValue] = [:]) -> JSONValue {
  let members: [String: JSONValue] = [
    "tensor": .string(entry.name), "elements": .integer(entry.count), "error": .number(entry.error),
    "worst_element": .integer(entry.worstIndex), "gradient": .number(entry.analytic),
    "difference_quotient": .number(entry.numeric),
  ]
  return .object(members.merging(more) { _, new in new })
}
