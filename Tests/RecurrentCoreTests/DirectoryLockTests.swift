import Foundation
import RecurrentCore
import Testing

@Suite struct DirectoryLockTests {
  @Test func oneHolderAtATime() throws {
    try withTemporaryDirectory { directory in
      do {
        let lock = try DirectoryLock(directory)
        #expect(lock.isHeld && lock.path == directory)
        let error = try #require(throws: FileError.self) { try DirectoryLock(directory) }
        #expect(error.category == .cannotCreate)
        #expect(error.description.hasPrefix(directory + ": cannot write: another run is writing here; "))
        // Whoever does not ask is not hindered, and there is nothing to see.
        try AtomicFile.write("new", to: directory + "/model.bin")
        #expect(try names(directory) == ["model.bin"])
        withExtendedLifetime(lock) {}
      }
      #expect(try DirectoryLock(directory).isHeld)
      #expect(try names(directory) == ["model.bin"])
    }
  }

  @Test func anotherDirectoryIsFree() throws {
    try withTemporaryDirectory { first in
      try withTemporaryDirectory { second in
        let locks = [try DirectoryLock(first), try DirectoryLock(second)]
        #expect(locks.map(\.isHeld) == [true, true])
      }
    }
  }

  /// A directory that is made anew under the same name is another one.
  @Test func aRemovedDirectoryHoldsNothing() throws {
    try withTemporaryDirectory { directory in
      let lock = try DirectoryLock(directory)
      try FileManager.default.removeItem(atPath: directory)
      try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
      #expect(try DirectoryLock(directory).isHeld)
      withExtendedLifetime(lock) {}
    }
  }

  @Test func whatIsNoDirectory() throws {
    try withTemporaryDirectory { directory in
      try AtomicFile.write("new", to: directory + "/file")
      for name in ["/file", "/none"] {
        let error = #expect(throws: FileError.self) { try DirectoryLock(directory + name) }
        #expect(error?.category == .cannotCreate)
      }
    }
  }
}
