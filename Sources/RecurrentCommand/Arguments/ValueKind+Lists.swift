extension ValueKind {
  /// Values with commas between them: `1,2,4,8`. A comma inside a value is written `\,`.
  ///
  /// - Parameter distinct: whether the same text twice is an error.
  public static func list<Element>(
    of element: ValueKind<Element>, distinct: Bool = false
  ) -> ValueKind where Value == [Element] {
    ValueKind(
      placeholder: element.placeholder + ",…",
      expectation: "values with commas between them, each " + element.expectation, choices: element.choices
    ) { text throws(ValueProblem) in
      var values: [Element] = []
      var seen: Set<String> = []
      for part in splitAtCommas(text) {
        do throws(ValueProblem) {
          values.append(try element.parse(part))
        } catch {
          throw ValueProblem(part: error.part ?? part, advice: error.advice)
        }
        if !seen.insert(part).inserted && distinct {
          throw ValueProblem(part: part, advice: "it stands there twice")
        }
      }
      return values
    } describe: { values in
      values.map { element.describe($0).replacing(",", with: "\\,") }.joined(separator: ",")
    }
  }
}

private func splitAtCommas(_ text: String) -> [String] {
  var parts = [""]
  var isEscaped = false
  for character in text {
    if character == "," && !isEscaped {
      parts.append("")
    } else if character == "\\" && !isEscaped {
      isEscaped = true
      continue
    } else {
      // A backslash keeps its meaning before anything but a comma or itself: Windows paths, regular expressions.
      if isEscaped && character != "," && character != "\\" { parts[parts.count - 1].append("\\") }
      parts[parts.count - 1].append(character)
    }
    isEscaped = false
  }
  if isEscaped { parts[parts.count - 1].append("\\") }
  return parts
}
