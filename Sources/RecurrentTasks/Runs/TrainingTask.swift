package import Recurrent
internal import RecurrentInterchange
package import RecurrentReports
internal import RecurrentTraining

/// A task in training: what the command needs to run it in a folder, whatever is learned.
package protocol TrainingTask: Sendable {
  /// What is trained.
  associatedtype Model: TrainableModel where Model.Scalar == Float
  /// What is made of the held-out examples at the end.
  associatedtype Evaluation

  /// Where the run is.
  var trainer: Trainer<Model> { get }
  /// The bytes of `config.json`.
  ///
  /// - Throws: where a reader would refuse them.
  func configurationBytes(_ folder: RunFolder) throws(TaskError) -> [UInt8]
  /// The text that a checkpoint carries and a resumed run must match: the settings, what was fitted to the data, the run's
  /// name.
  var fingerprint: String { get }
  /// The bytes of `model.safetensors`, with the parameters of the best epoch so far.
  func modelBytes(_ folder: RunFolder) throws(TaskError) -> [UInt8]
  /// The trainer's next event; `nil` once the run is over.
  mutating func next() throws(TaskError) -> TrainingEvent?
  /// Goes on with a saved run in place of the one that was begun.
  mutating func resume(_ state: TrainingState<Float>) throws(TaskError)
  /// Scores the best epoch so far.
  func evaluate(threads: Int) throws(TaskError) -> Evaluation
  /// The figures, for the log.
  static func json(_ evaluation: Evaluation) -> JSONValue
  /// The page for people.
  func report(_ evaluation: Evaluation) -> HTMLReport
}

extension TrainingTask {
  /// Takes the parameters of a run that is over, to be scored as that run was at its end.
  package mutating func finish(with parameters: ParameterStore<Float>) throws(TaskError) {
    let begun = trainer
    let state = try taskErrors(TrainingError.self) { () throws(TrainingError) in
      try Trainer(
        model: begun.model, source: begun.source, validation: begun.validation,
        options: begun.state.progress.options, parameters: parameters, threads: begun.threads
      ).state
    }
    try resume(state)
  }
}

/// A task whose `config.json` is one value and whose model is parameters alone: its files follow from these.
package protocol StoredTask: TrainingTask {
  /// What a user sets.
  associatedtype Configuration: Encodable
  /// What `config.json` holds: the settings, what was fitted to the data, a checksum of them.
  associatedtype Stored: StoredConfiguration
  var configuration: Configuration { get }
  var stored: Stored { get }
}

extension StoredTask {
  package func configurationBytes(_ folder: RunFolder) throws(TaskError) -> [UInt8] {
    RunFolder.encode(stored)
  }

  private var runName: String { RunFolder.runName(RunFolder.encode(stored)) }

  package var fingerprint: String {
    String(decoding: RunFolder.encode(configuration), as: UTF8.self) + "run \(runName)\n"
  }

  package func modelBytes(_ folder: RunFolder) throws(TaskError) -> [UInt8] {
    var tensors = SafeTensors()
    tensors.add(trainer.state.selectedParameters)
    return try folder.modelBytes(tensors, schema: Stored.schema, run: runName)
  }
}

/// What a task's own `next` and `resume` come to.
extension Trainer {
  mutating func nextOfTask() throws(TaskError) -> TrainingEvent? {
    try taskErrors(TrainingError.self) { () throws(TrainingError) in try next() }
  }

  /// This run's model and examples in a saved state.
  func resumed(_ state: TrainingState<Model.Scalar>) throws(TaskError) -> Trainer {
    try taskErrors(TrainingError.self) { () throws(TrainingError) in
      try Trainer(
        model: model, source: source, validation: validation, resuming: state, threads: threads)
    }
  }
}
