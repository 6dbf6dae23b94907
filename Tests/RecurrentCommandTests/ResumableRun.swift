import Foundation
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// One command line, run again and again into folders of its own, and what it leaves when nobody disturbs it.
///
/// How far a run has come is read off its files, so that no test depends on how fast the machine is, or on what else it
/// does.
struct ResumableRun {
  /// Files of a finished run; nothing else may be there.
  static let files = [
    "config.json", "events.out.tfevents.0.recurrent", "log.jsonl", "model.safetensors", "report.html",
  ]
  /// Some hundred times what it takes to see a file and send a signal.
  static let epochs = 100

  let folder: CommandFolder

  /// Makes the undisturbed run, in `whole`.
  init() throws {
    folder = try CommandFolder.make()
    let whole = try start(into: "whole")
    #expect(RunCommand.wait(for: whole) && whole.terminationStatus == 0)
  }

  /// Starts the run; it says nothing.
  func start(into name: String, _ more: [String] = []) throws -> Process {
    let process = RunCommand.process(
      [
        "train", "forecast", folder("series.csv"), "-o", folder(name), "-q", "--target", "level", "--window",
        "8", "--horizon", "1,3", "--hidden", "5+3,4", "--cell", "lstm", "--batch", "16", "--dropout", "0.1",
        "--dropout-unit", "feature", "--recurrent-dropout", "0.2", "--zoneout", "0.1", "--zoneout-memory",
        "0.2",
        "--rate", "0.01", "--schedule", "plateau", "--patience", "0", "--epochs", "\(Self.epochs)",
      ] + more)
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    return process
  }

  func hasCheckpoint(_ name: String) -> Bool { folder.exists(name + "/checkpoint.safetensors") }

  /// How a user goes on, whatever a kill has left.
  func next(_ name: String) -> [String] {
    if hasCheckpoint(name) { return ["--resume"] }
    return folder.names(in: name).isEmpty ? [] : ["--overwrite"]
  }

  /// Epochs that the log tells of.
  func epochs(_ name: String) -> Int { folder.lines(name + "/log.jsonl") }

  func expectSameBytes(_ name: String) throws {
    #expect(folder.names(in: name) == Self.files)
    for file in Self.files {
      #expect(try folder.bytes("\(name)/\(file)") == folder.bytes("whole/\(file)"), "\(name)/\(file)")
    }
  }
}

/// When to kill a run.
enum KillMoment {
  /// As soon as it is started.
  case atOnce
  /// When its first file is there.
  case firstFile
  /// When the log has so many epochs more.
  case epochs(Int)
  /// The same, and a file is half written.
  case writing(epochs: Int)

  /// Different in turn, and the same in every run of the test.
  init(drawing draw: inout UInt64) {
    // A linear congruential generator.
    draw = draw &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    let epochs = 1 + Int(draw >> 40) % (ResumableRun.epochs / 5)
    self =
      switch draw >> 61 {
      case 0: .atOnce
      case 1: .firstFile
      case 2...4: .writing(epochs: epochs)
      default: .epochs(epochs)
      }
  }

  /// Waits for it. Where the run ends before, there is nothing to kill.
  func wait(for process: Process, of run: ResumableRun, in name: String) {
    let before = run.epochs(name)
    _ = RunCommand.wait(for: process) {
      switch self {
      case .atOnce: true
      case .firstFile: !run.folder.names(in: name).isEmpty
      case .epochs(let more): run.epochs(name) >= before + more
      case .writing(let more):
        run.epochs(name) >= before + more
          && run.folder.names(in: name).contains { $0.hasSuffix(".tmp") }
      }
    }
  }
}
