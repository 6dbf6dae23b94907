internal import RecurrentCore

/// The states of one sweep, before and after every step: `[T + 1, B, H]`.
///
/// Forward, step t reads slot t and writes slot t + 1; reverse, it reads slot t + 1 and writes slot t. Each sequence's
/// initial state stands in the slot that its own first step reads: slot 0 forward, slot lengths[b] reverse. So what a
/// step reads is always the slot before it, for every row alike, and the hidden side of the weight gradient is one
/// product over neighbouring slots.
struct StateTrack<Scalar: TensorScalar>: Sendable {
  let steps: Int, batch: Int, size: Int
  let direction: Direction
  let lengths: [Int]
  var values: [Scalar]

  init(initial: Matrix<Scalar>, input: SequenceBatch<Scalar>, direction: Direction, name: String) {
    steps = input.steps
    batch = input.batchSize
    size = initial.columns
    self.direction = direction
    lengths = input.lengths
    precondition(
      initial.rows == batch, "\(name): initial state of \(initial.rows) sequences, input of \(batch)")
    let count = (steps + 1) * batch * size
    if input.isFull {
      // The sweep fills all the other slots.
      let slot = direction == .forward ? 0 : steps * batch * size
      values = [Scalar](unsafeUninitializedCapacity: count) { target, initialized in
        for (index, value) in initial.elements.enumerated() {
          target.initializeElement(at: slot + index, to: value)
        }
        initialized = count
      }
      return
    }
    values = [Scalar](repeating: 0, count: count)
    for b in 0..<batch {
      copy(initial.elements, row: b, to: direction == .forward ? 0 : lengths[b])
    }
  }

  /// The slot that step t reads.
  func before(_ t: Int) -> Int { (direction == .forward ? t : t + 1) * batch * size }
  /// The slot that step t writes.
  func after(_ t: Int) -> Int { (direction == .forward ? t + 1 : t) * batch * size }

  /// Each sequence's state after its own last step; where it has none, its initial state.
  var final: Matrix<Scalar> {
    let result = [Scalar](unsafeUninitializedCapacity: batch * size) { target, initialized in
      for b in 0..<batch {
        let first = ((direction == .forward ? lengths[b] : 0) * batch + b) * size
        for column in 0..<size {
          target.initializeElement(at: initialized, to: values[first + column])
          initialized += 1
        }
      }
    }
    return Matrix(rows: batch, columns: size, elements: result)
  }

  /// The states after each step as a batch like `input`.
  func output(like input: SequenceBatch<Scalar>) -> SequenceBatch<Scalar> {
    let first = direction == .forward ? batch * size : 0
    var result = input.replacingValues(
      features: size, Array(values[first..<first + steps * batch * size]))
    // The reverse direction keeps initial states in slots that are padding of the output.
    if direction == .reverse { result.zeroPadding() }
    return result
  }

  private mutating func copy(_ source: [Scalar], row: Int, to slot: Int) {
    for column in 0..<size { values[(slot * batch + row) * size + column] = source[row * size + column] }
  }
}
