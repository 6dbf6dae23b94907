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

@Suite struct AppendFileTests {
  @Test func appendsAndResumes() throws {
    try withTemporaryDirectory { directory in
      let path = directory + "/log"
      do {
        var file = try AppendFile(path: path)
        try file.append(Array("one\n".utf8))
        try file.append(Array("two\n".utf8))
        try file.synchronize()
        #expect(file.count == 8)
      }
      #expect(bytes(path) == Array("one\ntwo\n".utf8))
      do {
        var file = try AppendFile(path: path, keeping: 4)
        try file.append(Array("three\n".utf8))
      }
      #expect(bytes(path) == Array("one\nthree\n".utf8))
      do {
        let file = try AppendFile(path: path)
        #expect(file.count == 10)
      }
    }
  }

  @Test func refusesToKeepWhatIsNotThere() throws {
    try withTemporaryDirectory { directory in
      let path = directory + "/log"
      var missing: FileError?
      do throws(FileError) { _ = try AppendFile(path: path, keeping: 1) } catch { missing = error }
      #expect(missing?.category == .noInput)
      #expect(try names(directory) == [])
      try AtomicFile.write("abc", to: path)
      var short: FileError?
      do throws(FileError) { _ = try AppendFile(path: path, keeping: 4) } catch { short = error }
      #expect(short?.description.contains("it has 3 bytes, 4 were to be kept") == true)
      #expect(bytes(path) == Array("abc".utf8))
    }
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
  func fullDeviceIsAnError() throws {
    var file = try AppendFile(path: "/dev/full")
    var full: FileError?
    do throws(FileError) { try file.append([1]) } catch { full = error }
    #expect(full?.category == .inputOutput)
    #expect(full?.description.contains("no space left") == true)
  }
}
