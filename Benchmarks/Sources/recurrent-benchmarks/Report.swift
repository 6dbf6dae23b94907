/// One line of the results.
struct Row {
  let group: String
  let name: String
  /// Named figures with their units, in the order in which they are shown.
  var figures: [(name: String, value: Double, unit: String)] = []

  init(_ group: String, _ name: String) {
    self.group = group
    self.name = name
  }

  func with(_ name: String, _ value: Double, _ unit: String) -> Row {
    var row = self
    row.figures.append((name, value, unit))
    return row
  }
}

extension Row {
  /// "product 32 x 1024 x 256   median 225.1 GFLOP/s   share of peak 0.94"
  var text: String {
    let label = padded(group, to: 12) + padded(name, to: 38)
    return label
      + figures.map { "\($0.name) \(Self.digits($0.value))\($0.unit.isEmpty ? "" : " " + $0.unit)" }
      .joined(separator: "   ")
  }

  var json: String {
    let values = figures.map { "\"\($0.name)\":\($0.value.isFinite ? "\($0.value)" : "null")" }
    let units = figures.filter { !$0.unit.isEmpty }.map { "\"\($0.name)\":\"\($0.unit)\"" }
    return "{\"group\":\"\(group)\",\"name\":\"\(name)\",\(values.joined(separator: ",")),"
      + "\"units\":{\(units.joined(separator: ","))}}"
  }

  private func padded(_ text: String, to width: Int) -> String {
    text + String(repeating: " ", count: max(1, width - text.count))
  }

  /// Four digits that count; whole numbers whole.
  static func digits(_ value: Double) -> String {
    guard value.isFinite else { return "\(value)" }
    if value == value.rounded() && abs(value) < 1e6 { return "\(Int(value))" }
    var scale = 1.0
    while abs(value) * scale < 1000 && scale < 1e9 { scale *= 10 }
    return "\((value * scale).rounded() / scale)"
  }
}
