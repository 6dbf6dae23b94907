internal import Foundation
internal import RecurrentCore
internal import RecurrentReports

extension SelfTest {
  /// A file is written, made durable, given its name and read back, as a checkpoint is.
  static let storage = SelfTest(name: "files: write, synchronize, rename, read") {
    () throws(SelfTestFailure) in
    let directory = FileManager.default.temporaryDirectory.path
    let path = directory + "/recurrent-doctor-\(UUID().uuidString)"
    let generator = CounterGenerator(seed: 0, purpose: .check)
    let bytes = (0..<(1 << 16)).map { UInt8(truncatingIfNeeded: generator.word(at: $0)) }
    let clock = ContinuousClock()
    let start = clock.now
    do {
      defer { try? FileManager.default.removeItem(atPath: path) }
      try AtomicFile.write(bytes, to: path, overwrites: false)
      let taken = (clock.now - start) / .seconds(1)
      guard try readFile(path, limit: 1 << 20) == bytes else {
        throw SelfTestFailure("\(path): what was read differs from what was written")
      }
      return "64 KiB in \(directory) durable in \(NumberFormat.significant(2).text(taken * 1000)) ms"
    } catch let error as SelfTestFailure {
      throw error
    } catch {
      throw SelfTestFailure("\(error)")
    }
  }
}
