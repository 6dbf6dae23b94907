internal import CRecurrentKernels
internal import RecurrentCore

/// The recursions of one chain by the kernels, sequence after sequence, in room that is kept: one caller at a time.
///
/// Sums over paths are made of weights, scaled step by step. Where weights are too small for that, a result is `nil` and the
/// caller computes in logarithms. Of a long sequence only one row in so many is kept, and the rows between are made again.
final class ChainEngine {
  let chain: PackedChain
  private let alpha = Scratch<Double>()
  private let behind = Scratch<Double>()
  private let gamma = Scratch<Double>()
  private let sums = Scratch<Double>()
  private let boundaries = Scratch<Double>()
  private let rows = SegmentRows()
  private let product = Scratch<Double>()

  init(_ chain: PackedChain) { self.chain = chain }

  /// Rows that are kept of a sequence: all, where they are few enough for a cache; else those of one segment of √T steps.
  private static let mostElements = 1 << 21
  /// Steps at a time where nothing is kept of them.
  private static let fewSteps = 1024

  private func segmentLength(_ steps: Int) -> Int {
    if steps * chain.width <= Self.mostElements { return max(steps, 1) }
    return max(1024, Int(Double(steps).squareRoot().rounded(.up)))
  }

  /// Whether ``posterior(_:transitions:each:)`` of so many steps may fail after it has begun to hand out rows.
  func isCut(_ steps: Int) -> Bool { steps > segmentLength(steps) }

  private func segments(_ steps: Int, atMost length: Int? = nil) -> [Range<Int>] {
    let length = length ?? segmentLength(steps)
    return stride(from: 0, to: steps, by: length).map { $0..<min($0 + length, steps) }
  }

  /// What the kernels may take a zero for.
  private func flags(_ weights: SegmentRows.Weights) -> Int32 {
    Int32((weights.isExact ? RK_CHAIN_EXACT : 0) | (chain.rounds ? RK_CHAIN_ROUNDS : 0))
  }

  // MARK: - Log-likelihood

  /// log Z.
  func logLikelihood(_ input: ChainInput) -> Double? {
    if input.steps == 0 { return 0 }
    var log = RunningLog(offset: chain.shift.ends + Double(input.steps - 1) * chain.shift.step)
    var before: (row: UnsafePointer<Double>, sum: Double)?
    // Two rows to turn with, and the one that the segment before ended in.
    alpha.reserve(3 * chain.width)
    let end = alpha.base + 2 * chain.width
    // No row is made twice, so segments are as short as the nearest cache asks for.
    for segment in segments(input.steps, atMost: Self.fewSteps) {
      let weights = rows.weigh(input, segment, states: chain.states)
      guard forward(segment.count, from: before, weights, keeps: false, alpha.base) else { return nil }
      log.multiply(sums.base, segment.count, shifts: weights)
      end.update(from: alpha.base + (segment.count - 1) % 2 * chain.width, count: chain.width)
      before = (UnsafePointer(end), sums.base[segment.count - 1])
    }
    guard let before else { return nil }
    return finish(&log, before.row, before.sum)
  }

  /// With the weights of where the chain ends.
  private func finish(_ log: inout RunningLog, _ last: UnsafePointer<Double>, _ sum: Double) -> Double? {
    var ends = 0.0
    for k in 0..<chain.states { ends += last[k] * chain.final[k] }
    // Products that fell to zero are 1e-18 of this at most.
    guard ends > 1e-290 else { return nil }
    log.multiply(ends / sum)
    return log.value
  }

  private func forward(
    _ steps: Int, from before: (row: UnsafePointer<Double>, sum: Double)?, _ weights: SegmentRows.Weights,
    keeps: Bool, _ target: UnsafeMutablePointer<Double>
  ) -> Bool {
    sums.reserve(steps)
    return rk_chain_forward_f64(
      steps, chain.states, chain.transition, chain.width, chain.initial, before?.row, before?.sum ?? 1,
      weights.base, chain.states, weights.index, flags(weights), keeps ? 1 : 0, target, sums.base)
      == steps
  }

  // MARK: - Posterior

  /// The posterior, segment after segment from the first step on.
  ///
  /// - Parameters:
  ///   - transitions: `[K, width]`, to which Σₜ ξₜ is added but for its factor exp(transition − shift), the same for all.
  ///   - each: takes steps and their γ `[steps, K]`.
  /// - Returns: log Z. `nil`: weights are too small; where ``isCut(_:)``, rows may have been handed out.
  func posterior(
    _ input: ChainInput, transitions: UnsafeMutablePointer<Double>?,
    each: (_ steps: Range<Int>, _ gamma: UnsafePointer<Double>) -> Void
  ) -> Double? {
    if input.steps == 0 { return 0 }
    let (segments, width) = (segments(input.steps), chain.width)
    guard goBack(input, segments) else { return nil }
    var log = RunningLog(offset: chain.shift.ends + Double(input.steps - 1) * chain.shift.step)
    let longest = segments[0].count
    // One row in front, where the segment before ended, and one behind, where the next one begins.
    alpha.reserve((longest + 1) * width)
    behind.reserve((longest + 1) * width)
    gamma.reserve(longest * chain.states)
    var before: (row: UnsafePointer<Double>, sum: Double)?
    for (number, segment) in segments.enumerated() {
      let weights = rows.weigh(input, segment, states: chain.states)
      let own = alpha.base + width
      guard forward(segment.count, from: before, weights, keeps: true, own) else { return nil }
      log.multiply(sums.base, segment.count, shifts: weights)
      let end = own + (segment.count - 1) * width
      let endSum = sums.base[segment.count - 1]
      let isLast = number == segments.count - 1
      if isLast && finish(&log, end, endSum) == nil { return nil }
      alpha.base.update(from: end, count: width)
      guard backward(number, isLast: isLast, segment.count, weights, own, keepsBehind: transitions != nil)
      else { return nil }
      if let transitions { add(segment.count, isLast: isLast, own, to: transitions) }
      each(segment, gamma.base)
      before = (UnsafePointer(alpha.base), endSum)
    }
    return log.value
  }

  /// Leaves in ``boundaries`` what the way back brings to the first step of each segment but the first.
  private func goBack(_ input: ChainInput, _ segments: [Range<Int>]) -> Bool {
    let size = 2 * chain.width + 1
    boundaries.reserve(segments.count * size)
    for number in segments.indices.dropFirst().reversed() {
      let (segment, own) = (segments[number], boundaries.base + number * size)
      let isLast = number == segments.count - 1
      if !isLast { own.update(from: own + size, count: size) }
      let weights = rows.weigh(input, segment, states: chain.states)
      guard backwardOnly(segment.count, isLast: isLast, weights, own) else { return false }
    }
    return true
  }

  private func backwardOnly(
    _ steps: Int, isLast: Bool, _ weights: SegmentRows.Weights, _ after: UnsafeMutablePointer<Double>
  ) -> Bool {
    chain.final.withUnsafeBufferPointer { final in
      rk_chain_backward_f64(
        steps, chain.states, chain.transposed, chain.width, isLast ? final.baseAddress : nil, after,
        weights.base, chain.states, weights.index, flags(weights), nil, 0, nil, nil, 0) == steps
    }
  }

  private func backward(
    _ number: Int, isLast: Bool, _ steps: Int, _ weights: SegmentRows.Weights,
    _ alpha: UnsafeMutablePointer<Double>, keepsBehind: Bool
  ) -> Bool {
    let size = 2 * chain.width + 1
    // The segment's own place is free for what it leaves; the next one's still has what comes in.
    let own = boundaries.base + number * size
    if !isLast {
      own.update(from: own + size, count: size)
      behind.base.advanced(by: steps * chain.width).update(from: own, count: chain.width)
    }
    return chain.final.withUnsafeBufferPointer { final in
      rk_chain_backward_f64(
        steps, chain.states, chain.transposed, chain.width, isLast ? final.baseAddress : nil, own,
        weights.base, chain.states, weights.index, flags(weights), alpha, keepsBehind ? 1 : 0,
        keepsBehind ? behind.base : nil, gamma.base, chain.states) == steps
    }
  }

  /// Σₜ αₜ(i) qₜ₊₁(j), with α divided by its posterior's sum.
  private func add(
    _ steps: Int, isLast: Bool, _ alpha: UnsafePointer<Double>, to transitions: UnsafeMutablePointer<Double>
  ) {
    let count = isLast ? steps - 1 : steps
    if count == 0 { return }
    product.reserve(Double._gradientScratch(shards: 1, columns: chain.states, inner: chain.width))
    withUnsafeTemporaryAllocation(of: Int.self, capacity: 2) { bounds in
      (bounds[0], bounds[1]) = (0, count)
      Double._gradientProduct(
        shards: 1, bounds: UnsafePointer(bounds.baseAddress!), index: nil, columns: chain.states, alpha,
        gradientRow: chain.width, inner: chain.width, behind.base + chain.width, inputRow: chain.width,
        accumulate: true, into: transitions, resultStride: chain.width, scratch: product.base)
    }
  }

  // MARK: - Best path

  /// The path that scores most, of equals the one whose last state that differs has the lower number; `nil` where none is
  /// possible.
  func bestPath(_ input: ChainInput) -> ChainPath? {
    if input.steps == 0 { return ChainPath(states: [], score: 0) }
    let (segments, width) = (segments(input.steps), chain.width)
    boundaries.reserve(segments.count * width)
    for (number, segment) in segments.enumerated().dropLast() {
      best(input, segment, from: number, keeps: false)
      (boundaries.base + number * width).update(
        from: alpha.base + (segment.count - 1) % 2 * width, count: width)
    }
    let path = Scratch<Int32>()
    path.reserve(input.steps)
    var (state, score) = (Int32(0), -Double.infinity)
    for (number, segment) in segments.enumerated().reversed() {
      best(input, segment, from: number, keeps: true)
      var count = segment.count
      if number == segments.count - 1 {
        count -= 1
        let last = alpha.base + count * width
        for k in 0..<chain.states where last[k] + chain.scores.final[k] > score {
          (state, score) = (Int32(k), last[k] + chain.scores.final[k])
        }
        if score == -.infinity { return nil }
        path.base[input.steps - 1] = state
      }
      state = rk_chain_trace_f64(
        count, chain.states, chain.transposedScores, width, alpha.base, state,
        path.base + segment.lowerBound)
    }
    let states = (0..<input.steps).map { Int(path.base[$0]) }
    return ChainPath(states: states, score: score)
  }

  private func best(_ input: ChainInput, _ segment: Range<Int>, from number: Int, keeps: Bool) {
    let width = chain.width
    alpha.reserve((keeps ? segment.count : 2) * width)
    var before = number == 0 ? nil : UnsafePointer(boundaries.base + (number - 1) * width)
    // Scores are written a few at a time, for the nearest cache; of an even number, so that two rows go on turning.
    for part in segments(segment.count, atMost: Self.fewSteps) {
      let steps = segment.lowerBound + part.lowerBound..<segment.lowerBound + part.upperBound
      let scores = rows.scores(input, steps, states: chain.states)
      let target = alpha.base + (keeps ? part.lowerBound : 0) * width
      rk_chain_best_f64(
        part.count, chain.states, chain.transitionScores, width, chain.initialScores, before, scores.base,
        chain.states, scores.index, keeps ? 1 : 0, target)
      before = UnsafePointer(target + (keeps ? part.count - 1 : (part.count - 1) % 2) * width)
    }
  }
}
