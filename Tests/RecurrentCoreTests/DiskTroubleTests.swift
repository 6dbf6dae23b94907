import Foundation
import RecurrentCore
import Testing

#if os(Linux)
  #if canImport(Musl)
    import Musl
  #else
    import Glibc
  #endif

  @Suite struct DiskTroubleTests {
    /// A file system of 64 KiB, where the system lets the test mount one.
    @Test func fullFileSystemLeavesTheOldFile() throws {
      try withTemporaryDirectory { directory in
        guard mount("tmpfs", directory, "tmpfs", 0, "size=64k") == 0 else {
          try Test.cancel("no right to mount a small file system here")
        }
        defer { umount(directory) }
        let path = directory + "/model.bin"
        try AtomicFile.write("old", to: path)
        let error = try #require(throws: FileError.self) {
          try AtomicFile.write([UInt8](repeating: 1, count: 100_000), to: path)
        }
        #expect(error.category == .inputOutput)
        #expect(error.description.contains("no space left on the device; free some space"))
        #expect(bytes(path) == Array("old".utf8))
        #expect(try names(directory) == ["model.bin"])

        // The room that the failed file took is free again.
        try AtomicFile.write([UInt8](repeating: 2, count: 40_000), to: directory + "/log")
        #expect(bytes(directory + "/log") == [UInt8](repeating: 2, count: 40_000))
      }
    }

    /// The same by a limit on the size of files, in a process of its own because the limit holds for all of it.
    @Test func fileSizeLimitLeavesTheOldFile() async {
      await #expect(processExitsWith: .success) {
        signal(SIGXFSZ, SIG_IGN)
        var limit = rlimit(rlim_cur: 4096, rlim_max: rlim_t.max)
        getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
        limit.rlim_cur = 4096
        #expect(setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0)
        try withTemporaryDirectory { directory in
          let path = directory + "/model.bin"
          try AtomicFile.write("old", to: path)
          let error = try #require(throws: FileError.self) {
            try AtomicFile.write([UInt8](repeating: 1, count: 100_000), to: path)
          }
          #expect(error.category == .inputOutput)
          #expect(bytes(path) == Array("old".utf8))
          #expect(try names(directory) == ["model.bin"])
        }
      }
    }

    /// The superuser may write anywhere, so the test first gives that right up, in a process of its own.
    @Test func unwritableDirectoryAndUnreadableFile() async {
      await #expect(processExitsWith: .success) {
        try withTemporaryDirectory { directory in
          let path = directory + "/model.bin"
          try AtomicFile.write("old", to: path)
          try FileManager.default.setAttributes([.posixPermissions: 0o000], ofItemAtPath: path)
          try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: directory)
          let user = geteuid()
          if user == 0 { #expect(seteuid(65534) == 0) }
          let writing = #expect(throws: FileError.self) { try AtomicFile.write("new", to: path) }
          let reading = #expect(throws: FileError.self) { try readFile(path, limit: 100) }
          if user == 0 { #expect(seteuid(0) == 0) }
          try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: directory)
          try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)

          #expect(writing?.category == .cannotCreate)
          #expect(writing?.description.contains("permission denied") == true)
          #expect(reading?.category == .noInput)
          #expect(reading?.description.contains("permission denied") == true)
          #expect(bytes(path) == Array("old".utf8))
          #expect(try names(directory) == ["model.bin"])
        }
      }
    }
  }
#endif
