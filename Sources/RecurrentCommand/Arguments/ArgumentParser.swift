internal import RecurrentCore

/// Reads the arguments of one verb by its definition.
///
/// `--name value` and `--name=value`; `-n value` for options with a short name; `--` ends the options. A value that
/// begins with a dash and is no number is written `--name=-value`, so that a forgotten value never swallows the next
/// option.
public struct ArgumentParser: Sendable {
  public let definition: VerbDefinition
  /// The program's name and the verb's, for errors that point at help.
  let command: String

  public init(_ definition: VerbDefinition, program: String = "recurrent") {
    self.definition = definition
    command = program + " " + definition.name
  }

  /// Whether help is asked for, whatever else is wrong with the line.
  public static func asksForHelp(_ arguments: some Sequence<String>) -> Bool {
    arguments.prefix { $0 != "--" }.contains { $0 == "--help" || $0 == "-h" }
  }

  /// - Throws: ``CommandError`` with ``ExitCode/usage`` that names the argument, what was expected, and the nearest name.
  public func parse(_ arguments: [String]) throws(CommandError) -> ParsedArguments {
    var reading = Reading(rest: arguments[...])
    while let next = reading.rest.popFirst() {
      if reading.optionsEnded || !isOption(next) {
        reading.positional.append(next)
      } else if next == "--" {
        reading.optionsEnded = true
      } else {
        try readOption(next, &reading)
      }
    }
    var parsed = ParsedArguments(verb: definition.name)
    try takeOptions(reading.options, into: &parsed)
    try takeArguments(reading.positional, into: &parsed)
    return parsed
  }

  private struct Reading {
    var rest: ArraySlice<String>
    var optionsEnded = false
    var positional: [String] = []
    var options: [String: [any ParsedValue]] = [:]
  }

  /// A lone `-` is a standard stream and `-5` a number; everything else with a dash in front is an option.
  private func isOption(_ text: String) -> Bool {
    text.hasPrefix("-") && text != "-" && !isNegativeNumber(text)
  }

  private func isNegativeNumber(_ text: String) -> Bool {
    guard text.hasPrefix("-"), let next = text.dropFirst().utf8.first else { return false }
    return "0123456789.".utf8.contains(next)
  }

  private func readOption(_ text: String, _ reading: inout Reading) throws(CommandError) {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard let option = definition.options.first(where: { $0.isSpelled(parts[0]) }) else {
      throw unknownOption(parts[0])
    }
    if reading.options[option.name] != nil && !option.isRepeatable {
      throw usage("option '--\(option.name)' is given twice, expected once")
    }
    var value = parts.count == 2 ? parts[1] : nil
    if let kind = option.value {
      if value == nil, let next = reading.rest.first, !isOption(next) {
        value = reading.rest.removeFirst()
      }
      guard value != nil else { throw missingValue(option, kind, next: reading.rest.first) }
    } else if let value {
      throw usage("option '--\(option.name)' takes no value, found '\(value)'")
    }
    do throws(ValueProblem) {
      reading.options[option.name, default: []].append(try option.parse(value ?? ""))
    } catch {
      throw usage(
        wrongValue(
          value ?? "", of: "option '--\(option.name)'", expectation: option.value?.expectation ?? "", error))
    }
  }

  private func takeOptions(
    _ found: [String: [any ParsedValue]], into parsed: inout ParsedArguments
  ) throws(CommandError) {
    for option in definition.options {
      if let values = found[option.name] {
        parsed.values["--" + option.name] = option.join(values)
        parsed.given.insert("--" + option.name)
      } else if let fallback = option.fallback {
        parsed.values["--" + option.name] = fallback
      } else {
        let placeholder = option.value.map { " " + $0.placeholder } ?? ""
        throw usage("option '--\(option.name)\(placeholder)' is missing: \(clause(option.help))")
      }
    }
  }

  private func takeArguments(_ found: [String], into parsed: inout ParsedArguments) throws(CommandError) {
    var rest = found[...]
    for argument in definition.arguments {
      let own = argument.isRepeatable ? rest : rest.prefix(1)
      rest = rest.dropFirst(own.count)
      if own.isEmpty {
        guard !argument.isRequired, let fallback = argument.fallback else {
          throw usage("\(argument.name) is missing: \(clause(argument.help))")
        }
        parsed.values[argument.name] = fallback
        continue
      }
      var values: [any ParsedValue] = []
      for text in own {
        do throws(ValueProblem) {
          values.append(try argument.parse(text))
        } catch {
          throw usage(wrongValue(text, of: argument.name, expectation: argument.expectation, error))
        }
      }
      parsed.values[argument.name] = argument.join(values)
    }
    if let extra = rest.first {
      throw usage("unexpected argument '\(extra)', expected \(countText(definition.arguments.count))")
    }
  }
}

// MARK: - Errors

extension ArgumentParser {
  private func usage(_ message: String) -> CommandError {
    .usage(message, help: "\(command) --help")
  }

  /// A sentence of a help page, to be followed by a semicolon.
  private func clause(_ help: String) -> Substring { help.hasSuffix(".") ? help.dropLast() : help[...] }

  private func unknownOption(_ spelling: String) -> CommandError {
    let names = ["--help"] + definition.options.map { "--" + $0.name }
    // Who cuts a name short means the one that begins so; "--t" says too little.
    let longer = names.filter { spelling.count > 4 && $0.hasPrefix(spelling) }
    let nearest = longer.count == 1 ? longer[0] : nearestName(to: spelling, among: names)
    return usage("unknown option '\(spelling)'" + (nearest.map { ", did you mean '\($0)'?" } ?? ""))
  }

  private func missingValue(
    _ option: OptionDefinition, _ kind: OptionDefinition.ValueDefinition, next: String?
  ) -> CommandError {
    var message = "option '--\(option.name)' needs a value, expected \(kind.expectation)"
    if let next, next != "--" {
      message += "; a value that begins with a dash is written '--\(option.name)=\(next)'"
    }
    return usage(message)
  }

  private func wrongValue(
    _ text: String, of place: String, expectation: String, _ problem: ValueProblem
  ) -> String {
    let part = problem.part.map { $0 == text ? "" : "'\($0)' in " } ?? ""
    let advice = problem.advice.map { "; \($0)" } ?? ""
    return "\(place): found \(part)'\(text)', expected \(expectation)\(advice)"
  }

  private func countText(_ count: Int) -> String {
    switch count {
    case 0: "none"
    case 1: "only \(definition.arguments[0].name)"
    default: "only " + definition.arguments.map(\.name).joined(separator: " ")
    }
  }
}

extension OptionDefinition {
  func isSpelled(_ text: String) -> Bool { text == "--" + name || text == short.map { "-" + String($0) } }
}
