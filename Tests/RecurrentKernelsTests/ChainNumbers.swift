import RecurrentTestSupport

/// One chain that kernel and twin are run on.
struct ChainCase: CustomStringConvertible {
  let states: Int, steps: Int
  /// Decides what follows.
  let flags: Int

  var hasIndex: Bool { flags % 2 == 0 }
  var isExact: Bool { flags / 2 % 2 == 0 }
  var keeps: Bool { flags / 4 % 2 == 0 }
  /// Whether the chain goes on from the row before, and on the way back from the row behind.
  var continues: Bool { flags / 3 % 2 == 0 }
  var hasQ: Bool { flags % 3 != 0 }
  var divides: Bool { flags % 5 != 0 }

  var description: String {
    "K \(states) steps \(steps) index \(hasIndex) exact \(isExact) keeps \(keeps) continues \(continues) q \(hasQ) "
      + "divides \(divides)"
  }
}

/// The numbers of a case, and what kernel and twin make of them. Rows of emissions and of γ have gaps between them; what may
/// not be read is NaN.
struct ChainNumbers<T: KernelScalar> {
  let c: ChainCase
  let width: Int
  let transition: [T], transposed: [T], initial: [T], last: [T], before: [T]
  let scores: [T], transposedScores: [T], initialScores: [T]
  let weights: NaiveChainKernels<T>.Emissions
  private let gammaRow: Int

  /// - Parameter losing: whether some weights, and most transitions, are so small that states are lost.
  init(_ c: ChainCase, losing: Bool = false) {
    self.c = c
    var generator = SeededGenerator(UInt64(c.states * 1009 + c.steps * 31 + c.flags))
    let states = c.states
    let width = NaiveChainKernels<T>(states: states).width
    self.width = width
    gammaRow = states + 3
    func padded(_ rows: [[T]], with padding: T = 0) -> [T] {
      rows.flatMap { $0 + [T](repeating: padding, count: width - states) }
    }
    func drawn(_ count: Int) -> [T] { generator.values(count, of: T.self).map { abs($0) } }
    var rows = (0..<states).map { _ in drawn(states) }
    var shown = (0..<(c.steps + 2)).map { _ in drawn(states) }
    if losing {
      let tiny = T(MemoryLayout<T>.size == 4 ? 1e-20 : 1e-200)
      for i in 0..<states {
        for j in 0..<states where i != j && Int.random(in: 0..<4, using: &generator) > 0 { rows[i][j] = 0 }
      }
      for t in shown.indices {
        for k in 0..<states {
          let kind = Int.random(in: 0..<8, using: &generator)
          if kind == 0 { shown[t][k] = 0 }
          if kind == 1 { shown[t][k] = tiny }
        }
      }
    }
    transition = padded(rows)
    transposed = padded((0..<states).map { j in rows.map { $0[j] } })
    (initial, last, before) = (padded([drawn(states)]), padded([drawn(states)]), padded([drawn(states)]))
    // Few values, so that scores are often equal.
    func drawnScores(_ count: Int) -> [T] {
      (0..<count).map { _ in
        let value = Int.random(in: 0..<9, using: &generator)
        return value == 0 ? -.infinity : -T(value) / 2
      }
    }
    let scoreRows = (0..<states).map { _ in drawnScores(states) }
    scores = padded(scoreRows, with: -.infinity)
    transposedScores = padded((0..<states).map { j in scoreRows.map { $0[j] } }, with: -.infinity)
    initialScores = padded([drawnScores(states)], with: -.infinity)
    weights = .init(
      shown.flatMap { $0 + [.nan, .nan] }, stride: states + 2,
      index: c.hasIndex
        ? (0..<c.steps).map { _ in Int32.random(in: 0..<Int32(c.steps + 2), using: &generator) } : nil)
  }

  private var exact: Int32 { c.isExact ? 1 : 0 }
  private var keptRows: Int { c.keeps ? c.steps : min(c.steps, 2) }

  /// The row behind, room, and a sum; where the chain ends here, nothing that may be read.
  private var after: [T] {
    let garbage = [T](repeating: .nan, count: width)
    return c.continues ? before + garbage + [1.5] : garbage + garbage + [.nan]
  }

  // MARK: - Kernels

  struct Forward {
    var steps: Int
    var alpha, sums: [T]
  }

  struct Backward {
    var steps: Int
    /// Without the room.
    var after: [T]
    var alpha, q: [T]?
    var gamma: [T]
  }

  /// `nil`: something outside was written.
  func forward(_ kernels: KernelTable<T>, keeps: Bool? = nil) -> Forward? {
    let keeps = keeps ?? c.keeps
    var alpha = GuardedBuffer<T>(garbage: (keeps ? c.steps : min(c.steps, 2)) * width)
    var sums = GuardedBuffer<T>(garbage: c.steps)
    var steps = 0
    alpha.write { alpha in
      sums.write { sums in
        withOptional(c.continues ? before : nil) { before in
          steps = kernels.chainForward(
            c.steps, c.states, transition, width, initial, before, 1.5, weights.rows, weights.stride,
            weights.index, exact, keeps ? 1 : 0, alpha, sums)
        }
      }
    }
    return alpha.isIntact && sums.isIntact
      ? Forward(steps: steps, alpha: alpha.values, sums: sums.values) : nil
  }

  func backward(_ kernels: KernelTable<T>, alpha forward: [T]?) -> Backward? {
    var after = GuardedBuffer(after)
    var alpha = GuardedBuffer(forward ?? [])
    var q = GuardedBuffer<T>(garbage: c.hasQ ? c.steps * width : 0)
    var gamma = GuardedBuffer<T>(garbage: forward == nil ? 0 : c.steps * gammaRow)
    var steps = 0
    after.write { after in
      alpha.write { alpha in
        q.write { q in
          gamma.write { gamma in
            withOptional(c.continues ? nil : last) { last in
              steps = kernels.chainBackward(
                c.steps, c.states, transposed, width, last, after, weights.rows, weights.stride,
                weights.index,
                exact, forward == nil ? nil : alpha, c.divides ? 1 : 0, c.hasQ ? q : nil,
                forward == nil ? nil : gamma, gammaRow)
            }
          }
        }
      }
    }
    guard after.isIntact && alpha.isIntact && q.isIntact && gamma.isIntact else { return nil }
    return Backward(
      steps: steps, after: withoutRoom(after.values), alpha: forward == nil ? nil : alpha.values,
      q: c.hasQ ? q.values : nil, gamma: gamma.values)
  }

  private func withoutRoom(_ after: [T]) -> [T] { after[..<width] + [after[2 * width]] }

  private func withOptional(_ array: [T]?, _ body: (UnsafePointer<T>?) -> Void) {
    guard let array else { return body(nil) }
    array.withUnsafeBufferPointer { body($0.baseAddress) }
  }

  // MARK: - Twin

  struct Twin {
    let numbers: ChainNumbers
    let chain: NaiveChainKernels<T>

    func forward(keeps: Bool? = nil) -> Forward {
      let (c, width) = (numbers.c, numbers.width)
      let keeps = keeps ?? c.keeps
      var result = Forward(
        steps: 0, alpha: [T](repeating: .nan, count: (keeps ? c.steps : min(c.steps, 2)) * width),
        sums: [T](repeating: .nan, count: c.steps))
      result.steps = chain.forward(
        c.steps, numbers.transition, initial: numbers.initial,
        before: c.continues ? (numbers.before, 1.5) : nil, numbers.weights, exact: c.isExact, keeps: keeps,
        alpha: &result.alpha, sums: &result.sums)
      return result
    }

    func backward(alpha: [T]?) -> Backward {
      let c = numbers.c
      var after = numbers.after
      var result = Backward(
        steps: 0, after: [], alpha: alpha,
        q: c.hasQ ? [T](repeating: .nan, count: c.steps * numbers.width) : nil,
        gamma: [T](repeating: .nan, count: alpha == nil ? 0 : c.steps * numbers.gammaRow))
      result.steps = chain.backward(
        c.steps, numbers.transposed, last: c.continues ? nil : numbers.last, after: &after, numbers.weights,
        exact: c.isExact, alpha: &result.alpha, divides: c.divides, q: &result.q, gamma: &result.gamma,
        gammaRow: numbers.gammaRow)
      result.after = numbers.withoutRoom(after)
      return result
    }
  }

  func twin(_ isFused: Bool) -> Twin {
    Twin(numbers: self, chain: NaiveChainKernels(states: c.states, isFused: isFused))
  }

  // MARK: - Comparisons

  func forwardFailure(_ kernels: KernelTable<T>) -> String? {
    guard let found = forward(kernels) else { return "forward wrote outside" }
    let expected = twin(kernels.isFused).forward()
    if found.steps != expected.steps { return "\(found.steps) steps, expected \(expected.steps)" }
    return difference(found.alpha, expected.alpha).map { "alpha" + $0 }
      ?? difference(found.sums, expected.sums).map { "sums" + $0 }
  }

  /// Without α and with it.
  func backwardFailure(_ kernels: KernelTable<T>) -> String? {
    let twin = twin(kernels.isFused)
    for alpha in [nil, twin.forward(keeps: true).alpha] {
      guard let found = backward(kernels, alpha: alpha) else { return "backward wrote outside" }
      let expected = twin.backward(alpha: alpha)
      if found.steps != expected.steps { return "\(found.steps) steps, expected \(expected.steps)" }
      let failure =
        difference(found.after, expected.after).map { "after" + $0 }
        ?? difference(found.alpha ?? [], expected.alpha ?? []).map { "alpha" + $0 }
        ?? difference(found.q ?? [], expected.q ?? []).map { "q" + $0 }
        ?? difference(found.gamma, expected.gamma).map { "gamma" + $0 }
      if let failure { return failure }
    }
    return nil
  }

  /// Scores, and from those of all steps the path.
  func bestFailure(_ kernels: KernelTable<T>) -> String? {
    let chain = NaiveChainKernels<T>(states: c.states)
    for keeps in [c.keeps, true] {
      let rows = keeps ? c.steps : min(c.steps, 2)
      var expected = [T](repeating: .nan, count: rows * width)
      chain.best(
        c.steps, scores, initial: initialScores, before: c.continues ? initialScores : nil, weights,
        keeps: keeps, scores: &expected)
      var found = GuardedBuffer<T>(garbage: rows * width)
      found.write { target in
        withOptional(c.continues ? initialScores : nil) { before in
          kernels.chainBest(
            c.steps, c.states, scores, width, initialScores, before, weights.rows, weights.stride,
            weights.index, keeps ? 1 : 0, target)
        }
      }
      guard found.isIntact else { return "best wrote outside" }
      if let failure = difference(found.values, expected) { return "scores" + failure }
      guard keeps else { continue }
      for state in Set([0, c.states / 2, c.states - 1]) {
        // The last is a guard.
        var path = [Int32](repeating: -7, count: c.steps + 1)
        let first = kernels.chainTrace(
          c.steps, c.states, transposedScores, width, found.values, Int32(state), &path)
        let traced = chain.trace(c.steps, transposedScores, scores: expected, state: state)
        if path != traced + [-7] { return "path \(path), expected \(traced)" }
        if first != traced.first ?? Int32(state) { return "path begins at \(first)" }
      }
    }
    return nil
  }
}
