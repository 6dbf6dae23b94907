import Foundation
import Testing

#if os(Linux)
  #if canImport(Musl)
    import Musl
  #else
    import Glibc
  #endif

  /// A disk without room: one line, exit code 74, and everything as it was.
  @Suite struct FullDiskTests {
    /// A file system of a few KiB below the folder, where the system lets the test mount one.
    private func withSmallDisk(_ size: String, _ body: (CommandFolder) throws -> Void) throws {
      try CommandFolder.with { folder in
        try FileManager.default.createDirectory(atPath: folder("disk"), withIntermediateDirectories: true)
        guard mount("tmpfs", folder("disk"), "tmpfs", 0, "size=\(size)") == 0 else {
          try Test.cancel("no right to mount a small file system here")
        }
        defer { umount(folder("disk")) }
        try body(folder)
      }
    }

    /// Leaves no byte free.
    private func fill(_ folder: CommandFolder) throws {
      let descriptor = open(folder("disk/filler"), O_WRONLY | O_CREAT, 0o600)
      let page = [UInt8](repeating: 7, count: 4096)
      while write(descriptor, page, page.count) > 0 {}
      close(descriptor)
    }

    @Test func aNewRunLeavesNothing() throws {
      try withSmallDisk("32k") { folder in
        let before = try folder.contents()
        let run = try RunCommand(
          ["train", "forecast", folder("series.csv"), "-o", folder("disk/model"), "-q", "--target", "level"])
        expectRefusal(run, exitCode: 74, saying: [folder("disk/model/"), "no space left", "free some space"])
        #expect(try folder.contents() == before)
      }
    }

    @Test func anEarlierRunStays() throws {
      try withSmallDisk("1m") { folder in
        #expect(try folder.train(into: "disk/model").exitCode == 0)
        try fill(folder)
        let before = try folder.contents()
        let run = try folder.train(["--overwrite", "--seed", "2"], into: "disk/model")
        expectRefusal(run, exitCode: 74, saying: [folder("disk/model/"), "no space left"])
        #expect(try folder.contents() == before)
      }
    }

    @Test func aForecastIsNotHalfWritten() throws {
      try withSmallDisk("1m") { folder in
        #expect(try folder.train().exitCode == 0)
        try fill(folder)
        let before = try folder.contents()
        let run = try RunCommand(
          "forecast", folder("model"), folder("series.csv"), "-q", "-o", folder("disk/next.csv"))
        expectRefusal(run, exitCode: 74, saying: [folder("disk/next.csv"), "no space left"])
        #expect(try folder.contents() == before)
      }
    }

    /// The same by a limit on the size of files, which needs no right.
    @Test func aLimitOnFileSizes() throws {
      try CommandFolder.with { folder in
        let before = try folder.contents()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = [
          "-c", "trap '' XFSZ; ulimit -f 8; exec \"$0\" \"$@\" >/dev/null 2>&1", RunCommand.executable.path,
          "train", "forecast", folder("series.csv"), "-o", folder("model"), "-q", "--target", "level",
        ]
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationReason == .exit && process.terminationStatus == 74)
        #expect(try folder.contents() == before)
      }
    }
  }
#endif
