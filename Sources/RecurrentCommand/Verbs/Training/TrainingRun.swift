internal import Recurrent
internal import RecurrentCore
internal import RecurrentReports
internal import RecurrentTasks
internal import RecurrentTraining

/// A task's training as the command runs it: progress, log, checkpoints, signals.
struct TrainingRun<Task: TrainingTask> {
  private(set) var training: Task
  let directory: RunFolder
  /// Kept from the folder's first use to the run's end.
  private(set) var lock: DirectoryLock?
  let console: Console
  let threads: Int
  private let beginning: RunBeginning
  private var log = JSONLinesLog()
  private var writer: CheckpointWriter
  private var before: FolderBefore?

  /// - Parameter lock: of the folder, where it exists already.
  init(
    training: Task, directory: RunFolder, _ beginning: RunBeginning, lock: DirectoryLock?,
    console: Console, threads: Int
  ) {
    self.training = training
    self.directory = directory
    self.beginning = beginning
    self.lock = lock
    self.console = console
    self.threads = threads
    writer = CheckpointWriter(
      path: directory.checkpointPath,
      configuration: training.fingerprint,
      policy: CheckpointPolicy(everySeconds: 10))
  }

  /// The first change on disk: until here, everything that can be wrong with the input has been found.
  ///
  /// The checkpoint comes first: it is the largest file, so a folder that cannot be written and a full disk show while
  /// an earlier run is still whole, and from then on a kill can be resumed. What failed leaves nothing behind.
  mutating func prepareFolder() throws(CommandError) {
    let configuration = try commandErrors { try training.configurationBytes(directory) }
    let made = try commandErrors { try directory.create() }
    if lock == nil {
      lock = try OutputFolder.lock(directory, console)
      // Another run may have made the folder since the command line was read.
      if beginning == .new { try OutputFolder.requireEmpty(directory) }
    }
    directory.removeLeftovers()
    let before = FolderBefore(directory, made: made)
    self.before = before
    do throws(CommandError) {
      try save()
      // The log is a function of the curve, so it is the same whether or not the run was interrupted.
      for record in training.trainer.state.progress.curve { try add(Self.line(record)) }
      // A finished run stays whole until the new one can take its place; a run may still end in an error.
      if !directory.isFinished {
        try commandErrors {
          try directory.writeConfiguration(configuration)
          try AtomicFile.write(log.bytes, to: directory.logPath)
        }
      }
    } catch {
      if before.restore() { throw error }
      throw CommandError("\(error.message); \(notRestored)", exitCode: error.exitCode)
    }
  }

  /// Trains to the end.
  ///
  /// - Returns: how to leave, where a signal asked to stop; the state is then saved.
  mutating func train() throws(CommandError) -> ExitCode? {
    let stop = StopRequest(console)
    let options = training.trainer.state.progress.options
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
      try checkpointing { writer, state throws(CheckpointError) in
        _ = try writer.writeIfDue(after: event, state: state)
      }
      if stop.isRequested {
        progress.finish()
        try save()
        console.note(savedNote)
        return stop.exitCode
      }
    }
    progress.finish()
    return nil
  }

  private var savedNote: String {
    beginning == .overwriting
      ? "saved in \(directory.path); give --resume in place of --overwrite to go on"
      : "saved in \(directory.path); add --resume to go on"
  }

  /// Scores the best epoch on the held-out examples and writes model, report and log.
  mutating func finish() throws(CommandError) -> Task.Evaluation {
    let evaluation: Task.Evaluation
    do {
      evaluation = try training.evaluate(threads: threads)
    } catch {
      throw undone(error)
    }
    try add(["evaluation": Task.json(evaluation)])
    return try commandErrors {
      try directory.write(
        RunFiles(
          configuration: try training.configurationBytes(directory),
          model: try training.modelBytes(directory), report: training.report(evaluation).html(),
          events: events.bytes, log: log.bytes))
      return evaluation
    }
  }

  private mutating func next() throws(CommandError) -> TrainingEvent? {
    do {
      return try training.next()
    } catch {
      throw undone(error)
    }
  }

  /// The end of a run that follows from its settings and data: going on would end in the same way, so what it wrote is
  /// taken away, and what was there before is put back.
  private func undone(_ error: any Error) -> CommandError {
    let error = CommandError(error)
    let isRestored = before?.restore() ?? true
    let path = directory.path
    let state =
      switch beginning {
      case _ where !isRestored: notRestored
      case .new: "nothing of this run is kept in \(path)"
      case .overwriting: "\(path) is as it was before this run"
      case .resuming:
        "\(path) is as it was before, and --resume with these settings ends here each time: begin anew with a smaller --rate and --overwrite"
      }
    return CommandError("\(error.message); \(state)", exitCode: error.exitCode)
  }

  private var notRestored: String {
    "\(directory.path) could not be brought back to what it was before this run"
  }

  private mutating func save() throws(CommandError) {
    try checkpointing { writer, state throws(CheckpointError) in try writer.write(state) }
  }

  private mutating func checkpointing(
    _ body: (inout CheckpointWriter, TrainingState<Float>) throws(CheckpointError) -> Void
  ) throws(CommandError) {
    do {
      try body(&writer, training.trainer.state)
    } catch {
      // Parameters that an update has ruined may be due to be saved before a loss shows it.
      if case .notFinite = error.problem { throw undone(error) }
      throw CommandError(error)
    }
  }

  private mutating func append(_ record: EpochRecord) throws(CommandError) {
    try add(Self.line(record))
    // The log of a finished run is part of it.
    if directory.isFinished { return }
    try commandErrors { try AtomicFile.write(log.bytes, to: directory.logPath) }
  }

  private mutating func add(_ line: JSONValue) throws(CommandError) {
    do {
      _ = try log.append(line)
    } catch {
      throw CommandError(error)
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
    var line: [String: JSONValue] = [
      "epoch": .integer(record.epoch), "update": .integer(record.update), "rate": .number(record.rate),
      "training_loss": .number(record.trainingLoss),
      "validation_loss": record.validationLoss.map { .number($0) } ?? .null,
      "best": .boolean(record.isBest),
    ]
    if let judgement = record.judgement { line["judgement"] = .number(judgement) }
    return .object(line)
  }

  private static func detail(_ record: EpochRecord) -> String {
    let format = NumberFormat.significant(4)
    let loss = record.validationLoss.map { format.text($0) } ?? "–"
    let judgement = record.judgement.map { ", figure \(format.text(1 - $0))" } ?? ""
    return "epoch \(record.epoch), validation \(loss)\(judgement)\(record.isBest ? " (best)" : "")"
  }
}

/// What the folder held, and what was said to do with it.
enum RunBeginning {
  case new, overwriting, resuming
}
