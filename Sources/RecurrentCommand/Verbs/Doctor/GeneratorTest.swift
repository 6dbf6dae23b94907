internal import RecurrentCore

extension SelfTest {
  /// The counter generator gives the published answers: two of the known-answer vectors for Philox 4×32-10 that its
  /// authors distribute with their library (Salmon et al. 2011, doi:10.1145/2063384.2063405).
  static let generator = SelfTest(name: "random numbers: published answers") { () throws(SelfTestFailure) in
    // All bits zero.
    try expectBlock(
      CounterGenerator(seed: 0, purpose: .initialization), 0,
      [0x6627_E8D5, 0xE169_C58D, 0xBC57_AC4C, 0x9B00_DBD8])
    // The digits of π as counter and key; the counter's highest byte, 3, is this purpose.
    try expectBlock(
      CounterGenerator(seed: 0x299F_31D0_A409_3822, purpose: .check, step: 0x0070_7344_1319_8A2E),
      0x85A3_08D3_243F_6A88, [0xD16C_FE09, 0x94FD_CCEB, 0x5001_E420, 0x2412_6EA1])
    return "2 blocks of Philox 4x32-10 as published"
  }

  private static func expectBlock(
    _ generator: CounterGenerator, _ index: UInt64, _ expected: SIMD4<UInt32>
  ) throws(SelfTestFailure) {
    let found = generator.block(at: index)
    guard found == expected else {
      throw SelfTestFailure("block \(index): found \(found), expected \(expected)")
    }
  }
}
