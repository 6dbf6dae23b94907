internal import Foundation
internal import RecurrentCore
internal import RecurrentReports

/// The same for a terminal.
extension ExplanationDrawing {
  /// Tables as wide as the terminal: what L depends on, then gates, states and gradients of each layer, a token a line.
  ///
  /// - Parameters:
  ///   - width: of the terminal, in cells; columns that do not fit come in a table of their own.
  ///   - emphasis: what becomes of headings.
  public func text(width: Int, emphasis: (String) -> String = { $0 }) -> String {
    var parts = [singleLine(sentence) + "\n" + table(saliencyColumns(width: width), caption: nil)]
    if hasUnknown { parts[0] += unknownNote + "\n" }
    for layer in layers {
      let columns = columns(layer)
      var tables: [[Column]] = [[]]
      for column in columns {
        let wide = (names + tables[tables.count - 1] + [column]).map(\.width).reduce(0) { $0 + $1 + 2 } - 2
        if wide > width, !tables[tables.count - 1].isEmpty { tables.append([]) }
        tables[tables.count - 1].append(column)
      }
      let texts = tables.map { table(names + $0, caption: nil) }
      let curves = layer.gradients.map { gradient in
        let curve = Sparkline.text(
          gradient.norms.map { $0 > 0 ? log10($0) : .nan }, width: max(8, min(60, width - 42)))
        let factor =
          gradient.decay.map { ", factor a step back \(NumberFormat.significant(3).text($0))" } ?? ""
        let line = "‖∂L/∂\(gradient.state)‖ \(curve)"
        return (factor.isEmpty ? line.trimmingCharacters(in: .whitespaces) : line + factor) + "\n"
      }
      parts.append(emphasis(Self.heading(layer)) + "\n" + (texts + [curves.joined()]).joined(separator: "\n"))
    }
    parts.append(legend)
    return parts.joined(separator: "\n")
  }

  private var legend: String {
    units == nil
      ? "Gates: means over the units, 0 to 1. |…|: mean magnitudes, 0 to the greatest. Gradients by ratios.\n"
      : "Gates: 0 to 1. Others: the deeper the shade, the larger the magnitude. Gradients by ratios.\n"
  }

  private struct Column {
    let header: String
    let cells: [String]
    let isNumber: Bool

    init(_ header: String, _ cells: [String], isNumber: Bool = true) {
      (self.header, self.cells, self.isNumber) = (header, cells, isNumber)
    }

    var width: Int { (cells + [header]).map { displayWidth($0) }.max() ?? 0 }
  }

  private func table(_ columns: [Column], caption: String?) -> String {
    var table = ReportTable(
      columns.map { $0.isNumber ? .number($0.header) : .text($0.header) }, caption: caption)
    for row in explanation.steps.indices { table.append(columns.map { $0.cells[row] }) }
    return table.text()
  }

  private var names: [Column] {
    [
      Column("", explanation.tokenNumbers.map { $0.map { "\($0)" } ?? "" }),
      Column(explanation.stepName, stepNames.map { Self.cut($0, to: 20) }, isNumber: false),
    ]
  }

  /// Cut by terminal cells, in which some characters take two.
  private static func cut(_ text: String, to width: Int) -> String {
    guard displayWidth(text) > width else { return text }
    var kept = text
    while displayWidth(kept) >= width { kept.removeLast() }
    return kept + "…"
  }

  private func saliencyColumns(width: Int) -> [Column] {
    let values = explanation.saliency
    let top = values.max() ?? 0
    let own = names
    let longest = max(8, min(40, width - own.map(\.width).reduce(0, +) - 16))
    return own + [
      Column("‖∂L/∂x‖", values.map { $0 == 0 ? "0" : NumberFormat.scientific(1).text($0) }),
      Column(
        "", values.map { top > 0 ? Self.bar($0 / top, longest: longest) : "" }, isNumber: false),
    ]
  }

  private static func bar(_ share: Double, longest: Int) -> String {
    let eighths = Int((share * Double(longest) * 8).rounded())
    let rest = eighths % 8
    return String(repeating: "█", count: eighths / 8) + (rest > 0 ? String(Array("▏▎▍▌▋▊▉")[rest - 1]) : "")
  }

  private func columns(_ layer: Explanation.Layer) -> [Column] {
    var result: [Column] = []
    for quantity in layer.quantities {
      let short = quantity.name.hasSuffix(" gate") ? String(quantity.name.dropLast(5)) : quantity.name
      if let units {
        let bound = bound(quantity)
        for unit in units where unit < layer.units {
          let values = quantity.values.map { Double($0[unit]) }
          result.append(Column("\(short) \(unit + 1)", values.map { Self.cell($0, bound) }))
        }
      } else {
        let top = top(quantity)
        result.append(
          Column(quantity.isGate ? short : "|\(short)|", quantity.means.map { Self.cell($0, top) }))
      }
    }
    if let range = gradientRange {
      for gradient in layer.gradients {
        result.append(Column("‖∂\(gradient.state)‖", gradient.norms.map { Self.gradientCell($0, range) }))
      }
    }
    return result
  }

  /// A shade and the number.
  private static func cell(_ value: Double, _ top: Double) -> String {
    guard value.isFinite else { return NumberFormat.fixed(2).text(value) }
    let depth = HeatMap.Shade.upTo(top).depth(of: value) ?? 0
    let shades = Array(" ░▒▓█")
    return "\(shades[min(4, Int(depth * 5))]) \(NumberFormat.fixed(2).text(value))"
  }

  private static func gradientCell(_ norm: Double, _ range: ClosedRange<Double>) -> String {
    guard norm > 0 else { return "0" }
    let depth = HeatMap.Shade.ratios(range).depth(of: norm) ?? 0
    let blocks = Array("▁▂▃▄▅▆▇█")
    return "\(blocks[min(7, Int(depth * 8))]) \(NumberFormat.scientific(1).text(norm))"
  }
}
