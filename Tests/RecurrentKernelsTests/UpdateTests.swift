import RecurrentTestSupport
import Testing

/// The parameter updates against their formulas, one element at a time in Double, over three steps.
@Suite struct UpdateTests {
  let n = 13

  // The kernels fuse products that the formulas round: a few units of 2^-53 of numbers below 4 per step.
  let tolerance = 1e-14

  func inputs(_ seed: UInt64) -> (p: [Double], gradients: [[Double]]) {
    var generator = SeededGenerator(seed)
    return (generator.values(n, of: Double.self), (0..<3).map { _ in generator.values(n, of: Double.self) })
  }

  @Test(arguments: [(0.0, false), (0.9, false), (0.9, true)])
  func sgd(momentum: Double, nesterov: Bool) {
    let (start, gradients) = inputs(31)
    let (rate, decay, scale) = (0.1, 0.01, 0.5)
    for kernels in everyLevel(of: Double.self) {
      var (p, expected) = (start, start)
      var v = [Double](repeating: .nan, count: n)
      let naive = NaiveSGD(momentum: momentum, nesterov: nesterov, weightDecay: decay)
      var twins = [NaiveSGD](repeating: naive, count: n)
      for (step, gradient) in gradients.enumerated() {
        if momentum == 0 {
          kernels.sgd(n, rate, 0, 0, step == 0 ? 1 : 0, decay, scale, gradient, nil, &p)
        } else {
          kernels.sgd(n, rate, momentum, nesterov ? 1 : 0, step == 0 ? 1 : 0, decay, scale, gradient, &v, &p)
        }
        for i in 0..<n {
          expected[i] = twins[i].moved(expected[i], gradient: scale * gradient[i], rate: rate)
        }
      }
      #expect(difference(p, expected, tolerance: tolerance) == nil, "level \(kernels.level)")
      if momentum != 0 { #expect(difference(v, twins.compactMap(\.velocity), tolerance: tolerance) == nil) }
    }
  }

  @Test(arguments: [0.0, 0.7]) func rmsprop(momentum: Double) {
    let (start, gradients) = inputs(32)
    let (rate, alpha, epsilon, decay, scale) = (0.01, 0.9, 1e-3, 0.01, 2.0)
    for kernels in everyLevel(of: Double.self) {
      let zeros = [Double](repeating: 0, count: n)
      var (p, s, v) = (start, zeros, zeros)
      let naive = NaiveRMSprop(alpha: alpha, epsilon: epsilon, momentum: momentum, weightDecay: decay)
      var (expected, twins) = (start, [NaiveRMSprop](repeating: naive, count: n))
      for gradient in gradients {
        kernels.rmsprop(n, rate, alpha, epsilon, momentum, decay, scale, gradient, &s, &v, &p)
        for i in 0..<n {
          expected[i] = twins[i].moved(expected[i], gradient: scale * gradient[i], rate: rate)
        }
      }
      #expect(difference(p, expected, tolerance: tolerance) == nil, "level \(kernels.level)")
      #expect(difference(s, twins.map(\.square), tolerance: tolerance) == nil)
      #expect(difference(v, momentum > 0 ? twins.map(\.velocity) : zeros, tolerance: tolerance * 100) == nil)
    }
  }

  @Test(arguments: [false, true]) func adam(decoupled: Bool) {
    let (start, gradients) = inputs(33)
    let (rate, b1, b2, epsilon, decay, scale) = (0.01, 0.9, 0.99, 1e-6, 0.1, 0.5)
    for kernels in everyLevel(of: Double.self) {
      let zeros = [Double](repeating: 0, count: n)
      var (p, m, s) = (start, zeros, zeros)
      let naive = NaiveAdam(
        beta1: b1, beta2: b2, epsilon: epsilon, weightDecay: decay, isDecoupled: decoupled)
      var (expected, twins) = (start, [NaiveAdam](repeating: naive, count: n))
      var (correction1, correction2) = (1.0, 1.0)
      for gradient in gradients {
        correction1 *= b1
        correction2 *= b2
        kernels.adam(
          n, rate, b1, b2, epsilon, decay, decoupled ? 1 : 0, 1 - correction1, 1 - correction2, scale,
          gradient,
          &m, &s, &p)
        for i in 0..<n {
          expected[i] = twins[i].moved(expected[i], gradient: scale * gradient[i], rate: rate)
        }
      }
      #expect(difference(p, expected, tolerance: tolerance) == nil, "level \(kernels.level)")
      #expect(difference(m + s, twins.map(\.mean) + twins.map(\.square), tolerance: tolerance) == nil)
    }
  }

  /// A gradient that is not a number marks its own parameter and no other.
  @Test func nanMarksItsParameter() {
    let (start, gradients) = inputs(34)
    var gradient = gradients[0]
    gradient[4] = .nan
    for kernels in everyLevel(of: Double.self) {
      var p = start
      kernels.sgd(n, 0.1, 0, 0, 1, 0, 1, gradient, nil, &p)
      #expect(p.indices.filter { p[$0].isNaN } == [4])
      var (m, s) = ([Double](repeating: 0, count: n), [Double](repeating: 0, count: n))
      p = start
      kernels.adam(n, 0.1, 0.9, 0.99, 1e-8, 0, 0, 0.1, 0.01, 1, gradient, &m, &s, &p)
      #expect(p.indices.filter { p[$0].isNaN } == [4])
    }
  }
}
