internal import RecurrentNN

/// Which cases of the suite are wanted, by the words of their names.
package struct GradientCaseFilter {
  var cell: String?
  var direction: String?
  var depth: Int?
  /// Texts that must all occur.
  var texts: [String] = []

  func accepts(_ name: String) -> Bool {
    let words = name.split(separator: " ").map(String.init)
    if let cell, !Self.cells(name).contains(cell) { return false }
    if let direction, !words.contains(direction) { return false }
    if let depth, !name.contains("depth \(depth)") { return false }
    return texts.allSatisfy { name.contains($0) }
  }

  /// The cells that a case's name begins with: one, or two with a plus between.
  static func cells(_ name: String) -> [String] {
    name.prefix { $0 != " " }.split(separator: "+").map(String.init)
  }

  /// All cells of the suite.
  package static let allCells = GradientCheckSuite.cases(.smoke).flatMap { cells($0.name) }
    .reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
}
