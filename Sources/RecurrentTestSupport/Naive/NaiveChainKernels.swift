/// The recursions along a chain of K states as plain loops: the oracle that the kernels must equal to the bit.
///
/// Rows are ``width`` elements apart, and hold zeros (in scores: −∞) behind the last state. A product adds its terms in four
/// chains, i mod 4, and then (0 + 1) + (2 + 3); a sum over states adds lanes of 64 bytes and then those by a tree.
public struct NaiveChainKernels<S: BinaryFloatingPoint> {
  /// K.
  public let states: Int
  /// Whether products are rounded once with the sum.
  public let isFused: Bool

  /// - Parameters:
  ///   - states: K.
  ///   - isFused: whether products are rounded once with the sum.
  public init(states: Int, isFused: Bool = true) {
    self.states = states
    self.isFused = isFused
  }

  private static var lanes: Int { 64 / MemoryLayout<S>.size }

  /// Elements of a row: K rounded up to 64 bytes.
  public var width: Int { (states + Self.lanes - 1) / Self.lanes * Self.lanes }

  /// What falls below it is as good as lost.
  public static var least: S { S(MemoryLayout<S>.size == 4 ? Double(1e-30 as Float) : 1e-290) }

  /// What is seen at each step, as weights or scores.
  public struct Emissions {
    /// K numbers in each row, and what stands between rows.
    public var rows: [S]
    /// Elements from row to row.
    public var stride: Int
    /// The row of each step; `nil`: row t.
    public var index: [Int32]?

    /// - Parameters:
    ///   - rows: K numbers in each.
    ///   - stride: elements from row to row.
    ///   - index: the row of each step; `nil`: row t.
    public init(_ rows: [S], stride: Int, index: [Int32]? = nil) {
      self.rows = rows
      self.stride = stride
      self.index = index
    }

    /// Zero behind the last state.
    func value(_ t: Int, _ j: Int, of states: Int) -> S {
      j < states ? rows[(index.map { Int($0[t]) } ?? t) * stride + j] : 0
    }
  }

  // MARK: - Sums over paths

  /// αₜ(j) = eₜ(j) Σᵢ αₜ₋₁(i) a(i, j) / sₜ₋₁, sₜ = Σⱼ αₜ(j).
  ///
  /// - Parameters:
  ///   - a: `[K, width]`.
  ///   - before: the row before the first and its sum; `nil`: the first row is made from `initial`.
  ///   - exact: whether a weight of zero says that nothing is possible.
  ///   - keeps: whether `alpha` holds all rows, or two to turn with.
  /// - Returns: the number of steps, or the step at which weights are too small to go on with.
  public func forward(
    _ steps: Int, _ a: [S], initial: [S], before: (row: [S], sum: S)?, _ emissions: Emissions, exact: Bool,
    keeps: Bool, alpha: inout [S], sums: inout [S]
  ) -> Int {
    var x = before?.row
    var scale = before.map { 1 / $0.sum } ?? 1
    var hasLost = false
    for t in 0..<steps {
      let p = x.map { product($0, a) } ?? initial
      let weights = (0..<width).map { emissions.value(t, $0, of: states) }
      let row = (0..<width).map { (p[$0] * weights[$0]) * scale }
      let first = (keeps ? t : t % 2) * width
      alpha.replaceSubrange(first..<first + width, with: row)
      if let x, hasLost, isCut(x, a) { return t }
      sums[t] = sum(row)
      if !(sums[t] >= Self.least) { return t }
      hasLost = hasLostAny(p, row, weights, exact)
      scale = 1 / sums[t]
      x = row
    }
    return steps
  }

  /// qₜ(j) = eₜ(j) bₜ(j), bₜ₋₁(i) = Σⱼ a(i, j) qₜ(j) / Σ bₜ; γₜ(i) ∝ αₜ(i) bₜ(i).
  ///
  /// - Parameters:
  ///   - at: the transpose of a, `[K, width]`.
  ///   - last: b of the last row; `nil`: it comes from `after`.
  ///   - after: the row q of the step behind, a row that is not used here, and the sum of its b; then those of the first step.
  ///   - alpha: the rows that ``forward(_:_:initial:before:_:exact:keeps:alpha:sums:)`` kept; `nil`: there is no γ.
  ///   - divides: whether `alpha` is divided by the sum that γ is.
  ///   - q: all rows; `nil`: nowhere.
  ///   - gamma: rows of K, `gammaRow` elements apart.
  /// - Returns: the number of steps, or the step at which weights are too small to go on with.
  public func backward(
    _ steps: Int, _ at: [S], last: [S]?, after: inout [S], _ emissions: Emissions, exact: Bool,
    alpha: inout [S]?, divides: Bool, q: inout [S]?, gamma: inout [S], gammaRow: Int
  ) -> Int {
    var x = last == nil ? Array(after[..<width]) : nil
    var scale = last == nil ? 1 / after[2 * width] : 1
    var hasLost = false
    for t in (0..<steps).reversed() {
      let p = x.map { product($0, at) } ?? last ?? []
      let weights = (0..<width).map { emissions.value(t, $0, of: states) }
      let b = p.map { $0 * scale }
      let row = (0..<width).map { b[$0] * weights[$0] }
      let own = t * width..<(t + 1) * width
      q?.replaceSubrange(own, with: row)
      if let x, hasLost, isCut(x, at) { return t }
      if let forward = alpha.map({ Array($0[own]) }) {
        let both = (0..<width).map { forward[$0] * p[$0] }
        let norm = sum(both)
        if !(norm >= Self.least) { return t }
        let share = 1 / norm
        for k in 0..<states { gamma[t * gammaRow + k] = both[k] * share }
        if divides { alpha?.replaceSubrange(own, with: forward.map { $0 * share }) }
      }
      let behind = sum(b)
      if !(behind >= Self.least) { return t }
      scale = 1 / behind
      after[2 * width] = behind
      after.replaceSubrange(0..<width, with: row)
      hasLost = hasLostAny(p, row, weights, exact)
      x = row
    }
    return steps
  }

  // MARK: - Best paths

  /// vₜ(j) = eₜ(j) + maxᵢ (vₜ₋₁(i) + a(i, j)), all of them logarithms.
  ///
  /// - Parameters:
  ///   - before: the row before the first; `nil`: the first row is made from `initial`.
  ///   - keeps: whether `scores` holds all rows, or two to turn with.
  public func best(
    _ steps: Int, _ a: [S], initial: [S], before: [S]?, _ emissions: Emissions, keeps: Bool,
    scores: inout [S]
  ) {
    var x = before
    for t in 0..<steps {
      let row = (0..<width).map { j in
        let greatest = x.map { x in (0..<states).map { x[$0] + a[$0 * width + j] }.max() ?? -.infinity }
        return (greatest ?? initial[j]) + emissions.value(t, j, of: states)
      }
      let first = (keeps ? t : t % 2) * width
      scores.replaceSubrange(first..<first + width, with: row)
      x = row
    }
  }

  /// The path of `steps` states that leads best to `state` behind them: of states that score alike, the least.
  ///
  /// - Parameters:
  ///   - at: the transpose of a, `[K, width]`.
  ///   - scores: all rows of ``best(_:_:initial:before:_:keeps:scores:)``.
  public func trace(_ steps: Int, _ at: [S], scores: [S], state: Int) -> [Int32] {
    var path = [Int32](repeating: 0, count: steps)
    var state = state
    for t in (0..<steps).reversed() {
      let through = (0..<states).map { scores[t * width + $0] + at[state * width + $0] }
      let greatest = through.max() ?? -.infinity
      state = through.firstIndex(of: greatest) ?? 0
      path[t] = Int32(state)
    }
    return path
  }

  // MARK: - Parts

  /// p(j) = Σᵢ x(i) a(i, j), `[width]`.
  private func product(_ x: [S], _ a: [S]) -> [S] {
    (0..<width).map { j in
      var chains: [S] = [0, 0, 0, 0]
      for i in 0..<states {
        chains[i % 4] = NaiveKernels.add(x[i], times: a[i * width + j], to: chains[i % 4], fused: isFused)
      }
      return (chains[0] + chains[1]) + (chains[2] + chains[3])
    }
  }

  private func sum(_ row: [S]) -> S {
    var lanes = [S](repeating: 0, count: Self.lanes)
    for (j, value) in row.enumerated() { lanes[j % lanes.count] += value }
    return NaiveKernels.laneSum(lanes)
  }

  /// Whether a state that could be reached fell below ``least``, other than where its weight says that it must.
  private func hasLostAny(_ p: [S], _ row: [S], _ weights: [S], _ exact: Bool) -> Bool {
    (0..<states).contains { p[$0] > 0 && row[$0] < Self.least && (!exact || weights[$0] > 0) }
  }

  /// Whether a state that x has lost leads to one that nothing else in x leads to.
  private func isCut(_ x: [S], _ a: [S]) -> Bool {
    let reached = product(x, a)
    return (0..<states).contains { j in
      reached[j] < Self.least
        && (0..<states).contains { x[$0] < Self.least && a[$0 * width + j] > 0 }
    }
  }
}
