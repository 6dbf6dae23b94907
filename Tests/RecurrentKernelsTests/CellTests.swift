import CRecurrentKernels
import RecurrentTestSupport
import Testing

/// The cell kernels against their equations, and their adjoints against central differences of the forward kernels.
@Suite struct CellTests {
  // Sizes with and without tails; rows so that a wrong row stride is seen.
  static let sizes = [(rows: 1, h: 1), (rows: 3, h: 2), (rows: 2, h: 8), (rows: 3, h: 13)]

  // Forward tolerance, a few roundings of numbers below 4: 8 units of 2^-53.
  let forwardTolerance = 8 * 0x1p-53

  /// Row r of a matrix with rows of `width` numbers.
  func row(_ r: Int, _ width: Int, of values: [Double]) -> [Double] {
    Array(values[r * width..<(r + 1) * width])
  }

  @Test(arguments: sizes) func lstmFollowsItsEquations(rows: Int, h: Int) {
    var generator = SeededGenerator(21)
    let pre = generator.values(rows * 4 * h, of: Double.self, scale: 3)
    let before = generator.values(rows * h, of: Double.self, scale: 2)
    for kernels in everyLevel(of: Double.self) {
      var gates = pre
      var (c, y) = ([Double](repeating: 0, count: rows * h), [Double](repeating: 0, count: rows * h))
      kernels.lstm(rows, h, h, &gates, before, &c, &y)
      var (expectedGates, expectedC, expectedY): ([Double], [Double], [Double]) = ([], [], [])
      for r in 0..<rows {
        let twin = NaiveGates.lstm(row(r, 4 * h, of: pre), cell: row(r, h, of: before))
        expectedGates += twin.gates
        expectedC += twin.cell
        expectedY += twin.hidden
      }
      #expect(difference(gates, expectedGates, tolerance: forwardTolerance) == nil)
      #expect(difference(c, expectedC, tolerance: forwardTolerance) == nil)
      #expect(difference(y, expectedY, tolerance: forwardTolerance) == nil)
      var inPlace = before
      gates = pre
      inPlace.withUnsafeMutableBufferPointer { c in  // c may be c_before
        kernels.lstm(rows, h, h, &gates, UnsafePointer(c.baseAddress), c.baseAddress, &y)
      }
      #expect(difference(inPlace, c) == nil)
    }
  }

  @Test(arguments: sizes) func gruFollowsItsEquations(rows: Int, h: Int) {
    var generator = SeededGenerator(22)
    let pre = generator.values(rows * 3 * h, of: Double.self, scale: 3)
    let before = generator.values(rows * h, of: Double.self, scale: 2)
    let q = generator.values(rows * h, of: Double.self, scale: 2)
    for kernels in everyLevel(of: Double.self) {
      var (after, beforeForm) = (pre, pre)
      let zeros = [Double](repeating: 0, count: rows * h)
      var (yAfter, yBefore, rh) = (zeros, zeros, zeros)
      kernels.gruAfter(rows, h, h, &after, q, before, &yAfter)
      kernels.gruBeforeReset(rows, h, h, &beforeForm, before, &rh)
      kernels.gruBeforeOutput(rows, h, h, &beforeForm, before, &yBefore)
      var (expectedAfter, expectedBefore, expectedRH): ([Double], [Double], [Double]) = ([], [], [])
      for r in 0..<rows {
        let (a, hidden) = (row(r, 3 * h, of: pre), row(r, h, of: before))
        expectedAfter += NaiveGates.gru(a, q: row(r, h, of: q), hidden: hidden).hidden
        expectedBefore += NaiveGates.gru(a, q: nil, hidden: hidden).hidden
        expectedRH += NaiveGates.resetHidden(a, hidden: hidden)
      }
      #expect(difference(yAfter, expectedAfter, tolerance: forwardTolerance) == nil)
      #expect(difference(yBefore, expectedBefore, tolerance: forwardTolerance) == nil)
      #expect(difference(rh, expectedRH, tolerance: forwardTolerance) == nil)
    }
  }

  // MARK: Adjoints

  /// d loss / d inputs[...] by central differences. The error is about step^2 |f'''| / 6 + 2^-53 |f| / step: with a step
  /// of 2^-17 and values of order 1, near 1e-11 each; sums of up to 39 terms stay below 1e-9.
  func numericalGradient(_ inputs: [Double], loss: ([Double]) -> Double) -> [Double] {
    inputs.indices.map { index in
      var (up, down) = (inputs, inputs)
      up[index] += 0x1p-17
      down[index] -= 0x1p-17
      return (loss(up) - loss(down)) / 0x1p-16
    }
  }
  let gradientTolerance = 1e-9

  func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }

  @Test(arguments: sizes) func lstmGradient(rows: Int, h: Int) {
    let n = rows * h
    var generator = SeededGenerator(23)
    let pre = generator.values(4 * n, of: Double.self, scale: 2)
    let before = generator.values(n, of: Double.self)
    let (dy, dh) = (generator.values(n, of: Double.self), generator.values(n, of: Double.self))
    let dcFuture = generator.values(n, of: Double.self)
    for kernels in everyLevel(of: Double.self) {
      var gates = pre
      var (c, y) = ([Double](repeating: 0, count: n), [Double](repeating: 0, count: n))
      func forward(_ inputs: [Double]) {
        gates = Array(inputs[..<(4 * n)])
        kernels.lstm(rows, h, h, &gates, Array(inputs[(4 * n)...]), &c, &y)
      }
      let expected = numericalGradient(pre + before) {
        forward($0)
        return dot(dy, y) + dot(dh, y) + dot(dcFuture, c)
      }
      forward(pre + before)
      var dc = dcFuture
      var da = [Double](repeating: .nan, count: 4 * n)
      kernels.lstmGradient(rows, h, h, gates, before, c, dy, dh, &dc, &da)
      #expect(difference(da + dc, expected, tolerance: gradientTolerance) == nil, "level \(kernels.level)")
    }
  }

  @Test(arguments: sizes) func gruAfterGradient(rows: Int, h: Int) {
    let n = rows * h
    var generator = SeededGenerator(24)
    let pre = generator.values(3 * n, of: Double.self, scale: 2)
    let (q, before) = (generator.values(n, of: Double.self), generator.values(n, of: Double.self))
    let (dy, dhFuture) = (generator.values(n, of: Double.self), generator.values(n, of: Double.self))
    for kernels in everyLevel(of: Double.self) {
      var gates = pre
      var y = [Double](repeating: 0, count: n)
      func forward(_ inputs: [Double]) {
        gates = Array(inputs[..<(3 * n)])
        kernels.gruAfter(rows, h, h, &gates, Array(inputs[(3 * n)..<(4 * n)]), Array(inputs[(4 * n)...]), &y)
      }
      let expected = numericalGradient(pre + q + before) {
        forward($0)
        return dot(dy, y) + dot(dhFuture, y)
      }
      forward(pre + q + before)
      var dh = dhFuture
      var da = [Double](repeating: .nan, count: 3 * n)
      var dq = [Double](repeating: .nan, count: n)
      kernels.gruAfterGradient(rows, h, h, gates, q, before, dy, &dh, &da, &dq)
      #expect(
        difference(da + dq + dh, expected, tolerance: gradientTolerance) == nil, "level \(kernels.level)")
    }
  }

  /// With U_n the identity, so that a_n = a_n' + r h_before: the gradient of the product is the product's gradient.
  @Test(arguments: sizes) func gruBeforeGradient(rows: Int, h: Int) {
    let n = rows * h
    var generator = SeededGenerator(25)
    let pre = generator.values(3 * n, of: Double.self, scale: 2)
    let before = generator.values(n, of: Double.self)
    let (dy, dhFuture) = (generator.values(n, of: Double.self), generator.values(n, of: Double.self))
    for kernels in everyLevel(of: Double.self) {
      var gates = pre
      var y = [Double](repeating: 0, count: n)
      func forward(_ inputs: [Double]) {
        gates = Array(inputs[..<(3 * n)])
        let before = Array(inputs[(3 * n)...])
        var rh = y
        kernels.gruBeforeReset(rows, h, h, &gates, before, &rh)
        for k in 0..<n { gates[k / h * 3 * h + 2 * h + k % h] += rh[k] }
        kernels.gruBeforeOutput(rows, h, h, &gates, before, &y)
      }
      let expected = numericalGradient(pre + before) {
        forward($0)
        return dot(dy, y) + dot(dhFuture, y)
      }
      forward(pre + before)
      var dh = dhFuture
      var da = [Double](repeating: .nan, count: 3 * n)
      kernels.gruBeforeOutputGradient(rows, h, h, gates, before, dy, &dh, &da)
      let drh = (0..<n).map { da[$0 / h * 3 * h + 2 * h + $0 % h] }
      kernels.gruBeforeResetGradient(rows, h, h, gates, before, drh, &dh, &da)
      #expect(difference(da + dh, expected, tolerance: gradientTolerance) == nil, "level \(kernels.level)")
    }
  }

  @Test(arguments: [RK_IDENTITY, RK_TANH, RK_SIGMOID, RK_RELU]) func activationGradients(_ kind: Int) {
    let n = 21
    var generator = SeededGenerator(26)
    // relu has a corner at 0, where a difference quotient means nothing
    let x = generator.values(n, of: Double.self, scale: 2).filter { abs($0) > 1e-3 }
    let (dy, dh) = (generator.values(n, of: Double.self), generator.values(n, of: Double.self))
    for kernels in everyLevel(of: Double.self) {
      var y = x
      func forward(_ inputs: [Double]) { kernels.activation(Int32(kind), inputs.count, inputs, &y) }
      let total = numericalGradient(x) {
        forward($0)
        return dot(dy, y) + dot(dh, y)
      }
      let single = numericalGradient(x) {
        forward($0)
        return dot(dy, y)
      }
      forward(x)
      var (da, dx) = (x, x)
      kernels.rnnGradient(Int32(kind), x.count, y, dy, dh, &da)
      kernels.activationGradient(Int32(kind), x.count, y, dy, &dx)
      #expect(difference(da, total, tolerance: gradientTolerance) == nil, "level \(kernels.level)")
      #expect(difference(dx, single, tolerance: gradientTolerance) == nil, "level \(kernels.level)")
    }
  }
}
