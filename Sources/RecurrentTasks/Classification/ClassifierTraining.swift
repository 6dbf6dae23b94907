public import Recurrent
internal import RecurrentInterchange
package import RecurrentReports
internal import RecurrentTraining

/// A classifier being trained: the examples dealt to their parts, the network built, the trainer ready.
///
///     let data = try configuration.reading.read("reviews.tsv")
///     var run = try ClassifierTraining(configuration, data: data, threads: 2)
///     while let event = try run.next() { … }
///     let model = run.model
public struct ClassifierTraining: Sendable {
  /// The settings, as given.
  public let configuration: ClassifierConfiguration
  /// The examples that are learned from.
  public let trainingData: ClassifierData
  /// Those that choose the epoch; `nil`: the training loss does.
  public let validationData: ClassifierData?
  /// Those that the figures are of; `nil`: the figures are of those that chose the epoch, or of those of training.
  public let heldOutData: ClassifierData?
  /// The names of the classes.
  public let labels: [String]
  /// What is trained.
  public let network: SequenceModel<Float>
  /// Where the run is.
  public private(set) var trainer: Trainer<SequenceModel<Float>>
  private let encoder: ClassifierEncoder
  private let checksum: String

  /// The most classes: a table of their confusions has the square of it.
  public static let mostClasses = 2000

  /// Prepares everything; nothing is trained yet.
  ///
  /// - Parameters:
  ///   - data: labelled examples; equal texts come into one part.
  ///   - test: other ones that the figures are to be of, in place of the configuration's ``ClassifierConfiguration/testShare``.
  ///   - threads: how many may compute; they cannot change a result.
  /// - Throws: ``TaskError/data(_:)`` where a part would be empty, ``TaskError/text(_:)`` where all labels are equal or the test
  ///   examples do not fit, and other cases where the settings do not fit.
  public init(
    _ configuration: ClassifierConfiguration, data: ClassifierData, test: ClassifierData? = nil,
    threads: Int = 1
  ) throws(TaskError) {
    let parts = try Self.parts(data, configuration, hasTest: test != nil)
    let training = data.selecting(parts.training)
    let labels = data.labelNames
    guard labels.count > 1 else {
      throw .text(.oneClass(source: data.source, label: labels.first ?? ""))
    }
    guard labels.count <= Self.mostClasses else {
      throw .text(
        .tooManyClasses(source: data.source, found: labels.count, most: Self.mostClasses))
    }
    let fitted = try taskErrors(DataError.self) { () throws(DataError) in
      try ClassifierEncoder(fitting: training, configuration)
    }
    let network = try ClassifierNetwork.make(
      configuration, inputSize: fitted.inputSize, readsTokens: fitted.readsTexts,
      counts: Self.counts(training, labels))
    func source(_ data: ClassifierData) throws(TaskError) -> ClassifierSource {
      ClassifierSource(
        sequences: try fitted.encode(data, configuration), targets: try data.targets(among: labels))
    }
    // Before hours of work, not after them.
    if let test { _ = try source(test) }
    let validation = parts.validation.isEmpty ? nil : data.selecting(parts.validation)
    let (learned, judging) = (try source(training), try validation.map(source))
    var options = configuration.training
    options.isJudged = configuration.choice == .figure && judging != nil
    trainer = try taskErrors(TrainingError.self) { () throws(TrainingError) in
      try Trainer(
        model: network, source: learned, validation: judging, options: options, threads: threads)
    }
    (self.configuration, self.labels, self.network) = (configuration, labels, network)
    encoder = fitted
    (trainingData, validationData) = (training, validation)
    heldOutData = test ?? (parts.test.isEmpty ? nil : data.selecting(parts.test))
    checksum = data.checksum + (test.map { "+" + $0.checksum } ?? "")
    trainer.judge = judge
  }

  /// The share of the examples that choose the epoch which is not classified rightly, where that is to choose; `nil`: the loss does.
  private var judge: (@Sendable (ParameterStore<Float>) -> Double)? {
    guard configuration.choice == .figure, let validationData else { return nil }
    let (threads, model) = (trainer.threads, self.model)
    return { parameters in
      do {
        let evaluation = try model.with(parameters).evaluate(
          validationData, part: .validation, threads: threads)
        return 1 - evaluation.model.score.accuracy
      } catch {
        preconditionFailure("labels that were all found when the run was prepared: \(error)")
      }
    }
  }

  /// Numbers of examples.
  private static func parts(
    _ data: ClassifierData, _ configuration: ClassifierConfiguration, hasTest: Bool
  ) throws(TaskError) -> (training: [Int], validation: [Int], test: [Int]) {
    let test = hasTest ? 0 : configuration.testShare
    let validation = configuration.validationShare
    let shares = [1 - validation - test, validation, test]
    let split: StratifiedSplit
    do {
      split = try StratifiedSplit(
        labels: data.labels, groups: data.groups, shares: shares.filter { $0 > 0 },
        seed: configuration.splitSeed)
    } catch {
      guard case .setup(.emptyPart(let number, _, _)) = error else { throw .data(error) }
      let names = zip(["to learn from", "to choose the epoch", "to hold out"], shares).filter { $1 > 0 }
      throw .text(
        .tooFewExamples(
          source: data.source, examples: data.groups.map { Set($0).count } ?? data.count,
          part: names[number - 1].0))
    }
    var rest = split.parts[...]
    let parts = shares.map { $0 > 0 ? rest.removeFirst() : [] }
    return (parts[0], parts[1], parts[2])
  }

  /// The model with the parameters of the best epoch so far.
  public var model: Classifier {
    Classifier(
      configuration: configuration, labels: labels, shares: stored.shares, checksum: checksum,
      encoder: encoder, network: network, parameters: trainer.state.selectedParameters)
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
    trainer.judge = judge
  }

  /// Examples of each class.
  private static func counts(_ data: ClassifierData, _ labels: [String]) -> [Int] {
    data.labels.reduce(into: [Int](repeating: 0, count: labels.count)) { $0[$1] += 1 }
  }

  package var stored: ClassifierFolder.Stored {
    ClassifierFolder.Stored(
      configuration, labels: labels, counts: Self.counts(trainingData, labels), encoder: encoder,
      data: checksum)
  }
}

extension ClassifierTraining: StoredTask {
  package typealias Evaluation = ClassifierEvaluation

  package func evaluate(threads: Int) throws(TaskError) -> ClassifierEvaluation {
    let part: ClassifierEvaluation.Part =
      heldOutData != nil ? .heldOut : validationData != nil ? .validation : .training
    return try model.evaluate(
      heldOutData ?? validationData ?? trainingData, part: part,
      baselines: ClassifierBaselines(fitting: trainingData), threads: threads)
  }

  package static func json(_ evaluation: ClassifierEvaluation) -> JSONValue { evaluation.json }

  package func report(_ evaluation: ClassifierEvaluation) -> HTMLReport {
    ClassifierReport(self, evaluation).page()
  }
}
