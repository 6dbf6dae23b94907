import Foundation
import RecurrentCore
import Testing

@Suite struct FileReadingTests {
  @Test(arguments: [0, 1, 65_535, 65_536, 65_537, 1_000_000]) func readsWholeFiles(count: Int) throws {
    try withTemporaryDirectory { directory in
      let content = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 17) }
      let path = directory + "/file"
      try Data(content).write(to: URL(fileURLWithPath: path))
      #expect(try readFile(path, limit: count) == content)
      #expect(try readFile(path, limit: .max) == content)
      if count > 0 {
        let error = try #require(throws: FileError.self) { try readFile(path, limit: count - 1) }
        #expect(error.category == .tooLarge)
        #expect(error.description.contains("\(count) bytes, at most \(count - 1)"))
      }
    }
  }

  @Test func refusesMissingAndDirectory() throws {
    try withTemporaryDirectory { directory in
      for (path, words) in [
        (directory + "/missing", "no such file"), (directory, "it is a directory"),
        (directory + "/\(String(repeating: "n", count: 300))", "the name is too long"),
      ] {
        let error = try #require(throws: FileError.self) { try readFile(path, limit: 10) }
        #expect(error.category == .noInput)
        #expect(error.description.hasPrefix(path) && error.description.contains(words), "\(error)")
      }
    }
  }

  /// An endless device must not fill the memory.
  @Test func limitHoldsForDevices() throws {
    let error = try #require(throws: FileError.self) { try readFile("/dev/zero", limit: 100_000) }
    #expect(error.category == .tooLarge)
    #expect(try readFile("/dev/null", limit: 0) == [])
  }

  /// A file that says it has no length and has content all the same.
  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/proc/self/status")))
  func readsFilesWithoutLength() throws {
    let text = String(decoding: try readFile("/proc/self/status", limit: 1 << 20), as: UTF8.self)
    #expect(text.hasPrefix("Name:"))
  }
}
