import Foundation
import RecurrentData
import Testing

@Suite struct NumberTests {
  private func number(_ text: String) throws -> Double {
    try readTable("v\n\(text)\n", TableOptions(header: true)).numbers(in: "v")[0]
  }

  @Test(arguments: [
    "0", "-0", "+7", "1.", ".5", "1e3", "1E-3", "-1.25e+2", "123456789012345", "0.1", "9007199254740993",
    "1e22", "1e23",
    "3.0000000000000001", "1e-400", "2.2250738585072011e-308", "179769313486231570e120",
    "0.000000000000000000000001234",
    "123456789012345678901234567890", "5e-324", "00012.50",
  ])
  func roundsLikeTheCLibrary(_ text: String) throws {
    // The C library rounds correctly; ours must give the same bits.
    #expect(try number(text).bitPattern == strtod(text, nil).bitPattern)
  }

  @Test func randomDecimalsRoundLikeTheCLibrary() throws {
    var generator = TestGenerator(state: 1)
    for _ in 0..<2000 {
      let digits = String(
        UInt64.random(in: 0...(.max), using: &generator) >> UInt64.random(in: 0...60, using: &generator))
      let cut = Int.random(in: 0...digits.count, using: &generator)
      let exponent = Int.random(in: -30...30, using: &generator)
      let text = "\(digits.prefix(cut)).\(digits.dropFirst(cut))e\(exponent)"
      #expect(try number(text).bitPattern == strtod(text, nil).bitPattern, "\(text)")
    }
  }

  @Test(arguments: ["inf", "-Infinity", "+INF", "1e999", "-1e400"])
  func infinityIsAnError(_ text: String) {
    let expected = DataError.column(.notFinite(text: text, column: "v"), at: place(3, 1))
    #expect(failure("v\n1\n\(text)\n") == expected)
  }

  @Test(arguments: ["0x10", "1 000", "1,000", "12abc", "1e", "1e+", "--1", "1.2.3", "e5", ".", "１２"])
  func whatIsNoNumberIsText(_ text: String) {
    // Those with thousands marks are told from other words.
    let fault =
      text.hasSuffix("000")
      ? ColumnFault.markedNumber(text: text, column: "v")
      : .textAmongNumbers(text: text, column: "v", numbers: 2, cells: 3)
    let expected = DataError.column(fault, at: place(3, 1))
    #expect(failure("v;w\n1;1\n\"\(text)\";1\n2;1\n") == expected)
  }
}
