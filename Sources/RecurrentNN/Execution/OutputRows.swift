internal import RecurrentCore

/// The rows of a batch that have outputs, taken out of the body's output for the head and the loss, and put back on the way
/// back.
///
/// They stand thread by thread, so that each thread's rows are neighbours; the order of summation and the rows of the
/// targets are by step and then by sequence, whatever the threads. Where all rows have outputs and one thread has them
/// all, nothing is moved.
final class OutputRows<Scalar: TensorScalar> {
  /// The rows as sequences of one step.
  let plan = SequencePlan()
  private(set) var count = 0
  /// For each row its row among the targets; `nil`: the same one.
  private(set) var targetRows: UnsafePointer<Int32>?

  private var body = SequencePlan()
  private var width = 0
  /// Whether the rows are those of the body, unmoved.
  private var isWhole = false
  private let rows = Scratch<Int32>()
  private let order = Scratch<Int32>()
  private let targetPlaces = Scratch<Int32>()
  private let values = Scratch<Scalar>()
  private let gradients = Scratch<Scalar>()
  private var positions: SequencePositions?
  private var lengths: [Int] = []
  private var shape = (steps: 0, threads: 0)

  func prepare(_ body: SequencePlan, _ positions: SequencePositions, width: Int, needsIdentifiers: Bool) {
    self.body = body
    self.width = width
    isWhole = positions == .all && body.isFull && body.threads == 1
    let isKnown =
      self.positions == positions && lengths == body.lengths && shape == (body.steps, body.threads)
    if !isKnown {
      self.positions = positions
      lengths = body.lengths
      shape = (body.steps, body.threads)
      find(positions)
    }
    if !isKnown || needsIdentifiers { planRows(needsIdentifiers: needsIdentifiers) }
    guard !isWhole else { return }
    values.reserve(count * width)
    gradients.reserve(body.steps * body.batchSize * width)
  }

  /// The rows thread by thread, and the order of all by step and sequence.
  private func find(_ positions: SequencePositions) {
    let most = body.steps * body.batchSize
    let rows = rows.reserve(most)
    count = 0
    withUnsafeTemporaryAllocation(of: Int.self, capacity: 2 * body.threads) { bounds in
      for thread in 0..<body.threads {
        bounds[2 * thread] = count
        for t in 0..<body.steps {
          for b in body.sequences(of: thread)
          where positions.contains(step: t, sequence: b, length: body.lengths[b]) {
            rows[count] = Int32(t * body.batchSize + b)
            count += 1
          }
        }
        bounds[2 * thread + 1] = count
      }
      let order = order.reserve(max(count, 1))
      let places = targetPlaces.reserve(max(count, 1))
      var done = 0
      for t in 0..<body.steps where done < count {
        for thread in 0..<body.threads {
          while bounds[2 * thread] < bounds[2 * thread + 1],
            Int(rows[bounds[2 * thread]]) < (t + 1) * body.batchSize
          {
            order[done] = Int32(bounds[2 * thread])
            places[bounds[2 * thread]] = Int32(done)
            bounds[2 * thread] += 1
            done += 1
          }
        }
      }
    }
    targetRows = body.threads == 1 ? nil : UnsafePointer(targetPlaces.base)
  }

  /// Each row has an identifier of its own, drawn from its sequence's and its step, as ``SequenceModel/headInput(_:rows:of:)``
  /// draws it.
  private func planRows(needsIdentifiers: Bool) {
    let identifiers: [UInt64] =
      needsIdentifiers
      ? (0..<count).map { place in
        let (t, b) = Int(rows.base[place]).quotientAndRemainder(dividingBy: body.batchSize)
        return CounterGenerator(seed: body.identifiers[b], purpose: .dropout).word(
          at: UInt64(body.firstStep + t))
      } : []
    plan.prepare(rows: rows.base, order: order.base, count: count, of: body, identifiers: identifiers)
  }

  /// Where the rows of each sequence stand.
  func place(_ places: SequencePlaces) {
    places.prepare(count: count, sequences: body.batchSize) {
      let place = Int(order.base[$0])
      return (place, Int(rows.base[place]) % body.batchSize)
    }
  }

  /// Where the gathered rows will stand.
  func gathered(from output: UnsafePointer<Scalar>) -> UnsafePointer<Scalar> {
    isWhole ? output : UnsafePointer(values.base)
  }

  /// Where the body's gradient will stand.
  func scattered(from gradient: UnsafePointer<Scalar>) -> UnsafePointer<Scalar> {
    isWhole ? gradient : UnsafePointer(gradients.base)
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func gather(_ output: UnsafePointer<Scalar>, thread: Int) {
    guard !isWhole else { return }
    for place in plan.sequences(of: thread) {
      (values.base + place * width).update(from: output + Int(rows.base[place]) * width, count: width)
    }
  }

  /// The rows of a thread in the order of the targets.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func copy(
    _ source: UnsafePointer<Scalar>, width: Int, to target: UnsafeMutablePointer<Scalar>, thread: Int
  ) {
    let own = plan.sequences(of: thread)
    guard let targetRows else {
      (target + own.lowerBound * width).update(
        from: source + own.lowerBound * width, count: own.count * width)
      return
    }
    for place in own {
      (target + Int(targetRows[place]) * width).update(from: source + place * width, count: width)
    }
  }

  /// The rows back in their places, zeros in all others that have data.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func scatter(_ gradient: UnsafePointer<Scalar>, thread: Int) {
    guard !isWhole else { return }
    if positions != .all {
      body.rows(of: thread).forEach { (gradients.base + $0 * width).update(repeating: 0, count: width) }
    }
    for place in plan.sequences(of: thread) {
      (gradients.base + Int(rows.base[place]) * width).update(from: gradient + place * width, count: width)
    }
  }
}
