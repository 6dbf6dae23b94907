/// The failures of `body` for every value, each told with the value that it belongs to: "lengths [3, 2]: …".
///
/// Nested calls say the whole path, so a loop over many combinations needs no other trace.
public func withEvery<Value>(
  _ name: String, in values: some Sequence<Value>, _ body: (Value) throws -> [String]
) rethrows -> [String] {
  try values.flatMap { value in try body(value).map { "\(name) \(value): \($0)" } }
}
