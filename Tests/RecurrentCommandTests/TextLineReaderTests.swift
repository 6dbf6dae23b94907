import RecurrentCommand
import RecurrentData
import Testing

/// Lines of a stream, whatever the pieces that it comes in.
@Suite struct TextLineReaderTests {
  @Test(arguments: 1...9) func piecesDoNotMatter(_ size: Int) throws {
    let bytes = Array("\u{FEFF}één\r\n\n你好 b\nlast".utf8)
    var (reader, lines) = (TextLineReader("-"), [String]())
    for first in stride(from: 0, to: bytes.count, by: size) {
      lines += try reader.take(Array(bytes[first..<min(first + size, bytes.count)]))
    }
    lines += try reader.end()
    #expect(lines == ["één", "", "你好 b", "last"] && reader.count == 4)
  }

  @Test func latin1() throws {
    var reader = TextLineReader("-", .latin1)
    #expect(try reader.take([0xE9, 0x0A]) == ["é"])
  }

  @Test func whatIsNoTextIsPlaced() {
    func fault(_ bytes: [UInt8], longest: Int = 100) -> String {
      var reader = TextLineReader("pipe", longest: longest)
      do {
        _ = try reader.take(bytes)
        return ""
      } catch {
        return error.description
      }
    }
    #expect(fault(Array("a\nbé".utf8) + [0xFF, 0x0A]).hasPrefix("pipe:2:3: byte 255"))
    #expect(fault([0x61, 0x00, 0x0A]).hasPrefix("pipe:1:2: "))
    #expect(fault(Array("a\nabcdef".utf8), longest: 5).hasPrefix("pipe:2: found a line of more than 5 bytes"))
    #expect(fault(Array("abcdef\n".utf8), longest: 5).hasPrefix("pipe:1: found a line of more than 5 bytes"))
  }
}
