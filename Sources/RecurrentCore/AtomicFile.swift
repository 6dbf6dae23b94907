#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file that appears whole or not at all.
///
/// The bytes go to a temporary file in the same directory. `commit()` makes them durable, renames the temporary to
/// its name in one step, and makes the new name durable. Until then, and after any failure (disk full included), an
/// older file of that name is untouched; the temporary is removed when the value goes without a commit. Only a
/// process that is killed can leave one behind: a hidden `.recurrent-*.tmp`.
///
/// A symbolic link is followed, so the link stays and the file that it names is replaced. A replaced file hands its
/// permissions on. Anything else than a regular file (a device, a pipe) is refused.
public struct AtomicFile: ~Copyable, Sendable {
  /// The file that will be written, as the caller wrote it.
  public let path: String
  private let target: String
  private let directory: String
  private let temporary: String
  private let overwrites: Bool
  private var descriptor: Int32
  private var isTemporaryThere = true

  /// Creates the temporary file.
  ///
  /// - Parameters:
  ///   - path: The file that `commit()` will create or replace.
  ///   - overwrites: Whether a file that exists is replaced; `false` refuses it, now and again at `commit()`.
  public init(path: String, overwrites: Bool = true) throws(FileError) {
    let (target, mode) = try Self.resolve(path, overwrites: overwrites)
    let directory = Self.directory(of: target)
    let (temporary, descriptor) = try Self.createTemporary(in: directory, for: path)
    if let mode { _ = fchmod(descriptor, mode) }
    self.path = path
    self.target = target
    self.directory = directory
    self.temporary = temporary
    self.overwrites = overwrites
    self.descriptor = descriptor
  }

  /// Writes a whole file in one call.
  public static func write(_ bytes: [UInt8], to path: String, overwrites: Bool = true) throws(FileError) {
    var file = try AtomicFile(path: path, overwrites: overwrites)
    try file.append(bytes)
    try file.commit()
  }

  /// Writes a whole UTF-8 text in one call.
  public static func write(_ text: String, to path: String, overwrites: Bool = true) throws(FileError) {
    try write(Array(text.utf8), to: path, overwrites: overwrites)
  }

  /// Appends bytes to the temporary file.
  public mutating func append(_ bytes: [UInt8]) throws(FileError) {
    let code = bytes.withUnsafeBytes { SystemCall.writeAll(descriptor, $0) }
    if code != 0 { throw FileError(.write, path, code: code, reading: false) }
  }

  /// Appends raw memory to the temporary file.
  public mutating func append(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
    let code = SystemCall.writeAll(descriptor, bytes)
    if code != 0 { throw FileError(.write, path, code: code, reading: false) }
  }

  /// Makes the bytes durable and gives them their name.
  ///
  /// An error of operation `.synchronize` with the text "the directory" means that the file is in place, but may not
  /// survive a power cut; with every other error, nothing has changed.
  public consuming func commit() throws(FileError) {
    var code = SystemCall.synchronize(descriptor)
    if code != 0 { throw FileError(.synchronize, path, code: code, reading: false) }
    let open = descriptor
    descriptor = -1
    // Some network file systems tell only here that they are full.
    if close(open) != 0, errno != EINTR { throw FileError(.close, path, code: errno, reading: false) }
    try giveName()
    code = SystemCall.synchronizeDirectory(directory)
    if code != 0 { throw FileError(.synchronize, path + " (the directory)", code: code, reading: false) }
  }

  deinit {
    if descriptor >= 0 { _ = close(descriptor) }
    if isTemporaryThere { _ = unlink(temporary) }
  }

  private mutating func giveName() throws(FileError) {
    if !overwrites {
      // A link fails where the name exists, in one step; a rename would replace it.
      if link(temporary, target) == 0 { return }
      let code = errno
      guard code == EPERM || code == ENOTSUP else {
        throw FileError(.create, path, code: code, reading: false)
      }
      // No hard links on this file system: look, then rename.
      if SystemCall.status(target, followingLinks: false).status != nil {
        throw FileError(.create, path, code: EEXIST, reading: false)
      }
    }
    if rename(temporary, target) != 0 { throw FileError(.rename, path, code: errno, reading: false) }
    isTemporaryThere = false
  }
}

extension AtomicFile {
  /// The file behind links, and the permissions of the file that is there.
  private static func resolve(
    _ path: String, overwrites: Bool
  ) throws(FileError) -> (target: String, mode: mode_t?) {
    guard let last = path.utf8.last, last != UInt8(ascii: "/") else {
      throw FileError(.create, path, code: path.isEmpty ? ENOENT : EISDIR, reading: false)
    }
    let (own, ownCode) = SystemCall.status(path, followingLinks: false)
    guard let own else {
      if ownCode == ENOENT { return (path, nil) }
      throw FileError(.create, path, code: ownCode, reading: false)
    }
    let (there, code) = SystemCall.status(path)
    guard let there else { throw FileError(.create, path, code: code, reading: false) }
    if there.isDirectory { throw FileError(.create, path, code: EISDIR, reading: false) }
    guard there.isRegularFile else {
      throw FileError(
        operation: .create, path: path, code: 0, category: .cannotCreate,
        reason: "it is a device or a pipe, which cannot be replaced", remedy: "name a regular file")
    }
    if !overwrites { throw FileError(.create, path, code: EEXIST, reading: false) }
    let mode = there.st_mode & 0o7777
    guard own.isLink else { return (path, mode) }
    guard let resolved = realpath(path, nil) else {
      throw FileError(.create, path, code: errno, reading: false)
    }
    defer { free(resolved) }
    return (String(cString: resolved), mode)
  }

  private static func directory(of path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    return slash == path.utf8.startIndex ? "/" : String(path[..<slash])
  }

  private static func createTemporary(
    in directory: String, for path: String
  ) throws(FileError) -> (name: String, descriptor: Int32) {
    var code: Int32 = EEXIST
    // Exclusive creation keeps threads and other processes apart; the number passes by what a killed one left.
    for attempt in 0..<10_000 {
      let name = "\(directory)/.recurrent-\(getpid())-\(attempt).tmp"
      let descriptor = SystemCall.open(name, O_WRONLY | O_CREAT | O_EXCL, mode: 0o666)
      if descriptor >= 0 { return (name, descriptor) }
      code = -descriptor
      if code != EEXIST { break }
    }
    throw FileError(.create, path, code: code, reading: false)
  }
}
