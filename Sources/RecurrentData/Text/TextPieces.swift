internal import RecurrentCore

/// The bytes of a text in pieces, as often as they are asked for.
package enum TextPieces {
  /// A regular file that is not compressed, read anew every time: its size is no matter.
  case file(String)
  /// What cannot be read twice (a pipe), or not in pieces (a compressed file), or never was a file.
  case memory([UInt8], source: String)

  private static let size = 1 << 20

  /// - Throws: ``DataError``: no such file, or a compressed file that is damaged or larger than ``DataFile/defaultLimit``.
  package init(contentsOf path: String) throws(DataError) {
    if try Self.isPlainFile(path) {
      self = .file(path)
    } else {
      self = .memory(try DataFile.read(path), source: path)
    }
  }

  var source: String {
    switch self {
    case .file(let path): path
    case .memory(_, let source): source
    }
  }

  /// Hands all pieces to `body`, in their order.
  package func forEach(_ body: (UnsafeBufferPointer<UInt8>) throws(DataError) -> Void) throws(DataError) {
    switch self {
    case .file(let path):
      var result = Result<Bool, DataError>.success(true)
      do throws(FileError) {
        var file = try ChunkedFile(path, chunk: Self.size)
        while case .success(true) = result { result = try file.next(body) }
      } catch {
        throw DataFile.dataError(error, path: path, limit: .max)
      }
      _ = try result.get()
    case .memory(let bytes, _):
      for start in stride(from: 0, to: bytes.count, by: Self.size) {
        let end = min(start + Self.size, bytes.count)
        try bytes.withUnsafeBufferPointer { all throws(DataError) in
          try body(UnsafeBufferPointer(rebasing: all[start..<end]))
        }
      }
    }
  }

  private static func isPlainFile(_ path: String) throws(DataError) -> Bool {
    do throws(FileError) {
      guard ChunkedFile.isRegular(path) else { return false }
      var file = try ChunkedFile(path, chunk: 2)
      var isPacked = false
      _ = try file.next { isPacked = Gzip.isGzip(Array($0)) }
      return !isPacked
    } catch {
      throw DataFile.dataError(error, path: path, limit: .max)
    }
  }
}
