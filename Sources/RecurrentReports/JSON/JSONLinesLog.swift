/// A log of JSON objects, one a line, as a value: what it holds, and what a line looks like.
///
/// It does no file work: `append` hands back the bytes to add to a file, and `bytes` is all of it. To resume a run,
/// read the file, cut the log after the last thing that the checkpoint knows, and keep as many bytes of the file as
/// `bytes.count`:
///
/// ```swift
/// var log = try JSONLinesLog(parsing: try readFile(path, limit: 1 << 30), name: path)
/// log.removeLines(fromFirstWhere: { ($0["epoch"]?.integer ?? 0) > lastEpoch })
/// var file = try AppendFile(path: path, keeping: log.bytes.count)
/// try file.append(try log.append(["epoch": .integer(13), "loss": .number(0.25)]))
/// ```
public struct JSONLinesLog: Sendable, Hashable {
  /// The objects, one for each line.
  public private(set) var lines: [JSONValue] = []
  /// The text of the log: whole lines, each with its newline.
  public private(set) var bytes: [UInt8] = []
  /// How many bytes of a last line without newline were found and dropped: what a killed process leaves.
  public private(set) var tornByteCount = 0
  /// Where each line starts in `bytes`.
  private var starts: [Int] = []

  /// An empty log.
  public init() {}

  /// Reads a log.
  ///
  /// - Parameters:
  ///   - text: The bytes of the file. A last line without newline is dropped and counted in `tornByteCount`.
  ///   - name: What the log is called in errors, for instance its file.
  /// - Throws: `JSONError` at `name:line:column` where a whole line is no JSON object.
  public init(parsing text: [UInt8], name: String) throws(JSONError) {
    var start = 0
    while let end = text[start...].firstIndex(of: UInt8(ascii: "\n")) {
      let line = try JSONValue(parsing: text, in: start..<end, name: name, line: lines.count + 1)
      guard case .object = line else {
        throw JSONError(
          location: "\(name):\(lines.count + 1):1", found: "a JSON value that is no object",
          expected: "expected one JSON object a line; restore the file or start a new log")
      }
      lines.append(line)
      starts.append(start)
      start = end + 1
    }
    bytes = Array(text[..<start])
    tornByteCount = text.count - start
  }

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
    starts.append(bytes.count)
    bytes += line
    // What a reader of the line will see: null for a number that was not finite.
    lines.append(nonFinite == .null ? try JSONValue(parsing: line, name: "line") : object)
    return line
  }

  /// Keeps the first lines and drops the rest.
  public mutating func removeLines(after count: Int) {
    precondition(count >= 0, "JSONLinesLog: \(count) lines")
    guard count < lines.count else { return }
    bytes.removeLast(bytes.count - starts[count])
    lines.removeLast(lines.count - count)
    starts.removeLast(starts.count - count)
  }

  /// Drops the first line that satisfies the condition and everything after it.
  public mutating func removeLines(fromFirstWhere isPast: (JSONValue) -> Bool) {
    if let index = lines.firstIndex(where: isPast) { removeLines(after: index) }
  }
}
