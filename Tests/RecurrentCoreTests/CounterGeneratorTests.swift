import RecurrentCore
import Testing

@Suite("Counter-based random numbers")
struct CounterGeneratorTests {
  /// Known-answer vectors that Philox's authors distribute with their library (Salmon et al. 2011): all bits zero, and
  /// the digits of π as counter and key.
  @Test("published answers")
  func knownAnswers() {
    let zeros = CounterGenerator(seed: 0, purpose: .initialization)
    #expect(zeros.block(at: 0) == [0x6627_E8D5, 0xE169_C58D, 0xBC57_AC4C, 0x9B00_DBD8])
    let digits = CounterGenerator(seed: 0x299F_31D0_A409_3822, purpose: .check, step: 0x0070_7344_1319_8A2E)
    #expect(digits.block(at: 0x85A3_08D3_243F_6A88) == [0xD16C_FE09, 0x94FD_CCEB, 0x5001_E420, 0x2412_6EA1])
  }

  @Test("a draw does not depend on what was drawn before")
  func positions() {
    var generator = CounterGenerator(seed: 7, purpose: .sampling, step: 3)
    let drawn = (0..<10).map { _ in generator.next() }
    #expect(drawn == (0..<10).map { CounterGenerator(seed: 7, purpose: .sampling, step: 3).word(at: $0) })
    #expect(drawn != (0..<10).map { CounterGenerator(seed: 7, purpose: .dropout, step: 3).word(at: $0) })
    #expect(drawn != (0..<10).map { CounterGenerator(seed: 7, purpose: .sampling, step: 4).word(at: $0) })
  }

  @Test(
    "a permutation holds every number once, and another epoch another order", arguments: [0, 1, 2, 17, 1000])
  func permutation(_ count: Int) {
    let order = CounterGenerator(seed: 1, purpose: .shuffle, step: 0).permutation(count)
    #expect(order.sorted() == Array(0..<count))
    if count > 10 {
      #expect(order != CounterGenerator(seed: 1, purpose: .shuffle, step: 1).permutation(count))
    }
  }

  /// Every place must be taken by every number about equally often: χ² of 8 × 8 counts has 49 degrees of freedom; 100 is
  /// exceeded once in 40,000 seeds.
  @Test("permutations are uniform")
  func permutationsAreUniform() {
    let draws = 4000
    var counts = [[Int]](repeating: [Int](repeating: 0, count: 8), count: 8)
    for epoch in 0..<draws {
      let order = CounterGenerator(seed: 2, purpose: .shuffle, step: UInt64(epoch)).permutation(8)
      for (place, number) in order.enumerated() { counts[place][number] += 1 }
    }
    let expected = Double(draws) / 8
    let statistic = counts.joined().reduce(0.0) {
      $0 + (Double($1) - expected) * (Double($1) - expected) / expected
    }
    #expect(statistic < 100)
  }
}
