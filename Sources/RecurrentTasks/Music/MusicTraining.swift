public import Recurrent
internal import RecurrentInterchange
package import RecurrentReports
internal import RecurrentTraining

/// A model of music being trained: its pieces, its network, its trainer.
///
///     let file = try PianoRollFile(contentsOf: "chorales.json")
///     var run = try MusicTraining(MusicConfiguration(), file: file, source: "chorales.json", threads: 2)
///     while let event = try run.next() { … }
///     let model = run.model
public struct MusicTraining: Sendable {
  /// The settings, as given.
  public let configuration: MusicConfiguration
  /// To learn from, to choose the epoch by, and to judge by.
  public let file: PianoRollFile
  /// What errors and the report call the file.
  public let source: String
  /// What is trained.
  public let network: SequenceModel<Float>
  /// Where the run is.
  public private(set) var trainer: Trainer<SequenceModel<Float>>

  /// Prepares everything; nothing is trained yet.
  ///
  /// - Parameters:
  ///   - file: read in the configuration's form.
  ///   - source: what to call it.
  ///   - threads: how many may compute; they cannot change a result.
  /// - Throws: ``TaskError/text(_:)`` where a layer reads ahead, so that the network would see the frame that it is asked for,
  ///   or a part of the file has no frame; other cases where the settings do not fit.
  public init(
    _ configuration: MusicConfiguration, file: PianoRollFile, source: String, threads: Int = 1
  ) throws(TaskError) {
    if configuration.readsAhead { throw .text(.seesItsTarget(what: "the frame")) }
    for (name, part) in [("train", file.training), ("valid", file.validation), ("test", file.test)]
    where part.allSatisfy({ $0.frames.isEmpty }) {
      throw .text(.noFrames(source: source, part: name))
    }
    do {
      network = try MusicNetwork.make(configuration)
    } catch {
      throw .configuration(error)
    }
    do {
      trainer = try Trainer(
        model: network, source: MusicPieces(file.training, transpositions: configuration.transpositions),
        validation: MusicPieces(file.validation), options: configuration.training, threads: threads)
    } catch {
      throw .training(error)
    }
    self.configuration = configuration
    self.file = file
    self.source = source
  }

  private static func checksum(_ parts: [[PianoRoll]]) -> String {
    // No note has these numbers, so no two files give the same bytes.
    let (frameEnd, pieceEnd, partEnd): (UInt8, UInt8, UInt8) = (0, 1, 2)
    let bytes = parts.flatMap { pieces in
      pieces.flatMap { $0.frames.flatMap { $0.map(UInt8.init) + [frameEnd] } + [pieceEnd] } + [partEnd]
    }
    return hexadecimal(crc64(bytes))
  }

  /// The model with the parameters of the best epoch so far.
  public var model: MusicModel {
    MusicModel(configuration: configuration, network: network, parameters: trainer.state.selectedParameters)
  }

  /// The trainer's next event; `nil` once the run is over.
  public mutating func next() throws(TaskError) -> TrainingEvent? {
    try trainer.nextOfTask()
  }

  /// Goes on with a saved run in place of the one that `init` began.
  ///
  /// - Throws: ``TaskError/training(_:)`` where the state is of another network or other data.
  public mutating func resume(_ state: TrainingState<Float>) throws(TaskError) {
    trainer = try trainer.resumed(state)
  }

  package var stored: MusicFolder.Stored {
    MusicFolder.Stored(configuration, pieces: Self.checksum([file.training, file.validation]))
  }
}

extension MusicTraining: StoredTask {
  package typealias Evaluation = MusicEvaluation

  package func evaluate(threads: Int) throws(TaskError) -> MusicEvaluation {
    model.evaluate(file.test, baselines: MusicBaselines(file.training), threads: threads)
  }

  package static func json(_ evaluation: MusicEvaluation) -> JSONValue { evaluation.json }

  package func report(_ evaluation: MusicEvaluation) -> HTMLReport {
    MusicReport(self, evaluation).page()
  }
}
