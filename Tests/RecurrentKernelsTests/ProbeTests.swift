import Foundation
import RecurrentTestSupport
import Testing

/// What measures a core must do the work that it claims.
@Suite struct ProbeTests {
  /// The chains count their own steps, lane by lane, so a step or a lane that is lost is lost in the result.
  func checkOperations<T: KernelScalar>(_ type: T.Type) {
    for kernels in everyLevel(of: type) {
      #expect(kernels.probeArithmetic(0) == 0)
      let round = kernels.probeArithmetic(1)
      // 1,024 steps of two operations on vectors of 64 bytes; at least three of them, or latency would be measured.
      let vector = Double(2 * 1024 * (64 / MemoryLayout<T>.size))
      #expect(round >= 3 * vector && round.truncatingRemainder(dividingBy: vector) == 0)
      for rounds in [2, 3, 17] {
        #expect(kernels.probeArithmetic(rounds) == Double(rounds) * round, "level \(kernels.level)")
      }
    }
  }

  @Test func operationsFloat() { checkOperations(Float.self) }
  @Test func operationsDouble() { checkOperations(Double.self) }

  func checkRead<T: KernelScalar>(_ type: T.Type) {
    var generator = SeededGenerator(1)
    for n in [0, 1, 7, 8, 9, 15, 16, 17, 31, 33, 63, 64, 65, 127, 128, 200, 1000, 4099] {
      let x = generator.values(n, of: type, scale: 100)
      for kernels in everyLevel(of: type) {
        #expect(kernels.probeRead(n, x) == NaiveKernels.readSum(x), "n \(n) level \(kernels.level)")
      }
      // Every element once: whole numbers have one sum in any order, below 2²⁴.
      let whole = (0..<n).map { T(1 + $0 % 3) }
      let expected = (0..<n).reduce(0) { $0 + 1 + $1 % 3 }
      for kernels in everyLevel(of: type) { #expect(kernels.probeRead(n, whole) == T(expected)) }
    }
  }

  @Test func readFloat() { checkRead(Float.self) }
  @Test func readDouble() { checkRead(Double.self) }
}
