import Foundation
import RecurrentCore
import Testing

/// Streams that end, and streams that do not.
@Suite struct StreamReadingTests {
  @Test(arguments: [0, 1, 65_536, 200_001]) func allOfAStream(count: Int) throws {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: url) }
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    try Data(bytes).write(to: url)
    // Longer than the stream, or just as long: it is not cut.
    for limit in [Int.max, count] {
      let file = try FileHandle(forReadingFrom: url)
      let read = SystemCall.readAll(file.fileDescriptor, limit: limit)
      #expect(read.bytes == bytes && read.code == 0)
    }
  }

  /// It is seen to be longer than allowed, and not read for ever.
  @Test(arguments: [0, 1000, 65_536, 100_000]) func aStreamWithoutEnd(limit: Int) throws {
    let zeros = try #require(FileHandle(forReadingAtPath: "/dev/zero"))
    let read = SystemCall.readAll(zeros.fileDescriptor, limit: limit)
    #expect(read.code == 0 && read.bytes.count > limit && read.bytes.count <= limit + 65_536)
  }

  @Test func whatCannotBeRead() throws {
    let folder = try FileHandle(forReadingFrom: FileManager.default.temporaryDirectory)
    let read = SystemCall.readAll(folder.fileDescriptor)
    #expect(read.bytes.isEmpty && read.code == 21)
  }
}
