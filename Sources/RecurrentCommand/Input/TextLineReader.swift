package import RecurrentData

/// Bytes in pieces become lines as soon as these are whole.
package struct TextLineReader {
  /// Lines so far.
  package private(set) var count = 0
  /// Of the stream, for errors.
  let name: String
  private let encoding: TextEncoding
  private var open: [UInt8] = []

  private let longest: Int
  /// What else helps against bytes of another encoding: ", or give --encoding latin1".
  private let remedy: String

  /// - Parameters:
  ///   - longest: bytes of a line: a file without line ends must not be one text in memory.
  ///   - remedy: what an error about bytes that are not UTF-8 ends with.
  package init(
    _ name: String, _ encoding: TextEncoding = .utf8, longest: Int = 1 << 26, remedy: String = ""
  ) {
    (self.name, self.encoding, self.longest, self.remedy) = (name, encoding, longest, remedy)
  }

  /// The lines that end in a piece.
  package mutating func take(_ bytes: [UInt8]) throws(CommandError) -> [String] {
    var lines: [String] = []
    var rest = bytes[...]
    while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
      open += rest[..<end]
      rest = rest[(end + 1)...]
      lines.append(try line())
    }
    open += rest
    try requireLength()
    return lines
  }

  /// What stands behind the last line's end.
  package mutating func end() throws(CommandError) -> [String] { open.isEmpty ? [] : [try line()] }

  private func requireLength() throws(CommandError) {
    if open.count > longest {
      throw CommandError(
        "\(name):\(count + 1): found a line of more than \(longest) bytes, expected a text a line; is it a text?",
        exitCode: .data)
    }
  }

  private mutating func line() throws(CommandError) -> String {
    try requireLength()
    count += 1
    // A mark of the byte order is no part of a text.
    if count == 1, open.starts(with: [0xEF, 0xBB, 0xBF]) { open.removeFirst(3) }
    if open.last == UInt8(ascii: "\r") { open.removeLast() }
    defer { open.removeAll(keepingCapacity: true) }
    if encoding == .latin1 {
      return String(String.UnicodeScalarView(open.map { Unicode.Scalar($0) }))
    }
    do {
      return try decodedLine(open, source: name, line: count)
    } catch {
      throw CommandError("\(error)\(remedy)", exitCode: .data)
    }
  }
}
