#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Reads a whole file, pipe or device.
///
/// A regular file larger than the limit is refused before anything is read or allocated; from a pipe no more than
/// the limit and one byte is read.
///
/// - Parameters:
///   - path: The file to read; links are followed.
///   - limit: The most bytes to accept.
/// - Returns: The bytes.
/// - Throws: `FileError` of category `.noInput` (missing, a directory, not readable), `.tooLarge` or `.inputOutput`.
public func readFile(_ path: String, limit: Int) throws(FileError) -> [UInt8] {
  precondition(limit >= 0, "readFile: limit \(limit) is negative")
  let descriptor = SystemCall.open(path, O_RDONLY)
  guard descriptor >= 0 else { throw FileError(.open, path, code: -descriptor, reading: true) }
  defer { _ = close(descriptor) }

  var status = stat()
  guard fstat(descriptor, &status) == 0 else { throw FileError(.read, path, code: errno, reading: true) }
  if status.isDirectory { throw FileError(.open, path, code: EISDIR, reading: true) }
  let size = status.isRegularFile ? Int(status.st_size) : 0
  if size > limit { throw tooLarge(path, found: "\(size) bytes", limit: limit) }

  // One byte more than expected, so that the end of an unchanged file is seen without growing the array.
  let most = limit == .max ? limit : limit + 1
  var bytes = [UInt8](repeating: 0, count: min(max(size + 1, 1 << 16), most))
  var count = 0
  while count < bytes.count {
    let got = bytes.withUnsafeMutableBytes { buffer in
      SystemCall.readSome(descriptor, into: UnsafeMutableRawBufferPointer(rebasing: buffer[count...]))
    }
    if got < 0 { throw FileError(.read, path, code: Int32(-got), reading: true) }
    if got == 0 { break }
    count += got
    if count == bytes.count, count < most {
      bytes.append(contentsOf: repeatElement(0, count: min(count, most - count)))
    }
  }
  if count > limit { throw tooLarge(path, found: "more than \(limit) bytes", limit: limit) }
  bytes.removeLast(bytes.count - count)
  return bytes
}

private func tooLarge(_ path: String, found: String, limit: Int) -> FileError {
  FileError(
    operation: .read, path: path, code: 0, category: .tooLarge,
    reason: "it has \(found), at most \(limit) are accepted", remedy: "give a smaller file")
}
