internal import RecurrentCore
internal import RecurrentNN

/// Updates whose gradient goes back other than as many steps as a batch has, and batches that are held a segment at a time.
extension Trainer {
  /// The gradient of a window that ends with the batch, and the state where the next window begins.
  mutating func makeGradient(
    reach: Int
  ) throws(TrainingError) -> (LossSum, CarriedState<Model.Scalar>?) {
    guard let long = workspace.longSequences(of: model, threads: threads) else {
      throw .option(Self.reachProblem(reach, found: "a model whose batches stand alone"))
    }
    let number = state.progress.batch
    var oldest = number
    let window = long.window(
      self.batch(number),
      { back in
        guard back <= number else { return nil }
        oldest = number - back
        return self.batch(oldest)
      }, reach, number + 1 < state.progress.plan.batchCount ? self.batch(number + 1) : nil)
    recent.forget(before: oldest)
    let segment = try passage(of: window.part).segment
    var start = carriedState
    var passage = Passage(segment: segment)
    if let lead = window.lead {
      long.advance(continued(lead, from: start), packed, runMode, passage)
      start = workspace.finalState
      passage.firstStep = window.leadSteps
    }
    let loss = workspace.computeGradient(
      continued(window.part, from: start), model: model, parameters: packed, mode: runMode,
      threads: threads, passage: passage)
    if let carried = window.carried {
      // The same masks as in the window: the state is one of its states.
      long.advance(continued(carried, from: start), packed, runMode, passage)
    }
    return (loss, workspace.finalState.flatMap(CarriedState.init))
  }

  /// A batch of this epoch. Examples are in order, and a source gives the same for the same numbers, so a resumed run asks again
  /// for those that a window goes back to.
  private mutating func batch(_ number: Int) -> Model.Batch {
    let (plan, epoch, source) = (state.progress.plan, state.progress.epoch, source)
    return recent.batch(number, epoch: epoch) {
      source.batch(Array(plan.range(ofBatch: number)), epoch: epoch)
    }
  }

  /// How the steps of a batch are gone through.
  mutating func passage(of batch: Model.Batch) throws(TrainingError) -> Passage {
    let options = state.progress.options
    guard let segments = options.segments else { return Passage() }
    let long = workspace.longSequences(of: model, threads: threads)
    if case .bytes(let bytes) = segments,
      case .failure(let excess) = long?.segments(batch, options.copiesOfParameters, bytes)
    {
      throw .option(
        OptionProblem(
          "bytes of memory", found: bytes,
          expected: "at least \(excess.least) for the sequences of batch \(state.progress.batch + 1)"))
    }
    return Self.passage(of: batch, options, long)
  }

  /// The same; a batch that no segment brings into the budget is taken in the shortest.
  static func passage(
    of batch: Model.Batch, _ options: TrainerOptions, _ long: LongSequences<Model.Scalar, Model.Batch>?
  ) -> Passage {
    let copies = options.copiesOfParameters
    switch options.segments {
    case nil: return Passage()
    case .steps(let steps): return Passage(segment: steps)
    case .bytes(let bytes):
      switch long?.segments(batch, copies, bytes) {
      case nil: return Passage()
      case .success(let plan): return Passage(segment: plan.steps)
      case .failure(let excess):
        let least = try? long?.segments(batch, copies, excess.least).get().steps
        return Passage(segment: least ?? 1)
      }
    }
  }

  static func reachProblem(_ reach: Int, found: String) -> OptionProblem {
    OptionProblem("reach", found: "\(reach) of \(found)", expected: "none")
  }
}

/// Batches that the next window goes back to.
struct RecentBatches<Batch: Sendable>: Sendable {
  private var epoch: Int?
  private var batches: [Int: Batch] = [:]

  /// The batch of that number, made where it is not kept.
  mutating func batch(_ number: Int, epoch: Int, make: () -> Batch) -> Batch {
    if self.epoch != epoch { (self.epoch, batches) = (epoch, [:]) }
    if let kept = batches[number] { return kept }
    let made = make()
    batches[number] = made
    return made
  }

  /// Those of lower numbers are not asked for again.
  mutating func forget(before oldest: Int) { batches = batches.filter { $0.key >= oldest } }
}
