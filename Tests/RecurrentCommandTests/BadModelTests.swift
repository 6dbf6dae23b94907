import Foundation
import Testing

/// Model folders that are not what training left, and outputs that are in the way.
@Suite struct BadModelTests {
  /// The verbs that read a model.
  private static func readers(_ folder: CommandFolder) -> [[String]] {
    [
      ["evaluate", folder("model"), folder("series.csv"), "-q"],
      ["forecast", folder("model"), folder("series.csv"), "-q"], ["inspect", folder("model"), "-q"],
    ]
  }

  struct Damage: CustomTestStringConvertible {
    let name: String
    let file: String
    let exitCode: Int32
    /// The file's bytes after it; `nil`: it is removed.
    let change: @Sendable (Data) -> Data?

    var testDescription: String { name }
  }

  static let damages = [
    Damage(name: "model cut in half", file: "model.safetensors", exitCode: 65) { $0.prefix($0.count / 2) },
    Damage(name: "model without its last byte", file: "model.safetensors", exitCode: 65) { $0.dropLast() },
    Damage(name: "empty model", file: "model.safetensors", exitCode: 65) { _ in Data() },
    Damage(name: "a model of text", file: "model.safetensors", exitCode: 65) { _ in Data("no model".utf8) },
    Damage(name: "one bit of the model", file: "model.safetensors", exitCode: 65) { data in
      var changed = data
      changed[data.count - 9] ^= 1
      return changed
    },
    Damage(name: "a header of 2⁶³ bytes", file: "model.safetensors", exitCode: 65) { data in
      Data([255, 255, 255, 255, 255, 255, 255, 127]) + data.dropFirst(8)
    },
    Damage(name: "no model", file: "model.safetensors", exitCode: 66) { _ in nil },
    Damage(name: "no configuration", file: "config.json", exitCode: 66) { _ in nil },
    Damage(name: "configuration cut in half", file: "config.json", exitCode: 65) { $0.prefix($0.count / 2) },
    Damage(name: "another network", file: "config.json", exitCode: 65) { data in
      Data(String(decoding: data, as: UTF8.self).replacing("\"size\" : 3", with: "\"size\" : 4").utf8)
    },
  ]

  @Test(arguments: damages) func isRefusedByEveryReader(_ damage: Damage) throws {
    try CommandFolder.withModel { folder in
      let name = "model/" + damage.file
      let whole = try folder.bytes(name)
      if let changed = damage.change(whole) {
        #expect(changed != whole)
        try changed.write(to: URL(fileURLWithPath: folder(name)))
      } else {
        try FileManager.default.removeItem(atPath: folder(name))
      }
      let before = try folder.contents()
      for arguments in Self.readers(folder) {
        // A network of another size is found in the tensors.
        expectRefusal(try RunCommand(arguments), exitCode: damage.exitCode, saying: [folder("model/"), "; "])
      }
      #expect(try folder.contents() == before)
    }
  }

  /// Of the same shape, so that nothing but the run's name tells it.
  @Test func theModelOfAnotherRunIsRefused() throws {
    try CommandFolder.withModel { folder in
      #expect(try folder.train(["--seed", "2"], into: "other").exitCode == 0)
      try folder.bytes("other/model.safetensors").write(
        to: URL(fileURLWithPath: folder("model/model.safetensors")))
      for arguments in Self.readers(folder) {
        expectRefusal(
          try RunCommand(arguments), exitCode: 65,
          saying: [folder("model/model.safetensors") + ": ", folder("model/config.json"), "of the run"])
      }
    }
  }

  @Test func aFolderThatIsNone() throws {
    try CommandFolder.with { folder in
      for name in ["nowhere", ".", "series.csv"] {
        let run = try RunCommand("evaluate", folder(name), folder("series.csv"), "-q")
        expectRefusal(
          run, exitCode: 66, saying: ["no model, expected the folder", "the model comes before the file"])
      }
    }
  }

  /// Files that a trained model cannot be used on.
  @Test func dataOfAnotherKind() throws {
    try CommandFolder.withModel { folder in
      try folder.write("other.csv", CommandFolder.series(rows: 300).replacing("lead", with: "leads"))
      try folder.write("short.csv", CommandFolder.series(rows: 4))
      try folder.write("empty.csv", "")
      let before = try folder.contents()
      for verb in ["evaluate", "forecast"] {
        func run(_ name: String) throws -> RunCommand {
          try RunCommand(verb, folder("model"), folder(name), "-q")
        }
        expectRefusal(try run("other.csv"), exitCode: 65, saying: ["other.csv: ", "did you mean \"leads\"?"])
        expectRefusal(try run("short.csv"), exitCode: 65, saying: ["short.csv: ", "row"])
        expectRefusal(try run("empty.csv"), exitCode: 65, saying: ["empty.csv"])
        expectRefusal(try run("none.csv"), exitCode: 66, saying: ["none.csv: "])
      }
      #expect(try folder.contents() == before)
    }
  }

  @Test func filesInTheWayStay() throws {
    try CommandFolder.withModel { folder in
      try folder.write("next.csv", "mine\n")
      try folder.write("net.svg", "mine\n")
      let before = try folder.contents()
      let forecast = ["forecast", folder("model"), folder("series.csv"), "-q", "-o", folder("next.csv")]
      let inspect = ["inspect", folder("model"), "-q", "--svg", folder("net.svg")]
      for arguments in [forecast, inspect, forecast + ["--json"]] {
        expectRefusal(try RunCommand(arguments), exitCode: 73, saying: [folder.path, "exists"])
      }
      let figures = ["reproduce", "ai-edu-19.6", "--data", "none", "-q", "--figures", folder.path]
      expectRefusal(try RunCommand(figures), exitCode: 73, saying: [folder.path, "--overwrite"])
      expectRefusal(try folder.train(), exitCode: 73, saying: [folder("model"), "--overwrite", "--resume"])
      #expect(try folder.contents() == before)
      #expect(try RunCommand(forecast + ["--overwrite"]).exitCode == 0)
      #expect(try RunCommand(inspect + ["--overwrite"]).exitCode == 0)
      #expect(try folder.text("next.csv").hasPrefix("horizon,time,level\n"))
      #expect(try folder.text("net.svg").hasPrefix("<svg"))
    }
  }

  @Test func outputsThatCannotBeMade() throws {
    try CommandFolder.withModel { folder in
      let before = try folder.contents()
      for output in [folder("nowhere/next.csv"), folder("series.csv/next.csv"), folder("model")] {
        let run = try RunCommand("forecast", folder("model"), folder("series.csv"), "-q", "-o", output)
        expectRefusal(run, exitCode: 73, saying: [output])
      }
      #expect(try folder.contents() == before)
    }
  }
}
