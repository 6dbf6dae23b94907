import Foundation
import RecurrentCore
import RecurrentHMM
import RecurrentTestSupport
import Testing

/// Every recursion against every path: K = 1 … 3, T = 0 … 6, with −∞ in every place by itself and in many at once.
@Suite struct ChainEnumerationTests {
  typealias Sample = (scores: ChainScores, emission: Matrix<Double>)

  /// The chain with −∞ at one place of its four lists, by a running number.
  private func forbidding(_ sample: Sample, at place: Int) -> Sample {
    var (scores, emission) = sample
    let count = scores.stateCount
    let ends = [count, count, count * count, emission.elements.count]
    var rest = place
    for (list, size) in ends.enumerated() {
      guard rest >= size else {
        switch list {
        case 0: scores.initial[rest] = -.infinity
        case 1: scores.final[rest] = -.infinity
        case 2: scores.transition.elements[rest] = -.infinity
        default: emission.elements[rest] = -.infinity
        }
        return (scores, emission)
      }
      rest -= size
    }
    return (scores, emission)
  }

  private func places(_ sample: Sample) -> Int {
    let count = sample.scores.stateCount
    return 2 * count + count * count + sample.emission.elements.count
  }

  /// One chain without −∞, one for each place, and chains with each place forbidden by a coin, now heavy, now light.
  private func samples(_ states: Int, _ steps: Int) -> [Sample] {
    var draws = Draws(UInt64(states * 10 + steps))
    let plain = draws.chain(states, steps)
    let all = places(plain)
    var samples = [plain] + (0..<all).map { forbidding(plain, at: $0) }
    for share in [0.1, 0.3, 0.5, 0.7] {
      for _ in 0..<12 {
        samples.append(
          (0..<all).reduce(draws.chain(states, steps)) { sample, place in
            draws.uniform() < share ? forbidding(sample, at: place) : sample
          })
      }
    }
    return samples
  }

  /// The first step by which every path is forbidden, whatever follows it; T where only the ends are.
  private func firstImpossibleStep(_ sample: Sample) -> Int {
    var open = sample.scores
    open.final = [Double](repeating: 0, count: open.stateCount)
    let rows = (0..<sample.emission.rows).map { sample.emission.row($0) }
    return rows.indices.first { t in
      NaiveChain(open, Matrix(Array(rows[...t]))).logSum() == -.infinity
    } ?? rows.count
  }

  private func check(_ sample: Sample) -> [String] {
    let (scores, emission) = sample
    let naive = NaiveChain(scores, emission)
    let total = naive.logSum()
    var faults: [String] = []
    func hold(_ name: String, _ found: [Double], _ expected: [Double]) {
      // Some hundred sums and products of numbers of order 1, each rounded to 1.1e-16.
      let error = error(found, expected)
      if !(error <= 1e-13) { faults.append("\(name): \(found), expected \(expected)") }
    }
    hold("log Z", [scores.logPartition(emission)], [total])
    hold("log Z in logarithms", [scores.total(emission, in: LogSumExp.self)], [total])
    let possible = naive.paths.filter { $0.score > -.infinity }
    hold("paths", [scores.total(emission, in: PathCount.self)], [Double(possible.count)])
    hold("best", [scores.total(emission, in: MaxPlus.self)], [possible.map(\.score).max() ?? -.infinity])
    guard total > -.infinity else {
      if scores.posterior(emission) != nil || scores.posteriorInLogarithms(emission) != nil
        || scores.bestPath(emission) != nil || !scores.bestPaths(3, emission).isEmpty
        || (0..<max(emission.rows - 1, 0)).contains(where: {
          scores.transitionPosterior(at: $0, emission) != nil
        })
        || !scores.sampledPaths(2, emission, using: CounterGenerator(seed: 1, purpose: .sampling)).isEmpty
      {
        faults.append("something is possible that is not")
      }
      let (step, expected) = (scores.firstImpossibleStep(emission), firstImpossibleStep(sample))
      if step != expected { faults.append("impossible from step \(step ?? -1) on, expected \(expected)") }
      return faults
    }
    if scores.firstImpossibleStep(emission) != nil { faults.append("an impossible step") }
    for (name, found) in [
      ("kernel", scores.posterior(emission)), ("logarithms", scores.posteriorInLogarithms(emission)),
    ] {
      guard let found else {
        faults.append("no posterior")
        continue
      }
      hold("log Z with the posterior, \(name)", [found.logLikelihood], [total])
      hold("posterior, \(name)", found.states.elements, naive.posterior)
      hold("transitions, \(name)", found.transitions.elements, naive.transitions)
    }
    for arc in 0..<scores.stateCount * scores.stateCount {
      let uses = scores.expectedUses(
        of: (arc / scores.stateCount, arc % scores.stateCount), emission)
      hold("expected uses", [uses.logWeight, uses.mean], [total, naive.transitions[arc]])
    }
    let count = scores.stateCount
    for t in 0..<max(emission.rows - 1, 0) {
      let expected = (0..<count * count).map { arc in
        exp(naive.logSum { $0[t] == arc / count && $0[t + 1] == arc % count } - total)
      }
      hold("transition at \(t)", scores.transitionPosterior(at: t, emission)?.elements ?? [], expected)
    }
    let ranked = naive.ranked
    let best = scores.bestPath(emission)
    if best?.states != ranked[0].states { faults.append("best path \(best?.states ?? [])") }
    hold(
      "best score", [best?.score ?? .nan, scores.score(of: ranked[0].states, emission)],
      [ranked[0].score, ranked[0].score])
    for count in [1, 4, 1000] {
      let found = scores.bestPaths(count, emission)
      if found.map(\.states) != ranked.prefix(count).map(\.states) { faults.append("\(count) best paths") }
      hold("their scores", found.map(\.score), ranked.prefix(count).map(\.score))
    }
    return faults
  }

  @Test(arguments: 1...3, 0...6) func equalEveryPath(_ states: Int, _ steps: Int) {
    for sample in samples(states, steps) {
      let faults = check(sample)
      #expect(faults == [], "\(sample)")
    }
  }

  /// What a step shows and what follows sum to the same at every step.
  @Test func forwardTimesBackwardIsTheTotalAtEveryStep() {
    var draws = Draws(9)
    for (states, steps) in [(1, 5), (3, 200), (10, 1000)] {
      let (scores, emission) = draws.chain(states, steps)
      let forward = scores.forward(emission, in: LogSumExp.self)
      let backward = scores.backward(emission, in: LogSumExp.self)
      let total = scores.logPartition(emission)
      for t in 0..<steps {
        let sum = (t * states..<(t + 1) * states).reduce(-Double.infinity) {
          LogSumExp.sum($0, forward[$1] + backward[$1])
        }
        // Relative: each of T steps rounds a number of the size of log Z.
        #expect(abs(sum - total) <= 1e-13 * abs(total))
      }
    }
  }

  @Test func semiringsHoldTheirLaws() {
    // ⊗ distributes over ⊕, both are associative, zero and one are neutral.
    let values = [-3.0, 0.2, 1.7, -.infinity]
    for a in values {
      for b in values {
        for c in values {
          let left = LogSumExp.product(a, LogSumExp.sum(b, c))
          let right = LogSumExp.sum(LogSumExp.product(a, b), LogSumExp.product(a, c))
          #expect(error(left, right) <= 1e-15)
          #expect(MaxPlus.product(a, MaxPlus.sum(b, c)) == MaxPlus.sum(a + b, a + c))
        }
      }
      #expect(LogSumExp.sum(a, LogSumExp.zero) == a && LogSumExp.product(a, LogSumExp.one) == a)
      #expect(MaxPlus.sum(a, MaxPlus.zero) == a && MaxPlus.product(a, MaxPlus.one) == a)
      let e = Expectation.Element(logWeight: a, mean: 0.5)
      #expect(Expectation.sum(e, Expectation.zero).logWeight == a)
      #expect(Expectation.product(e, Expectation.one) == e)
    }
    #expect(PathCount.weight(-.infinity) == 0 && PathCount.weight(-700) == 1)
  }
}
