import Foundation
import RecurrentInterchange
import Testing

/// A folder of one test's own, with a series to forecast, and the command run on it.
struct CommandFolder {
  let url: URL

  var path: String { url.path }

  /// The path of something in it.
  func callAsFunction(_ name: String) -> String { url.appendingPathComponent(name).path }

  /// Makes a folder, runs `body`, and removes the folder.
  static func with(_ body: (CommandFolder) throws -> Void) throws {
    let folder = try make()
    defer { folder.remove() }
    try body(folder)
  }

  static func make() throws -> CommandFolder {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent(
      "recurrent-command-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    let folder = CommandFolder(url: url)
    try folder.write("series.csv", series(rows: 300))
    return folder
  }

  func remove() { try? FileManager.default.removeItem(at: url) }

  func write(_ name: String, _ text: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: self(name)))
  }

  func bytes(_ name: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: self(name))) }

  /// What a model has learned, as bytes: its file without the names of the run and of the format.
  func tensors(_ model: String) throws -> [UInt8] {
    var file = try SafeTensors(bytes: Array(bytes(model + "/model.safetensors")))
    file.metadata = [:]
    return try file.serialized()
  }

  func text(_ name: String) throws -> String { String(decoding: try bytes(name), as: UTF8.self) }

  /// Lines of a file that may be there or not: how far a run has come.
  func lines(_ name: String) -> Int { (try? text(name).utf8.count { $0 == UInt8(ascii: "\n") }) ?? 0 }

  /// Names in a folder that may be there or not.
  func names(in name: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: self(name))) ?? []).sorted()
  }

  func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: self(name)) }

  /// Everything below the folder, by path: contents of files, nothing for folders.
  func contents() throws -> [String: Data] {
    var found: [String: Data] = [:]
    for case let name as String in FileManager.default.enumerator(atPath: path) ?? .init() {
      found[name] = FileManager.default.contents(atPath: self(name)) ?? Data()
    }
    return found
  }

  /// A bundled text, by its path in `Examples`.
  static func example(_ path: String) throws -> String {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return try String(contentsOf: root.appendingPathComponent("Examples/\(path)"), encoding: .utf8)
  }

  /// Hourly, two columns: a day's wave with a drift, and another that leads it by two hours.
  static func series(rows: Int) -> String {
    var text = "time,level,lead\n"
    let formatter = ISO8601DateFormatter()
    for row in 0..<rows {
      let time = formatter.string(from: Date(timeIntervalSince1970: 1_614_556_800 + 3600 * Double(row)))
      let noise = Double((row * 7919) % 101) / 101 - 0.5
      func wave(_ hour: Int) -> Double { sin(2 * Double.pi * Double(hour) / 24) * 3 + Double(hour) / 200 }
      text += "\(time.dropLast()),\(wave(row) + noise),\(wave(row + 2))\n"
    }
    return text
  }

  /// Options of a run that takes a moment.
  static let tiny = [
    "--target", "level", "--window", "5", "--horizon", "1,3", "--hidden", "3", "--epochs", "2", "--batch",
    "32",
  ]

  /// The same, but nothing but a signal ends it.
  static let endless = Array(tiny.prefix { $0 != "--epochs" }) + ["--epochs", "100000", "--batch", "32"]

  /// `train forecast` on the folder's series, into `model`.
  func train(_ more: [String] = [], into model: String = "model") throws -> RunCommand {
    try RunCommand(["train", "forecast", self("series.csv"), "-o", self(model), "-q"] + Self.tiny + more)
  }

  /// A folder whose `model` is a finished run, copied from one that is trained once for all tests.
  static func withModel(_ body: (CommandFolder) throws -> Void) throws {
    let files = try finished.get()
    try with { folder in
      try FileManager.default.createDirectory(atPath: folder("model"), withIntermediateDirectories: true)
      for (name, data) in files { try data.write(to: URL(fileURLWithPath: folder(name))) }
      try body(folder)
    }
  }

  private static let finished = Result {
    let folder = try make()
    defer { folder.remove() }
    let run = try folder.train()
    #expect(run.exitCode == 0, "\(run.log)")
    return try folder.contents().filter { $0.key.hasPrefix("model/") }
  }
}

/// What every refused input must look like from outside.
func expectRefusal(
  _ run: RunCommand, exitCode: Int32, saying texts: [String],
  sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(run.exitCode == exitCode, "\(run.log)", sourceLocation: sourceLocation)
  #expect(run.output == "", sourceLocation: sourceLocation)
  #expect(run.log.hasPrefix("recurrent: error: "), "\(run.log)", sourceLocation: sourceLocation)
  #expect(
    run.log.hasSuffix("\n") && run.log.count { $0.isNewline } == 1, "\(run.log)",
    sourceLocation: sourceLocation)
  for text in texts {
    #expect(run.log.contains(text), "\(run.log) should say \(text)", sourceLocation: sourceLocation)
  }
}
