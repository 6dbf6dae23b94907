/// A log of JSON objects, one a line, as a value: what it holds, and what a line looks like.
///
/// It does no file work: `bytes` is the whole file.
public struct JSONLinesLog: Sendable, Hashable {
  /// The objects, one for each line.
  public private(set) var lines: [JSONValue] = []
  /// The text of the log: whole lines, each with its newline.
  public private(set) var bytes: [UInt8] = []

  /// An empty log.
  public init() {}

  /// Adds an object.
  ///
  /// - Parameters:
  ///   - object: A `.object`; another value is a programmer's error.
  ///   - nonFinite: What to do with not-a-number and infinities. With `.refuse` a throw leaves the log as it was.
  /// - Returns: The bytes of the new line with its newline.
  @discardableResult
  public mutating func append(
    _ object: JSONValue, nonFinite: JSONValue.NonFinitePolicy = .refuse
  ) throws(JSONError) -> [UInt8] {
    guard case .object = object else {
      preconditionFailure("JSONLinesLog: a line must be an object, found \(object)")
    }
    let line = Array((try object.text(nonFinite: nonFinite) + "\n").utf8)
    bytes += line
    // What a reader of the line will see: null for a number that was not finite.
    lines.append(nonFinite == .null ? try JSONValue(parsing: line, name: "line") : object)
    return line
  }
}
