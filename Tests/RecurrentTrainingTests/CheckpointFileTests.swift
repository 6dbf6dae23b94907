import Foundation
import RecurrentCore
import RecurrentNN
import RecurrentTraining
import Testing

@Suite struct CheckpointFileTests {
  static let source = LineSource(examples: (0..<6).map { (x: 1, y: Double($0)) })

  private func trainer(_ options: TrainerOptions = TrainerOptions(epochs: 2, batchSize: 2)) throws
    -> Trainer<LineModel>
  {
    try Trainer(model: LineModel(), source: Self.source, options: options)
  }

  @Test func policyDecidesWhen() throws {
    let directory = try TemporaryDirectory()
    // Events: three steps, epoch, three steps, epoch, stopped.
    for (policy, expected) in [
      (CheckpointPolicy(), [4, 8, 9]), (CheckpointPolicy(atEpochEnd: false), [9]),
      (CheckpointPolicy(everyUpdates: 2, atEpochEnd: false), [2, 5, 7, 9]),
      (CheckpointPolicy(everyUpdates: 2), [2, 4, 6, 8, 9]),
      (CheckpointPolicy(everySeconds: 0, atEpochEnd: false), [1, 2, 3, 5, 6, 7, 9]),
      (CheckpointPolicy(everySeconds: 3600, atEpochEnd: false), [9]),
    ] {
      var trainer = try trainer()
      var writer = CheckpointWriter(path: directory.path + "/c", configuration: "cfg", policy: policy)
      var saved: [Int] = []
      var events = 0
      while let event = try trainer.next() {
        events += 1
        guard try writer.writeIfDue(after: event, state: trainer.state) else { continue }
        saved.append(events)
        let read = try Checkpoint(path: directory.path + "/c")
        #expect(read.configuration == "cfg")
        #expect(try read.state(layout: LineModel().layout, of: Double.self) == trainer.state)
      }
      #expect(saved == expected, "\(policy)")
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path) == ["c"])
  }

  @Test func ruinedParametersAreNotWrittenOverGoodOnes() throws {
    let directory = try TemporaryDirectory()
    let path = directory.path + "/c"
    // The first step makes w infinite.
    var trainer = try Trainer(
      model: LineModel(), source: LineSource(examples: [(x: 1, y: 2)]),
      options: TrainerOptions(optimizer: .sgd(), learningRate: .greatestFiniteMagnitude))
    try Checkpoint.write(trainer.state, configuration: "", to: path)
    let before = try Data(contentsOf: URL(fileURLWithPath: path))
    _ = try trainer.next()
    #expect(!trainer.state.parameters.values[0].isFinite)
    let error = #expect(throws: CheckpointError.self) {
      try Checkpoint.write(trainer.state, configuration: "", to: path)
    }
    #expect(error?.description.hasPrefix("\(path): parameter 'vector': found ") == true)
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
  }

  @Test func missingFilesAndDirectoriesAreSaidSo() throws {
    let directory = try TemporaryDirectory()
    for path in [directory.path, directory.path + "/none", directory.path + "/no/where"] {
      let error = #expect(throws: CheckpointError.self) { try Checkpoint(path: path) }
      guard case .file(let file) = error?.problem else {
        Issue.record("found \(String(describing: error))")
        continue
      }
      #expect(file.category == .noInput)
      #expect(error?.description.contains(path) == true)
    }
    let state = try trainer().state
    let error = #expect(throws: CheckpointError.self) {
      try Checkpoint.write(state, configuration: "", to: directory.path + "/no/where")
    }
    guard case .file(let file) = error?.problem else {
      Issue.record("found \(String(describing: error))")
      return
    }
    #expect(file.category == .cannotCreate)
  }
}
