package import Recurrent
package import RecurrentReports

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
