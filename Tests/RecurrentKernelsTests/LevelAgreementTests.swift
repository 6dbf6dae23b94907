import CRecurrentKernels
import RecurrentTestSupport
import Testing

/// Every kernel at every level on the same numbers: the fused levels agree to the bit, the portable one to rounding.
/// Buffers carry a guard behind the result, so a write past the end is a difference too.
@Suite struct LevelAgreementTests {
  struct Call<T: KernelScalar> {
    let name: String
    /// Inputs are drawn from the generator; every array that a kernel writes is part of the result.
    let run: (KernelTable<T>, Int, inout SeededGenerator) -> [T]
  }

  static func elementwiseCalls<T: KernelScalar>(_ type: T.Type) -> [Call<T>] {
    var calls = [
      Call<T>(name: "exp") { kernels, n, generator in
        let x = generator.values(n, of: T.self, scale: 20)
        return written(n) { kernels.exp(n, x, $0) }
      },
      Call<T>(name: "add scale hadamard") { kernels, n, generator in
        let (a, b) = (generator.values(n, of: T.self), generator.values(n, of: T.self))
        return written(n, start: a) {
          kernels.add(n, b, $0)
          kernels.scale(n, 1.7, $0)
          kernels.hadamard(n, $0, b, $0)
        }
      },
      Call<T>(name: "sum of squares") { kernels, n, generator in
        let x = generator.values(n, of: T.self)
        // All 53 bits, as two numbers that Float holds exactly enough to see a change in either.
        var lanes = kernels.squareLanes
        let sum = kernels.sumOfSquares(n, x, &lanes)
        let high = T(Float(sum))
        return [high, T(sum - Double(high))]
      },
      Call<T>(name: "read") { kernels, n, generator in
        [kernels.probeRead(n, generator.values(n, of: T.self))]
      },
      Call<T>(name: "log softmax") { kernels, n, generator in
        let x = generator.values(3 * n, of: T.self, scale: 30)
        return written(3 * n) { kernels.logSoftmax(3, n, x, $0) }
      },
    ]
    for kind in [RK_IDENTITY, RK_TANH, RK_SIGMOID, RK_RELU] {
      calls.append(
        Call<T>(name: "activation \(kind) and gradients") { kernels, n, generator in
          let x = generator.values(n, of: T.self, scale: 8)
          let (dy, dh) = (generator.values(n, of: T.self), generator.values(n, of: T.self))
          let y = written(n) { kernels.activation(Int32(kind), n, x, $0) }
          let dx = written(n) { kernels.activationGradient(Int32(kind), n, y, dy, $0) }
          return y + dx + written(n) { kernels.rnnGradient(Int32(kind), n, y, dy, dh, $0) }
        })
    }
    return calls
  }

  static func cellCalls<T: KernelScalar>(_ type: T.Type) -> [Call<T>] {
    [
      Call<T>(name: "lstm and gradient") { kernels, h, generator in
        func draw(_ count: Int) -> [T] { generator.values(count, of: T.self, scale: 3) }
        let (before, dy, dh) = (draw(2 * h), draw(2 * h), draw(2 * h))
        var c: [T] = []
        var y: [T] = []
        let gates = written(8 * h, start: draw(8 * h)) { gates in
          y = written(2 * h) { y in c = written(2 * h) { kernels.lstm(2, h, h, gates, before, $0, y) } }
        }
        var dc: [T] = []
        let da = written(8 * h) { da in
          dc = written(2 * h, start: before) {
            kernels.lstmGradient(2, h, h, gates, before, c, dy, dh, $0, da)
          }
        }
        return gates + c + y + dc + da
      },
      Call<T>(name: "gru after and gradient") { kernels, h, generator in
        func draw(_ count: Int) -> [T] { generator.values(count, of: T.self, scale: 3) }
        let (before, q, dy) = (draw(2 * h), draw(2 * h), draw(2 * h))
        var y: [T] = []
        let gates = written(6 * h, start: draw(6 * h)) { gates in
          y = written(2 * h) { kernels.gruAfter(2, h, h, gates, q, before, $0) }
        }
        var dh: [T] = []
        var dq: [T] = []
        let da = written(6 * h) { da in
          dq = written(2 * h) { dq in
            dh = written(2 * h, start: q) {
              kernels.gruAfterGradient(2, h, h, gates, q, before, dy, $0, da, dq)
            }
          }
        }
        return gates + y + dh + da + dq
      },
      Call<T>(name: "gru before and gradient") { kernels, h, generator in
        func draw(_ count: Int) -> [T] { generator.values(count, of: T.self, scale: 3) }
        let (before, drh, dy) = (draw(2 * h), draw(2 * h), draw(2 * h))
        var y: [T] = []
        var rh: [T] = []
        let gates = written(6 * h, start: draw(6 * h)) { gates in
          rh = written(2 * h) { kernels.gruBeforeReset(2, h, h, gates, before, $0) }
          y = written(2 * h) { kernels.gruBeforeOutput(2, h, h, gates, before, $0) }
        }
        var dh: [T] = []
        let da = written(6 * h) { da in
          dh = written(2 * h, start: drh) {
            kernels.gruBeforeOutputGradient(2, h, h, gates, before, dy, $0, da)
            kernels.gruBeforeResetGradient(2, h, h, gates, before, drh, $0, da)
          }
        }
        return gates + y + rh + dh + da
      },
    ]
  }

  static func updateCalls<T: KernelScalar>(_ type: T.Type) -> [Call<T>] {
    [
      Call<T>(name: "sgd") { kernels, n, generator in
        let (g, p) = (generator.values(n, of: T.self), generator.values(n, of: T.self))
        var v = generator.values(n, of: T.self)
        return written(n, start: p) { p in
          v = written(n, start: v) { kernels.sgd(n, 0.1, 0.9, 1, 0, 0.01, 0.5, g, $0, p) }
        } + v
      },
      Call<T>(name: "rmsprop") { kernels, n, generator in
        let (g, p) = (generator.values(n, of: T.self), generator.values(n, of: T.self))
        let squares = generator.values(n, of: T.self).map { $0 * $0 }
        var s: [T] = []
        var v = generator.values(n, of: T.self)
        let updated = written(n, start: p) { p in
          s = written(n, start: squares) { s in
            v = written(n, start: v) { kernels.rmsprop(n, 0.1, 0.9, 1e-6, 0.5, 0.01, 2, g, s, $0, p) }
          }
        }
        return updated + s + v
      },
      Call<T>(name: "adam") { kernels, n, generator in
        let (g, p) = (generator.values(n, of: T.self), generator.values(n, of: T.self))
        let squares = generator.values(n, of: T.self).map { $0 * $0 }
        var m = generator.values(n, of: T.self)
        var s: [T] = []
        let updated = written(n, start: p) { p in
          s = written(n, start: squares) { s in
            m = written(n, start: m) {
              kernels.adam(n, 0.1, 0.9, 0.99, 1e-6, 0.01, Int32(n % 2), 0.3, 0.2, 0.5, g, $0, s, p)
            }
          }
        }
        return updated + s + m
      },
    ]
  }

  /// Seven steps of a chain of as many states as the size says.
  static func chainCalls<T: KernelScalar>(_ type: T.Type) -> [Call<T>] {
    [
      Call<T>(name: "chain forward and backward") { kernels, k, _ in
        let numbers = ChainNumbers<T>(ChainCase(states: k, steps: 7, flags: k))
        guard let forward = numbers.forward(kernels, keeps: true),
          let back = numbers.backward(kernels, alpha: forward.alpha)
        else { return [] }
        // Between rows of the posterior stands NaN.
        return forward.alpha + forward.sums + back.after + (back.alpha ?? []) + (back.q ?? [])
          + back.gamma.filter { !$0.isNaN }
      },
      Call<T>(name: "chain best and trace") { kernels, k, _ in
        let numbers = ChainNumbers<T>(ChainCase(states: k, steps: 7, flags: k))
        let scores = written(7 * numbers.width) {
          kernels.chainBest(
            7, k, numbers.scores, numbers.width, numbers.initialScores, nil, numbers.weights.rows,
            numbers.weights.stride, numbers.weights.index, 1, $0)
        }
        var path = [Int32](repeating: 0, count: 7)
        if !scores.isEmpty {
          _ = kernels.chainTrace(7, k, numbers.transposedScores, numbers.width, scores, 0, &path)
        }
        // Infinities have no difference.
        return scores.map { max($0, -1000) } + path.map { T($0) }
      },
    ]
  }

  /// A buffer of `count` elements and a guard that no kernel may touch, after `body` has written to it.
  static func written<T: KernelScalar>(
    _ count: Int, start: [T]? = nil, _ body: (UnsafeMutablePointer<T>) -> Void
  ) -> [T] {
    var buffer = (start.map { Array($0[..<count]) } ?? [T](repeating: 5, count: count)) + [9, 9, 9, 9]
    buffer.withUnsafeMutableBufferPointer { body($0.baseAddress!) }
    return buffer.suffix(4) == [9, 9, 9, 9] ? Array(buffer[..<count]) : []
  }

  func failures<T: KernelScalar>(_ calls: [Call<T>], tolerance: Double) -> [String] {
    var failures: [String] = []
    for call in calls {
      for size in 1...70 {
        let results = everyLevel(of: T.self).map { kernels in
          var generator = SeededGenerator(UInt64(size))
          return (kernels, call.run(kernels, size, &generator))
        }
        let oracle = results.last!.1
        for (kernels, result) in results {
          let failure =
            kernels.isFused ? difference(result, oracle) : difference(result, oracle, tolerance: tolerance)
          if let failure { failures.append("\(call.name) level \(kernels.level) size \(size): \(failure)") }
        }
      }
    }
    return failures
  }

  // Tolerance of the portable level: a handful of roundings of numbers below 60, where 2^-24 (2^-53) of a number near
  // 60 is 3.6e-6 (6.7e-15).
  @Test func elementwiseFloat() {
    #expect(failures(Self.elementwiseCalls(Float.self), tolerance: 1e-5).prefix(3) == [])
  }
  @Test func elementwiseDouble() {
    #expect(failures(Self.elementwiseCalls(Double.self), tolerance: 2e-14).prefix(3) == [])
  }
  @Test func cellsFloat() { #expect(failures(Self.cellCalls(Float.self), tolerance: 1e-5).prefix(3) == []) }
  @Test func cellsDouble() {
    #expect(failures(Self.cellCalls(Double.self), tolerance: 2e-14).prefix(3) == [])
  }
  @Test func chainsFloat() { #expect(failures(Self.chainCalls(Float.self), tolerance: 1e-5).prefix(3) == []) }
  @Test func chainsDouble() {
    #expect(failures(Self.chainCalls(Double.self), tolerance: 2e-14).prefix(3) == [])
  }
  @Test func updatesFloat() {
    #expect(failures(Self.updateCalls(Float.self), tolerance: 1e-5).prefix(3) == [])
  }
  @Test func updatesDouble() {
    #expect(failures(Self.updateCalls(Double.self), tolerance: 2e-14).prefix(3) == [])
  }
}
