import Foundation
import RecurrentCore
import Testing

/// A directory of its own for each test, removed at the end.
func withTemporaryDirectory(_ body: (String) throws -> Void) throws {
  let directory = FileManager.default.temporaryDirectory.appendingPathComponent(
    "recurrent-\(UUID().uuidString)"
  ).path
  try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: directory) }
  try body(directory)
}

/// The file's bytes by other means than the code under test.
func bytes(_ path: String) -> [UInt8]? { FileManager.default.contents(atPath: path).map { [UInt8]($0) } }

func names(_ directory: String) throws -> [String] {
  try FileManager.default.contentsOfDirectory(atPath: directory).sorted()
}

@Suite struct AtomicFileTests {
  @Test(arguments: [0, 1, 4096, 3_000_001]) func createsAndReplaces(count: Int) throws {
    try withTemporaryDirectory { directory in
      let path = directory + "/model.bin"
      try AtomicFile.write([7], to: path)
      #expect(bytes(path) == [7])
      let content = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
      try AtomicFile.write(content, to: path)
      #expect(bytes(path) == content)
      #expect(try names(directory) == ["model.bin"])
    }
  }

  @Test func nothingShowsBeforeCommit() throws {
    try withTemporaryDirectory { directory in
      let path = directory + "/model.bin"
      try AtomicFile.write("old", to: path)
      var file = try AtomicFile(path: path)
      try file.append(Array("ne".utf8))
      try file.append(Array("w".utf8))
      #expect(bytes(path) == Array("old".utf8))
      #expect(try names(directory).count == 2)
      try file.commit()
      #expect(bytes(path) == Array("new".utf8))
      #expect(try names(directory) == ["model.bin"])
    }
  }

  @Test func abandonedFileLeavesNoTrace() throws {
    try withTemporaryDirectory { directory in
      let path = directory + "/model.bin"
      try AtomicFile.write("old", to: path)
      do {
        var file = try AtomicFile(path: path)
        try file.append([1, 2, 3])
      }
      #expect(bytes(path) == Array("old".utf8))
      #expect(try names(directory) == ["model.bin"])
    }
  }

  @Test func refusesToOverwriteWhereAsked() throws {
    try withTemporaryDirectory { directory in
      let path = directory + "/model.bin"
      try AtomicFile.write("old", to: path)
      let error = try #require(throws: FileError.self) {
        try AtomicFile.write("new", to: path, overwrites: false)
      }
      #expect(error.category == .cannotCreate)
      #expect(error.description.contains("it exists"))

      // Created by someone else between the start and the commit.
      let other = directory + "/other.bin"
      let file = try AtomicFile(path: other, overwrites: false)
      try AtomicFile.write("theirs", to: other)
      var late: FileError?
      do throws(FileError) { try file.commit() } catch { late = error }
      #expect(late?.category == .cannotCreate)
      #expect(bytes(path) == Array("old".utf8))
      #expect(bytes(other) == Array("theirs".utf8))

      let fresh = directory + "/fresh.bin"
      try AtomicFile.write("new", to: fresh, overwrites: false)
      #expect(bytes(fresh) == Array("new".utf8))
      #expect(try names(directory) == ["fresh.bin", "model.bin", "other.bin"])
    }
  }

  @Test func keepsPermissionsAndLinks() throws {
    try withTemporaryDirectory { directory in
      let path = directory + "/model.bin"
      let link = directory + "/link"
      try AtomicFile.write("old", to: path)
      try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
      try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "model.bin")
      try AtomicFile.write("new", to: link)
      #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "model.bin")
      #expect(bytes(path) == Array("new".utf8))
      let attributes = try FileManager.default.attributesOfItem(atPath: path)
      #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o640)
    }
  }

  @Test func refusesWhatIsNoFile() throws {
    try withTemporaryDirectory { directory in
      try AtomicFile.write("a file", to: directory + "/file")
      for path in [
        directory, directory + "/", "", directory + "/missing/model.bin", directory + "/file/model.bin",
        "/dev/null",
      ] {
        let error = try #require(throws: FileError.self, "\(path)") { try AtomicFile.write([1], to: path) }
        #expect(error.category == .cannotCreate, "\(error)")
        #expect(error.path == path)
      }
      #expect(try names(directory) == ["file"])
      #expect(FileManager.default.fileExists(atPath: "/dev/null"))
    }
  }
}
