internal import RecurrentReports

/// Where two documents of settings differ, by the members of `config.json`: "training.batchSize was 16 and is now 32".
enum SettingsDifferences {
  /// Messages name so many; the others are counted.
  private static let most = 3

  /// In parentheses, to follow a word of a message; "" where either is no JSON or nothing differs.
  static func inParentheses(_ saved: String, _ given: String) -> String {
    guard let before = try? JSONValue(parsing: Array(saved.utf8), name: "saved"),
      let now = try? JSONValue(parsing: Array(given.utf8), name: "given")
    else { return "" }
    let found = between(before, now)
    if found.isEmpty { return "" }
    let rest = found.count > most ? ["\(found.count - most) more"] : []
    return " (\((found.prefix(most) + rest).joined(separator: "; ")))"
  }

  static func between(_ saved: JSONValue, _ given: JSONValue) -> [String] {
    let (before, now) = (leaves(saved), leaves(given))
    return Set(before.keys).union(now.keys).sorted().compactMap { path in
      let (old, new) = (before[path] ?? "not set", now[path] ?? "not set")
      return old == new ? nil : "\(path) was \(old) and is now \(new)"
    }
  }

  /// Every value that holds no others, by the names that lead to it. Values without a name ("_0") add none to the path.
  private static func leaves(_ value: JSONValue, at path: [String] = []) -> [String: String] {
    let children: [(String, JSONValue)]
    switch value {
    case .object(let members): children = members.map { ($0, $1) }
    case .array(let values): children = values.enumerated().map { ("\($0 + 1)", $1) }
    default: return [path.joined(separator: "."): (try? value.text()) ?? ""]
    }
    if children.isEmpty { return [path.joined(separator: "."): "there"] }
    return children.reduce(into: [:]) { all, child in
      let own = leaves(child.1, at: child.0.hasPrefix("_") ? path : path + [child.0])
      all.merge(own) { first, _ in first }
    }
  }
}
