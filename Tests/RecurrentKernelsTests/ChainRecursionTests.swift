import RecurrentTestSupport
import Testing

/// `rk_chain_forward`, `_backward`, `_best` and `_trace` against their naive twins, bit for bit.
@Suite struct ChainRecursionTests {
  /// Every count of states beside every count of steps; the flags differ from case to case.
  static let cases: [ChainCase] = (1...40).flatMap { states in
    [0, 1, 2, 7, 20].enumerated().map { ChainCase(states: states, steps: $1, flags: states * 5 + $0) }
  }

  func failures<T: KernelScalar>(
    _ type: T.Type, _ check: (KernelTable<T>, ChainNumbers<T>) -> String?
  ) -> [String] {
    Self.cases.flatMap { c in
      let numbers = ChainNumbers<T>(c)
      return everyLevel(of: type).compactMap { kernels in
        check(kernels, numbers).map { "\(c) level \(kernels.level): \($0)" }
      }
    }
  }

  @Test func forwardFloat() { #expect(failures(Float.self) { $1.forwardFailure($0) }.prefix(3) == []) }
  @Test func forwardDouble() { #expect(failures(Double.self) { $1.forwardFailure($0) }.prefix(3) == []) }
  @Test func backwardFloat() { #expect(failures(Float.self) { $1.backwardFailure($0) }.prefix(3) == []) }
  @Test func backwardDouble() { #expect(failures(Double.self) { $1.backwardFailure($0) }.prefix(3) == []) }
  @Test func bestFloat() { #expect(failures(Float.self) { $1.bestFailure($0) }.prefix(3) == []) }
  @Test func bestDouble() { #expect(failures(Double.self) { $1.bestFailure($0) }.prefix(3) == []) }

  // MARK: - Weights that are too small

  /// Where the kernels stop on the way there and on the way back, without and with α.
  func stops<T: KernelScalar>(
    _ a: [[T]], _ weights: [[T]], exact: Bool, rounds: Bool = false, of type: T.Type
  ) -> [[Int]] {
    let (states, steps) = (a.count, weights.count)
    let width = NaiveChainKernels<T>(states: states).width
    func padded(_ rows: [[T]]) -> [T] {
      rows.flatMap { $0 + [T](repeating: 0, count: width - states) }
    }
    let forth = padded(a)
    let back = padded((0..<states).map { j in a.map { $0[j] } })
    let ones = padded([[T](repeating: 1, count: states)])
    return everyLevel(of: type).map { kernels in
      var alpha = GuardedBuffer<T>(garbage: steps * width)
      var sums = GuardedBuffer<T>(garbage: steps)
      var after = GuardedBuffer<T>(garbage: 2 * width + 1)
      var gamma = GuardedBuffer<T>(garbage: steps * states)
      var found = [0, 0, 0]
      alpha.write { alpha in
        sums.write {
          found[0] = kernels.chainForward(
            steps, states, forth, width, ones, nil, 1, weights.flatMap { $0 }, states, nil,
            (exact ? 1 : 0) | (rounds ? 2 : 0), 1,
            alpha, $0)
        }
      }
      after.write { after in
        found[1] = kernels.chainBackward(
          steps, states, back, width, ones, after, weights.flatMap { $0 }, states, nil,
          (exact ? 1 : 0) | (rounds ? 2 : 0), nil, 0,
          nil, nil, 0)
        // As of any chain: α of 1 everywhere.
        var alpha = (0..<steps).flatMap { _ in ones }
        gamma.write {
          found[2] = kernels.chainBackward(
            steps, states, back, width, ones, after, weights.flatMap { $0 }, states, nil,
            (exact ? 1 : 0) | (rounds ? 2 : 0),
            &alpha, 0, nil, $0, states)
        }
      }
      let isIntact = alpha.isIntact && sums.isIntact && after.isIntact && gamma.isIntact
      return isIntact ? found : []
    }
  }

  func checkStops<T: KernelScalar>(_ type: T.Type) {
    let tiny = T(MemoryLayout<T>.size == 4 ? 1e-20 : 1e-200)
    let apart: [[T]] = [[1, 0], [0, 1]]
    let levels = everyLevel(of: type).count
    func expect(
      _ a: [[T]], _ weights: [[T]], exact: Bool = true, rounds: Bool = false, _ expected: [Int],
      _ location: SourceLocation = #_sourceLocation
    ) {
      #expect(
        stops(a, weights, exact: exact, rounds: rounds, of: type)
          == [[Int]](repeating: expected, count: levels),
        sourceLocation: location)
    }
    // Nothing is lost.
    expect(apart, [[1, 1], [1, 1], [1, 1]], [3, 3, 3])
    expect(apart, [], [0, 0, 0])
    // A step at which nothing is possible: its own sum on the way there, and the sum before it on the way back.
    expect(apart, [[1, 1], [0, 0], [1, 1], [1, 1]], [1, 0, 0])
    expect(apart, [[0, 0], [1, 1]], [0, 2, 2])
    // The second of two states that never meet is tiny² = lost after step 1, which step 2 finds; backward after step 2.
    let falls: [[T]] = [[1, tiny], [1, tiny], [1, 1], [1, 1]]
    expect(apart, falls, [2, 4, 4])
    expect(apart, falls.reversed(), [4, 1, 1])
    // With a way from the first state to the second nothing is lost that counts, and in one direction only.
    expect([[0.5, 0.5], [0, 1]], falls, [4, 4, 4])
    expect([[0.5, 0.5], [0, 1]], falls.reversed(), [4, 1, 1])
    expect([[1, 0], [0.5, 0.5]], falls.reversed(), [4, 4, 4])
    // A zero that says what is possible takes nothing away; one that was rounded to zero may.
    let zeros: [[T]] = [[1, 1], [1, 0], [1, 1], [1, 1]]
    expect(apart, zeros, [4, 4, 4])
    expect(apart, zeros, exact: false, [2, 0, 0])
    // Where products may fall to zero, a state that nothing seems to lead to may be one that was lost: step 2 cannot know.
    expect(apart, [[1, 0], [1, 1], [1, 1]], [3, 3, 3])
    expect(apart, [[1, 0], [1, 1], [1, 1]], rounds: true, [2, 3, 3])
    // The lost state lies in another vector than the one that it is found by.
    var wide = [[T]](repeating: [T](repeating: 0, count: 19), count: 19)
    for k in 0..<19 { wide[k][k] = 1 }
    let fallsWide = falls.map { row in (0..<19).map { $0 == 18 ? row[1] : row[0] } }
    expect(wide, fallsWide, [2, 4, 4])
    for k in 0..<19 { wide[0][k] = 0.05 }
    expect(wide, fallsWide, [4, 4, 4])
  }

  @Test func stopsFloat() { checkStops(Float.self) }
  @Test func stopsDouble() { checkStops(Double.self) }

  /// The twin stops where the kernel does, in chains that lose states at random.
  func stopFailures<T: KernelScalar>(_ type: T.Type) -> (failures: [String], stopped: Int) {
    var failures: [String] = []
    var stopped = 0
    for flags in 0..<200 {
      let c = ChainCase(states: 1 + flags % 11, steps: 12, flags: flags)
      let numbers = ChainNumbers<T>(c, losing: true)
      for kernels in everyLevel(of: type) {
        let twin = numbers.twin(kernels.isFused)
        let (expected, expectedBack) = (twin.forward().steps, twin.backward(alpha: nil).steps)
        let found = numbers.forward(kernels)
        let back = numbers.backward(kernels, alpha: nil)
        if found?.steps != expected || back?.steps != expectedBack {
          failures.append(
            "\(c) level \(kernels.level): \(String(describing: found?.steps)), \(String(describing: back?.steps)), "
              + "expected \(expected), \(expectedBack)")
        }
        stopped += (expected < 12 ? 1 : 0) + (expectedBack < 12 ? 1 : 0)
      }
    }
    return (failures, stopped)
  }

  @Test func stopsWhereTheTwinDoes() {
    let (float, double) = (stopFailures(Float.self), stopFailures(Double.self))
    #expect(float.failures.prefix(3) == [] && double.failures.prefix(3) == [])
    // Some hundreds of them do stop.
    #expect(float.stopped > 100 && double.stopped > 100)
  }

  // MARK: - Ties and the impossible

  /// Of states that score alike the least is taken, and −∞ everywhere leads to state 0.
  @Test func tracesTheLeast() {
    for kernels in everyLevel(of: Double.self) {
      let width = 8
      let at = [Double](repeating: 0, count: 3 * width)
      let behind = [Double](repeating: -.infinity, count: 5)
      let scores: [Double] = [[0, 1, 2], [0, 2, 2], [0, 2, 2]].flatMap { $0 + behind }
      var path = [Int32](repeating: -1, count: 3)
      #expect(kernels.chainTrace(3, 3, at, width, scores, 2, &path) == 2)
      #expect(path == [2, 1, 1])
      let never = [Double](repeating: -.infinity, count: 3 * width)
      #expect(kernels.chainTrace(3, 3, at, width, never, 2, &path) == 0 && path == [0, 0, 0])
      #expect(kernels.chainTrace(0, 3, at, width, never, 2, &path) == 2)
    }
  }
}
