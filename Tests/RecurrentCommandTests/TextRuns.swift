import Foundation
import Testing

/// A tiny model of every task but forecasting, each trained once for all tests.
enum TextRuns {
  /// The command line of each, but for its folder, which is called as the task is.
  static func arguments(_ task: String, in folder: CommandFolder) -> [String] {
    ["train", task] + tiny(task, folder) + ["-o", folder(task), "-q"]
  }

  private static func tiny(_ task: String, _ folder: CommandFolder) -> [String] {
    switch task {
    case "lm":
      [
        folder("book.txt"), "--unit", "bytes", "--hidden", "5", "--epochs", "1", "--batch", "4", "--steps",
        "8",
        "--embedding", "4", "--optimizer", "sparse-adam",
      ]
    case "fill":
      [
        folder("book.txt"), "--unit", "words", "--hidden", "4+3", "--embedding", "3", "--epochs", "1",
        "--batch", "4",
      ]
    case "classify":
      [folder("texts.tsv"), "--unit", "words", "--hidden", "3+3", "--embedding", "4", "--epochs", "1"]
    case "tag":
      [
        folder("tags.conll"), "--hidden", "4", "--word-size", "4", "--character-units", "2", "--epochs", "2",
        "--choose-by", "figure", "--minimum-count", "1",
      ]
    default: [folder("pieces.json"), "--hidden", "3", "--epochs", "1"]
    }
  }

  static let tasks = ["lm", "fill", "classify", "tag", "music"]

  private static let finished = Result {
    let folder = try CommandFolder.make()
    defer { folder.remove() }
    let line = "the cat sat on the mat and the dog slept .\n"
    try folder.write("book.txt", String(repeating: line, count: 16))
    try folder.write("texts.tsv", ClassifierVerbTests.table)
    let sentence = "Rome\tB-LOC\nis\tO\nold\tO\n.\tO\n\nAnna\tB-PER\nsleeps\tO\n\n"
    try folder.write("tags.conll", String(repeating: sentence, count: 10))
    try folder.write("pieces.json", MusicVerbTests.pieces)
    for task in tasks {
      let run = try RunCommand(arguments(task, in: folder))
      #expect(run.exitCode == 0 && run.log == "", "\(task): \(run.log)")
    }
    return try folder.contents()
  }

  /// A folder with the models and what they were made from.
  static func with(_ body: (CommandFolder) throws -> Void) throws {
    let files = try finished.get()
    try CommandFolder.with { folder in
      for task in tasks {
        try FileManager.default.createDirectory(atPath: folder(task), withIntermediateDirectories: true)
      }
      for (name, data) in files where !tasks.contains(name) {
        try data.write(to: URL(fileURLWithPath: folder(name)))
      }
      try body(folder)
    }
  }
}
