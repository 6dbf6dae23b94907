import Foundation
import Testing

/// `-` in place of a file: the same bytes from a pipe.
@Suite struct StandardInputTests {
  /// A gzip file of stored blocks (RFC 1951, 3.2.4): compressed by nothing, so that no compressor is needed.
  private static func gzip(_ text: String) -> Data {
    let bytes = Array(text.utf8)
    var file: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255]
    func littleEndian(_ value: UInt32, _ count: Int) -> [UInt8] {
      (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
    let starts = Array(stride(from: 0, to: bytes.count, by: 60_000))
    for start in starts {
      let block = bytes[start..<min(start + 60_000, bytes.count)]
      file += [start == starts.last ? 1 : 0]
      file += littleEndian(UInt32(block.count), 2) + littleEndian(~UInt32(block.count), 2) + block
    }
    var sum: UInt32 = ~0
    for byte in bytes {
      sum ^= UInt32(byte)
      for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
    }
    return Data(file + littleEndian(~sum, 4) + littleEndian(UInt32(bytes.count), 4))
  }

  @Test func trainingEvaluatingForecasting() throws {
    try CommandFolder.withModel { folder in
      let series = try folder.text("series.csv")
      let arguments = ["train", "forecast", "-", "-o", folder("piped"), "-q"] + CommandFolder.tiny
      let trained = try RunCommand(arguments, input: series)
      #expect(trained.exitCode == 0 && trained.log == "", "\(trained.log)")
      // The report names the file; everything else is the same.
      for file in ResumableRun.files where file != "report.html" {
        #expect(try folder.bytes("piped/\(file)") == folder.bytes("model/\(file)"), "\(file)")
      }
      let page = try folder.text("piped/report.html")
      #expect(page.contains("&lt;stdin&gt;") && !page.contains("series.csv"))
      for verb in ["evaluate", "forecast"] {
        let file = try RunCommand(verb, folder("model"), folder("series.csv"))
        let pipe = try RunCommand(verb, folder("model"), "-", input: series)
        let packed = try RunCommand([verb, folder("model"), "-"], bytes: Self.gzip(series))
        #expect(file.exitCode == 0 && pipe.output == file.output && packed.output == file.output)
        #expect(pipe.log == file.log && packed.log == file.log && pipe.exitCode == 0)
      }
      // Nothing is left to resume, and the same data give the same figures.
      let again = try RunCommand(arguments + ["--resume", "--json"], input: series)
      let evaluated = try RunCommand("evaluate", folder("model"), folder("series.csv"), "--json").json
      #expect(try again.json["evaluation"] as? NSDictionary == evaluated["evaluation"] as? NSDictionary)
    }
  }

  @Test func whatIsWrongIsNamed() throws {
    try CommandFolder.withModel { folder in
      let before = try folder.contents()
      var lines = try folder.text("series.csv").split(separator: "\n").map(String.init)
      lines[39] = "2021-03-02T14:00:00,warm,1"
      let words = lines.joined(separator: "\n") + "\n"
      let cut = Self.gzip(words).dropLast(20)
      for verb in [
        ["train", "forecast", "-", "-o", folder("new"), "-q"] + CommandFolder.tiny,
        ["evaluate", folder("model"), "-", "-q"], ["forecast", folder("model"), "-", "-q"],
      ] {
        expectRefusal(try RunCommand(verb), exitCode: 65, saying: ["<stdin>: the file is empty"])
        expectRefusal(
          try RunCommand(verb, input: words), exitCode: 65,
          saying: ["<stdin>:40:21: \"warm\" in ", "\"level\""])
        expectRefusal(
          try RunCommand(verb, bytes: cut), exitCode: 65, saying: ["<stdin>: byte ", "compressed data"])
      }
      #expect(try folder.contents() == before)
    }
  }

  /// A stream that cannot be read: a folder opened for reading.
  @Test func aStreamThatCannotBeRead() throws {
    try CommandFolder.withModel { folder in
      let process = RunCommand.process(["evaluate", folder("model"), "-", "-q"])
      let log = Pipe()
      process.standardInput = try FileHandle(forReadingFrom: folder.url)
      process.standardOutput = FileHandle.nullDevice
      process.standardError = log
      try process.run()
      let text = String(decoding: log.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      #expect(process.terminationStatus == 66)
      #expect(text.contains("standard input: cannot read: it is a directory; name a file"), "\(text)")
    }
  }
}
