import Foundation
import RecurrentCore
import RecurrentHMM
import RecurrentNN
import RecurrentTestSupport
import Testing

/// A field against every one of the Kᵀ ways to label few steps.
@Suite("Conditional random field")
struct ConditionalRandomFieldTests {
  /// Sums of up to 5⁵ terms of order 1, each rounded to 1.1e-16 and of one sign.
  private static let tolerance = 1e-13
  private static let lengths = [4, 0, 1, 5, 2]

  private static let samples: [FieldSample<Double>] =
    (1...4).map { FieldSample($0, lengths: lengths, seed: UInt64($0)) } + [
      FieldSample(
        3, lengths: lengths,
        constraints: TransitionConstraints(
          labels: 3, starts: [true, false, true],
          transitions: [[true, true, true], [false, true, true], [true, false, true]]), seed: 9)
    ]

  private static func tagged() throws -> FieldSample<Double> {
    FieldSample(5, lengths: lengths, constraints: try .bio(twoKinds), seed: 10)
  }

  @Test func theLossIsThatOfEveryPath() throws {
    for sample in Self.samples + [try Self.tagged()] {
      let expected = sample.labels.enumerated().map { b, labels in
        let naive = sample.naive(b)
        return naive.logSum() - naive.logSum { $0 == labels }
      }
      let found = sample.field.loss(
        sample.emissions, labels: sample.labels, parameters: sample.parameters)
      #expect(found.count == 12)
      #expect(scaledError([found.sum], [expected.reduce(0, +)]) <= Self.tolerance)
    }
  }

  /// −log of one label's share among all paths, and differences by every emission.
  @Test func theLossOfOneLabel() throws {
    for sample in [Self.samples[2], Self.samples[4], try Self.tagged()] {
      let (count, b) = (sample.field.labelCount, 3)
      let (naive, emission) = (sample.naive(b), sample.emission(b))
      for t in 0..<emission.rows {
        for k in 0..<count {
          let share = naive.posterior[t * count + k]
          let found = sample.field.marginalLoss(
            emission, step: t, label: k, parameters: sample.parameters)
          guard share > 0 else {
            #expect(found == nil)
            continue
          }
          let made = try #require(found)
          #expect(abs(made.loss + log(share)) < 1e-12)
          for (place, gradient) in made.gradient.elements.enumerated() {
            let losses = try [-1e-5, 1e-5].map { amount in
              var moved = emission
              moved.elements[place] += amount
              return try #require(
                sample.field.marginalLoss(moved, step: t, label: k, parameters: sample.parameters)
              ).loss
            }
            #expect(abs(gradient - (losses[1] - losses[0]) / 2e-5) < 1e-8)
          }
        }
      }
    }
  }

  @Test func gradientsAreExpectedUsesLessUses() throws {
    for sample in Self.samples + [try Self.tagged()] {
      let count = sample.field.labelCount
      var gradients = ParameterStore<Double>(zeros: sample.store.layout)
      let made = sample.field.gradient(
        sample.emissions, labels: sample.labels, parameters: sample.parameters, into: &gradients)
      var expected = sample.emissions.blank(features: count)
      var parameters = [Double](repeating: 0, count: gradients.values.count)
      for (b, labels) in sample.labels.enumerated() where !labels.isEmpty {
        let (states, arcs) = (sample.naive(b).posterior, sample.naive(b).transitions)
        for t in labels.indices {
          for k in 0..<count {
            expected[t, b, k] = states[t * count + k] - (labels[t] == k ? 1 : 0)
          }
        }
        for k in 0..<count {
          parameters[k] += expected[0, b, k]
          parameters[count + count * count + k] += expected[labels.count - 1, b, k]
        }
        for arc in arcs.indices {
          let uses = zip(labels, labels.dropFirst()).count { $0 * count + $1 == arc }
          parameters[count + arc] += arcs[arc] - Double(uses)
        }
      }
      #expect(scaledError(made.gradient.values, expected.values) <= Self.tolerance)
      #expect(scaledError(gradients.values, parameters) <= Self.tolerance)
      #expect(
        made.value
          == sample.field.loss(
            sample.emissions, labels: sample.labels, parameters: sample.parameters))
    }
  }

  @Test func whatIsForbiddenHasNoGradientAndNoProbability() throws {
    let sample = try Self.tagged()
    var gradients = ParameterStore<Double>(zeros: sample.store.layout)
    let made = sample.field.gradient(
      sample.emissions, labels: sample.labels, parameters: sample.parameters, into: &gradients)
    let transition = Array(gradients.values[sample.field.transition.range])
    // I-A behind O, B-B and I-B; I-B behind O, B-A and I-A; and neither at the start.
    for place in [0 * 5 + 2, 3 * 5 + 2, 4 * 5 + 2, 0 * 5 + 4, 1 * 5 + 4, 2 * 5 + 4] {
      #expect(transition[place] == 0)
    }
    #expect(gradients.values[2] == 0 && gradients.values[4] == 0)
    #expect(transition.count { $0 == 0 } == 6)
    for b in [0, 2, 3, 4] { #expect(made.gradient[0, b, 2] == 0 && made.gradient[0, b, 4] == 0) }
  }

  @Test func pathsAndMarginalsAreThoseOfEveryPath() throws {
    for sample in Self.samples + [try Self.tagged()] {
      let best = sample.field.bestPaths(sample.emissions, parameters: sample.parameters)
      let several = sample.field.bestPaths(4, sample.emissions, parameters: sample.parameters)
      let marginals = sample.field.marginals(sample.emissions, parameters: sample.parameters)
      for b in Self.lengths.indices {
        let naive = sample.naive(b)
        #expect(best[b]?.states == naive.ranked[0].states)
        #expect(several[b].map(\.states) == naive.ranked.prefix(4).map(\.states))
        #expect(
          scaledError(several[b].map(\.score), naive.ranked.prefix(4).map(\.score)) <= Self.tolerance)
        let own = (0..<Self.lengths[b]).flatMap { t in
          (0..<sample.field.labelCount).map { marginals[t, b, $0] }
        }
        #expect(scaledError(own, naive.posterior) <= Self.tolerance)
      }
    }
  }

  @Test func withoutParametersItIsTheSoftmax() {
    var sample = FieldSample<Double>(4, lengths: Self.lengths, seed: 3)
    sample = FieldSample(sample, zeroed: true)
    let rows = SequencePositions.all.rows(lengths: Self.lengths, steps: 5)
    let softmax = Loss.softmaxCrossEntropy().evaluate(
      sample.emissions.gathering(.all), targets: .classes(rows.map { sample.labels[$0 % 5][$0 / 5] }))
    let found = sample.field.loss(
      sample.emissions, labels: sample.labels, parameters: sample.parameters)
    #expect(found.count == softmax.value.count)
    #expect(scaledError([found.sum], [softmax.value.sum]) <= Self.tolerance)
  }

  /// A sequence has the same bits alone, and whatever stands beside it.
  @Test func aBatchChangesNoBit() {
    let sample = FieldSample<Float>(6, lengths: [7, 0, 3, 12, 1, 12], seed: 5)
    var gradients = ParameterStore<Float>(zeros: sample.store.layout)
    let whole = sample.field.gradient(
      sample.emissions, labels: sample.labels, parameters: sample.parameters, into: &gradients)
    for b in sample.labels.indices {
      let alone = sample.field.gradient(
        sample.emissions.sequences(b..<b + 1), labels: [sample.labels[b]], parameters: sample.parameters,
        into: &gradients)
      for t in sample.labels[b].indices {
        for k in 0..<6 { #expect(alone.gradient[t, 0, k] == whole.gradient[t, b, k]) }
      }
    }
  }

  /// Computed in double from the same numbers, so only the results are rounded.
  @Test func inSinglePrecisionOnlyResultsAreRounded() {
    let single = FieldSample<Float>(4, lengths: Self.lengths, seed: 6)
    var gradients = ParameterStore<Float>(zeros: single.store.layout)
    let made = single.field.gradient(
      single.emissions, labels: single.labels, parameters: single.parameters, into: &gradients)
    let sum = single.labels.enumerated().reduce(0.0) { sum, own in
      let naive = single.naive(own.offset)
      return sum + naive.logSum() - naive.logSum { $0 == own.element }
    }
    #expect(scaledError([made.value.sum], [sum]) <= Self.tolerance)
    let states = single.naive(3).posterior
    for (t, label) in single.labels[3].enumerated() {
      for k in 0..<4 {
        // Half a unit of single precision below 1.
        let expected = states[t * 4 + k] - (k == label ? 1 : 0)
        #expect(abs(Double(made.gradient[t, 3, k]) - expected) <= 3e-8)
      }
    }
  }

  /// Scores so far apart that weights fall to zero are computed in logarithms.
  @Test func scoresFarApartAreExact() {
    var sample = FieldSample<Double>(3, lengths: [4, 3], seed: 12)
    sample = FieldSample(sample, scale: 2000)
    for b in 0..<2 {
      let (naive, labels) = (sample.naive(b), sample.labels[b])
      let found = sample.field.loss(
        sample.emissions.sequences(b..<b + 1), labels: [labels], parameters: sample.parameters)
      // Differences of sums of some thousands: 1e-13 of those.
      #expect(abs(found.sum - (naive.logSum() - naive.logSum { $0 == labels })) <= 1e-9)
    }
  }

  @Test func numbersThatAreNoneShow() {
    for value in [Double.nan, .infinity] {
      let sample = FieldSample<Double>(3, lengths: [4, 3], seed: 12)
      var emissions = sample.emissions
      emissions[1, 0, 2] = value
      var gradients = ParameterStore<Double>(zeros: sample.store.layout)
      let made = sample.field.gradient(
        emissions, labels: sample.labels, parameters: sample.parameters, into: &gradients)
      #expect(!made.value.sum.isFinite)
      #expect(!made.gradient[1, 0, 2].isFinite && made.gradient[1, 1, 2].isFinite)
    }
  }

  @Test func labelsAreCheckedBeforeTraining() throws {
    let field = try Self.tagged().field
    func problem(_ labels: [[Int]], _ lengths: [Int]) -> SequenceTargetError? {
      do {
        try field.validate(labels, lengths: lengths)
        return nil
      } catch { return error }
    }
    #expect(problem([[1, 2, 0], []], [3, 0]) == nil)
    #expect(problem([[1]], [1, 2]) == .sequences(found: 1, expected: 2))
    #expect(problem([[], [1, 2]], [0, 3]) == .length(sequence: 1, found: 2, expected: 3))
    #expect(problem([[0, 5]], [2]) == .label(sequence: 0, step: 1, found: 5, count: 5))
    #expect(problem([[2, 0]], [2]) == .forbiddenStart(sequence: 0, label: 2))
    #expect(problem([[0, 2]], [2]) == .forbiddenTransition(sequence: 0, step: 1, from: 0, to: 2))
    let error = SequenceTargetError.forbiddenTransition(sequence: 0, step: 1, from: 0, to: 2)
    #expect(
      "\(error)"
        == "sequence 0, step 1: label 2 behind 0, which the constraints forbid; correct the labels or the constraints"
    )
  }
}

extension FieldSample {
  /// The same with parameters of zero, or with parameters and emissions of another size.
  fileprivate init(_ other: FieldSample, zeroed: Bool = false, scale: Scalar = 1) {
    field = other.field
    var store = other.store
    store.values = store.values.map { zeroed ? 0 : $0 * scale }
    self.store = store
    var emissions = other.emissions
    emissions.values = emissions.values.map { $0 * scale }
    self.emissions = emissions
    labels = other.labels
  }
}
