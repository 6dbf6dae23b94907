/// The text as a JSON string, quotes included: `"`, `\` and control characters escaped, all else as it is.
package func jsonString(_ text: String) -> String {
  var bytes: [UInt8] = [0x22]
  for byte in text.utf8 {
    switch byte {
    case 0x22, 0x5C: bytes += [0x5C, byte]
    case 0x08: bytes += Array("\\b".utf8)
    case 0x0C: bytes += Array("\\f".utf8)
    case 0x0A: bytes += Array("\\n".utf8)
    case 0x0D: bytes += Array("\\r".utf8)
    case 0x09: bytes += Array("\\t".utf8)
    case 0..<0x20:
      bytes += Array((byte < 0x10 ? "\\u000" : "\\u00").utf8) + Array(String(byte, radix: 16).utf8)
    default: bytes.append(byte)
    }
  }
  return String(decoding: bytes + [0x22], as: UTF8.self)
}

/// A name from outside as it appears in a one-line message: escaped, and cut when it is long.
package func quoted(_ text: String) -> String {
  let scalars = text.unicodeScalars
  guard scalars.count > 80 else { return jsonString(text) }
  var head = String.UnicodeScalarView()
  head.append(contentsOf: scalars.prefix(80))
  return jsonString(String(head)) + "…"
}
