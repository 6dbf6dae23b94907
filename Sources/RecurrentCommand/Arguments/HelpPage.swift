/// The help page of a verb, made from its definition.
struct HelpPage {
  let definition: VerbDefinition
  let program: String

  /// Fixed, so that the page is the same everywhere and can be compared with one that is kept.
  static let width = 100

  var text: String {
    var blocks = ["\(program) \(definition.name): \(definition.summary)"]
    blocks += paragraphs(definition.discussion)
    blocks.append("USAGE\n  \(usageLine)")
    if !definition.arguments.isEmpty {
      blocks.append(table("ARGUMENTS", definition.arguments.map { ($0.name, explanation($0)) }))
    }
    for group in definition.groups {
      blocks.append(table(group.title.uppercased(), group.options.map { (spelling($0), explanation($0)) }))
    }
    blocks.append(table("HELP", [("-h, --help", "Show this page.")]))
    if !definition.examples.isEmpty {
      let examples = definition.examples.map { "  \($0.command)\n      \($0.explanation)" }
      blocks.append("EXAMPLES\n" + examples.joined(separator: "\n"))
    }
    let codes = Set([.success, .usage, .software] + definition.exitCodes).sorted { $0.rawValue < $1.rawValue }
    blocks.append(table("EXIT CODES", codes.map { (String($0.rawValue), $0.meaning) }))
    return blocks.joined(separator: "\n\n") + "\n"
  }

  var usageLine: String {
    let required = definition.options.filter(\.isRequired).map { " " + spelling($0) }
    let arguments = definition.arguments.map { argument in
      let name = argument.isRepeatable ? argument.name + "…" : argument.name
      return argument.isRequired ? " " + name : " [\(name)]"
    }
    let hasMore = definition.options.contains { !$0.isRequired }
    return "\(program) \(definition.name)" + arguments.joined() + required.joined()
      + (hasMore ? " [--option value]…" : "")
  }

  private func spelling(_ option: OptionDefinition) -> String {
    (option.short.map { "-\($0), " } ?? "") + "--" + option.name
      + (option.value.map { " " + $0.placeholder } ?? "")
  }

  private func explanation(_ option: OptionDefinition) -> String {
    var notes: [String] = []
    if let choices = option.value?.choices, !choices.isEmpty {
      notes.append("one of " + choices.joined(separator: ", "))
    }
    if option.isRequired { notes.append("required") }
    if option.isRepeatable { notes.append("may be repeated") }
    if let text = option.defaultText { notes.append("default: \(text.isEmpty ? "none" : text)") }
    return option.help + (notes.isEmpty ? "" : " (\(notes.joined(separator: "; ")))")
  }

  private func explanation(_ argument: ArgumentDefinition) -> String {
    argument.help
      + (argument.choices.isEmpty ? "" : " (one of \(argument.choices.joined(separator: ", ")))")
  }

  private func paragraphs(_ text: String) -> [String] {
    text.split(separator: "\n\n").map { wrapped(String($0), width: Self.width, indent: 0) }
  }

  private func table(_ title: String, _ rows: [(String, String)]) -> String {
    helpTable(title, rows, width: Self.width)
  }
}

/// Rows of a name and its explanation under a title, aligned and wrapped.
func helpTable(_ title: String, _ rows: [(String, String)], width: Int) -> String {
  let longest = rows.map(\.0.count).max() ?? 0
  let column = min(longest, 30) + 4
  let lines = rows.map { name, explanation in
    let text = wrapped(explanation, width: width - column, indent: column)
    if name.count + 4 > column { return "  \(name)\n" + String(repeating: " ", count: column) + text }
    return "  " + name + String(repeating: " ", count: column - name.count - 2) + text
  }
  return title + "\n" + lines.joined(separator: "\n")
}

/// Fills lines up to a width; lines after the first are indented.
func wrapped(_ text: String, width: Int, indent: Int) -> String {
  var lines = [""]
  for word in text.split(whereSeparator: \.isWhitespace) {
    let line = lines[lines.count - 1]
    if line.isEmpty {
      lines[lines.count - 1] = String(word)
    } else if line.count + 1 + word.count <= width {
      lines[lines.count - 1] = line + " " + word
    } else {
      lines.append(String(word))
    }
  }
  return lines.joined(separator: "\n" + String(repeating: " ", count: indent))
}
