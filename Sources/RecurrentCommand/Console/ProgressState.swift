internal import RecurrentReports

/// Where long work stands, with its rate and the time that is left.
struct ProgressState: Sendable, Hashable {
  var title: String
  var unit: String
  var total: Int?
  /// What was done before this process began, so that a resumed run does not count it into its rate.
  var first: Int
  var completed: Int
  var loss: Double?
  var detail: String
  /// Seconds since the work began.
  var elapsed: Double

  /// Units a second; `nil` before there is anything to divide.
  var rate: Double? {
    completed > first && elapsed > 0 ? Double(completed - first) / elapsed : nil
  }

  /// Seconds left at this rate; `nil` where it or the total is unknown.
  var remaining: Double? {
    guard let total, let rate else { return nil }
    return Double(max(0, total - completed)) / rate
  }

  var fraction: Double? {
    total.map { $0 > 0 ? min(1, max(0, Double(completed) / Double($0))) : 1 }
  }

  /// One line of at most `width - 1` characters: a bar, and as many figures as leave it 8 cells; the detail goes first,
  /// then the rate.
  func barLine(width: Int) -> String {
    let choices = [Figures(), Figures(hasDetail: false), Figures(hasDetail: false, hasRate: false)]
    for choice in choices {
      let figures = (countText + texts(choice)).joined(separator: "  ")
      let room = width - 1 - title.count - figures.count - 4
      guard let fraction, room >= 8 else { continue }
      let length = min(30, room)
      let filled = Int(fraction * Double(length))
      let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: length - filled)
      return "\(title)  \(bar)  \(figures)"
    }
    return String(plainLine.prefix(width - 1))
  }

  /// One line for a log.
  var plainLine: String { ([title] + countText + texts(Figures())).joined(separator: "  ") }

  var json: JSONValue {
    var members: [String: JSONValue] = [
      "event": "progress", "title": .string(title), "unit": .string(unit), "completed": .integer(completed),
      "elapsed_seconds": .number(elapsed),
    ]
    if let total { members["total"] = .integer(total) }
    if let loss { members["loss"] = loss.isFinite ? .number(loss) : .null }
    if let rate { members["rate"] = .number(rate) }
    if let remaining { members["remaining_seconds"] = .number(remaining) }
    if !detail.isEmpty { members["detail"] = .string(detail) }
    return .object(members)
  }

  private var countText: [String] {
    guard let total else { return ["\(completed) \(unit)"] }
    return ["\(completed)/\(total) \(unit)"]
  }

  private struct Figures {
    var hasDetail = true
    var hasRate = true
  }

  private func texts(_ figures: Figures) -> [String] {
    var texts: [String] = []
    if let loss { texts.append("loss " + NumberFormat.significant(4).text(loss)) }
    if figures.hasDetail && !detail.isEmpty { texts.append(detail) }
    if figures.hasRate, let rate { texts.append(NumberFormat.significant(3).text(rate) + " \(unit)/s") }
    if let total, completed >= total {
      texts.append("took " + shortDuration(elapsed))
    } else if let remaining {
      texts.append(shortDuration(remaining) + " left")
    }
    return texts
  }
}

/// A duration as a person says it: 0.4 s, 12 s, 3 min 20 s, 2 h 05 min.
func shortDuration(_ seconds: Double) -> String {
  guard seconds.isFinite, seconds >= 0, seconds < 1e9 else { return "?" }
  if seconds < 9.95 { return NumberFormat.fixed(1).text(seconds) + " s" }
  let whole = Int(seconds.rounded())
  if whole < 60 { return "\(whole) s" }
  if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
  let minutes = whole % 3600 / 60
  return "\(whole / 3600) h \(minutes < 10 ? "0" : "")\(minutes) min"
}
