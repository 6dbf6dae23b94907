import Foundation
import Recurrent
import RecurrentCore
import RecurrentTasks
import RecurrentTraining
import Testing

/// The files of one run belong together, and say so.
@Suite struct RunNameTests {
  private static let table = Result { try Series.noisy(rows: 200).table() }

  private static func run(
    seed: UInt64 = 1, rows: Series? = nil, normalisation: Normalisation = .standard
  ) throws -> ForecastTraining {
    var configuration = ForecastConfiguration.small()
    configuration.training.seed = seed
    configuration.normalisation = normalisation
    return try ForecastTraining(configuration, table: try rows?.table() ?? table.get())
  }

  private static func name(_ run: ForecastTraining) -> String {
    ForecastDirectory.runName(run.configuration, run.data.preparation)
  }

  private func write(_ run: ForecastTraining, to path: String) throws -> ForecastDirectory {
    let directory = ForecastDirectory(path)
    try directory.folder.create()
    try directory.write(run.model)
    return directory
  }

  /// Settings, seed and data decide it, and nothing else does.
  @Test func itFollowsFromTheCommandAndTheData() throws {
    let first = try Self.name(Self.run())
    #expect(try Self.name(Self.run()) == first)
    #expect(first.count == 16 && first.allSatisfy { $0.isHexDigit && !$0.isUppercase })
    #expect(try Self.name(Self.run(seed: 2)) != first)
    // One value of 400, where nothing is fitted to values.
    let plain = try Self.run(normalisation: .none)
    var other = Series.noisy(rows: 200)
    other.columns[1][100] = 0.5
    let changed = try Self.run(rows: other, normalisation: .none)
    #expect(changed.data.preparation.inputs == plain.data.preparation.inputs)
    #expect(Self.name(changed) != Self.name(plain))
    // A held-out value decides nothing about a model, and so nothing about its name.
    other = Series.noisy(rows: 200)
    other.columns[1][199] = 0.5
    #expect(try Self.name(Self.run(rows: other)) == first)
    // A gap that is filled with the value that was there.
    var (level, gap) = (Series.noisy(rows: 200), Series.noisy(rows: 200))
    level.columns[0][60] = level.columns[0][59]
    gap.columns[0][60] = nil
    let (full, filled) = (
      try Self.run(rows: level, normalisation: .none), try Self.run(rows: gap, normalisation: .none)
    )
    #expect(full.data.frame.values == filled.data.frame.values)
    #expect(Self.name(full) != Self.name(filled))
  }

  @Test func everyFileCarriesIt() throws {
    try TestFiles.withFolder { folder in
      let run = try Self.run()
      let directory = try write(run, to: folder.path)
      let name = Self.name(run)
      let configuration = try readFile(directory.folder.configurationPath, limit: 1 << 24)
      #expect(hexadecimal(crc64(configuration)) == name)
      let model = try SafeTensors(bytes: readFile(directory.folder.modelPath, limit: 1 << 24))
      #expect(model.metadata["run"] == name)
      let text = ForecastDirectory.fingerprint(run.configuration, run.data.preparation)
      #expect(text.hasSuffix("run \(name)\n"))
      #expect(ForecastDirectory.isFingerprint(text, of: run.configuration))
    }
  }

  /// Two models of equal shape, each beside the other's configuration.
  @Test func anotherRunsModelIsRefused() throws {
    try TestFiles.withFolder { folder in
      let (first, second) = (
        try write(Self.run(), to: folder.path + "/a"), try write(Self.run(seed: 2), to: folder.path + "/b")
      )
      let files = try [first, second].map { try readFile($0.folder.modelPath, limit: 1 << 24) }
      try AtomicFile.write(files[1], to: first.folder.modelPath)
      try AtomicFile.write(files[0], to: second.folder.modelPath)
      for directory in [first, second] {
        let error = try #require(throws: TaskError.self) { try directory.read() }
        #expect(error.description.hasPrefix(directory.folder.modelPath + ": found a model of the run "))
        #expect(error.description.contains(directory.folder.configurationPath))
        #expect(!error.description.contains { $0.isNewline } && error.description.contains("; "))
      }
      try AtomicFile.write(files[0], to: first.folder.modelPath)
      #expect(try first.read().configuration.training.seed == 1)
    }
  }

  @Test func aModelWithoutANameIsRefused() throws {
    try TestFiles.withFolder { folder in
      let directory = try write(Self.run(), to: folder.path)
      try sign(directory) { $0["run"] = nil }
      let error = try #require(throws: TaskError.self) { try directory.read() }
      #expect(error.description.contains("found no run's name"))
    }
  }

  /// Models and checkpoints hold parameters in one form: `[rows, columns]`, and `[columns]` for a bias.
  @Test func modelsAndCheckpointsAgreeOnShapes() throws {
    try TestFiles.withFolder { folder in
      let run = try Self.run()
      let directory = try write(run, to: folder.path)
      let model = try SafeTensors(bytes: readFile(directory.folder.modelPath, limit: 1 << 24))
      let checkpoint = try SafeTensors(
        bytes: Checkpoint.bytes(of: run.trainer.state, configuration: ""))
      for slot in run.network.layout.slots {
        let (own, saved) = (
          try model.entry(named: slot.name), try checkpoint.entry(named: "parameters." + slot.name)
        )
        #expect(own.shape == saved.shape && own.dataType == saved.dataType, "\(slot.name)")
        #expect(own.shape == (slot.name.contains("bias") ? [slot.columns] : [slot.rows, slot.columns]))
      }
    }
  }
}

/// Makes a folder's files agree again after `change` of the model's metadata: what is wrong with them then is for the
/// reader to find without their checksums.
func sign(
  _ directory: ForecastDirectory, _ change: (inout [String: String]) -> Void = { _ in }
) throws {
  var tensors = try SafeTensors(bytes: readFile(directory.folder.modelPath, limit: 1 << 24))
  tensors.metadata["run"] = hexadecimal(
    crc64(try readFile(directory.folder.configurationPath, limit: 1 << 24)))
  change(&tensors.metadata)
  tensors.metadata["checksum"] = String(repeating: "0", count: 16)
  tensors.metadata["checksum"] = hexadecimal(crc64(try tensors.serialized()))
  try AtomicFile.write(try tensors.serialized(), to: directory.folder.modelPath)
}
