/// A value whose type only its option knows, on its way from the parser to whoever asks with that option.
protocol ParsedValue: Sendable {}

/// The box around it: a bare optional in an existential would be taken for the absence of a value.
struct Parsed<Value: Sendable>: ParsedValue {
  let value: Value

  init(_ value: Value) { self.value = value }
}

/// Makes one list of the values of an option that was given several times.
func joined<Element: Sendable>(_ type: Element.Type) -> @Sendable ([any ParsedValue]) -> any ParsedValue {
  { Parsed($0.compactMap { ($0 as? Parsed<Element>)?.value }) }
}
