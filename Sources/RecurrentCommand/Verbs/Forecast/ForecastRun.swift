internal import Recurrent
internal import RecurrentCore
internal import RecurrentReports
internal import RecurrentTasks
internal import RecurrentTraining

/// A forecaster's training as the command runs it: progress, log, checkpoints, signals.
struct ForecastRun {
  private(set) var training: ForecastTraining
  let directory: ForecastDirectory
  /// Kept from the folder's first use to the run's end.
  private(set) var lock: DirectoryLock?
  let console: Console
  let threads: Int
  private var log = JSONLinesLog()
  private var writer: CheckpointWriter

  /// - Parameter lock: of the folder, where it exists already.
  init(
    training: ForecastTraining, directory: ForecastDirectory, lock: DirectoryLock?, console: Console,
    threads: Int
  ) {
    self.training = training
    self.directory = directory
    self.lock = lock
    self.console = console
    self.threads = threads
    writer = CheckpointWriter(
      path: directory.checkpointPath,
      configuration: ForecastDirectory.fingerprint(training.configuration, training.data.preparation),
      policy: CheckpointPolicy(everySeconds: 10))
  }

  /// The first change on disk: until here, everything that can be wrong with the input has been found.
  ///
  /// The checkpoint comes first: it is the largest file, so a folder that cannot be written and a full disk show while
  /// an earlier run is still whole, and from then on a kill can be resumed. What failed leaves nothing behind.
  mutating func prepareFolder(resuming: Bool, overwrite: Bool) throws(CommandError) {
    let isNew = !directory.exists
    try commandErrors { try directory.create() }
    if lock == nil {
      lock = try ForecastFolder.lock(directory, console)
      // Another run may have made the folder since the command line was read.
      if !overwrite { try ForecastFolder.requireEmpty(directory) }
    }
    directory.removeLeftovers()
    do throws(CommandError) {
      try save()
      try commandErrors {
        // A finished model stays whole until the new one can take its place; a run may still end in an error.
        if !directory.isFinished {
          try directory.writeConfiguration(training.configuration, training.data.preparation)
        }
        // The log is a function of the curve, so it is the same whether or not the run was interrupted.
        for record in training.trainer.state.progress.curve { _ = try log.append(Self.line(record)) }
        try AtomicFile.write(log.bytes, to: directory.logPath)
      }
    } catch {
      if !resuming && !overwrite { try? directory.removeEarlierRun() }
      directory.removeLeftovers(folderIfEmpty: isNew)
      throw error
    }
  }

  /// Trains to the end.
  ///
  /// - Returns: how to leave, where a signal asked to stop; the state is then saved.
  mutating func train() throws(CommandError) -> ExitCode? {
    let stop = StopRequest(console)
    let options = training.configuration.training
    let batches = training.trainer.state.progress.plan.batchCount
    let progress = ProgressDisplay(
      console, title: "training", unit: "updates", total: options.epochs * batches,
      completed: training.trainer.state.progress.update)
    while let event = try next() {
      switch event {
      case .step(let step): progress.update(step.update, loss: step.loss)
      case .epoch(let record):
        try append(record)
        progress.milestone(record.update, detail: Self.detail(record))
      case .skipped, .stopped: break
      }
      try commandErrors { _ = try writer.writeIfDue(after: event, state: training.trainer.state) }
      if stop.isRequested {
        progress.finish()
        try save()
        console.note("saved in \(directory.path); add --resume to go on")
        return stop.exitCode
      }
    }
    progress.finish()
    return nil
  }

  /// Scores the best epoch on the held-out rows and writes model, report and log.
  mutating func finish() throws(CommandError) -> (
    evaluation: ForecastEvaluation, lastRows: [Int], predictions: [[Double]]
  ) {
    let model = training.model
    return try commandErrors {
      let scored = try model.evaluate(training.data, training.split.test, threads: threads)
      let page = ForecastReport(training, scored).page()
      try AtomicFile.write(page.html(), to: directory.reportPath)
      try AtomicFile.write(events.bytes, to: directory.eventsPath)
      _ = try log.append(["evaluation": scored.evaluation.json])
      try AtomicFile.write(log.bytes, to: directory.logPath)
      try directory.writeConfiguration(training.configuration, training.data.preparation)
      try directory.write(model)
      return scored
    }
  }

  private mutating func next() throws(CommandError) -> TrainingEvent? {
    do {
      return try training.next()
    } catch {
      throw CommandError(error)
    }
  }

  private mutating func save() throws(CommandError) {
    do {
      try writer.write(training.trainer.state)
    } catch {
      throw CommandError(error)
    }
  }

  private mutating func append(_ record: EpochRecord) throws(CommandError) {
    try commandErrors {
      _ = try log.append(Self.line(record))
      try AtomicFile.write(log.bytes, to: directory.logPath)
    }
  }

  /// The curve for TensorBoard. Times are epochs: a clock would make two equal runs differ.
  private var events: EventFile {
    var file = EventFile()
    for record in training.trainer.state.progress.curve {
      let time = Double(record.epoch)
      file.add("loss/training", record.trainingLoss, step: record.epoch, wallTime: time)
      if let loss = record.validationLoss {
        file.add("loss/validation", loss, step: record.epoch, wallTime: time)
      }
      file.add("learning rate", record.rate, step: record.epoch, wallTime: time)
    }
    return file
  }

  private static func line(_ record: EpochRecord) -> JSONValue {
    [
      "epoch": .integer(record.epoch), "update": .integer(record.update), "rate": .number(record.rate),
      "training_loss": .number(record.trainingLoss),
      "validation_loss": record.validationLoss.map { .number($0) } ?? .null,
      "best": .boolean(record.isBest),
    ]
  }

  private static func detail(_ record: EpochRecord) -> String {
    let loss = record.validationLoss.map { NumberFormat.significant(4).text($0) } ?? "–"
    return "epoch \(record.epoch), validation \(loss)\(record.isBest ? " (best)" : "")"
  }
}
