import Foundation
import RecurrentReports
import Testing

@Suite struct NumberFormatTests {
  @Test(arguments: [
    (3.14159, "3.14"), (2.675, "2.68"), (-2.675, "-2.68"), (0, "0.00"), (-0.0, "0.00"), (-0.004, "0.00"),
    (0.005, "0.01"),
    (999.995, "1,000.00"), (1_234_567.891, "1,234,567.89"), (1e21, "1.00e21"),
    (999_999_999_999_999.5, "999,999,999,999,999.50"), (999_999_999_999_999.999, "1.00e15"),
    (-1.2345e63, "-1.23e63"),
    (.leastNonzeroMagnitude, "0.00"),
    (.nan, "NaN"), (.infinity, "∞"), (-.infinity, "-∞"),
  ]) func fixed(value: Double, text: String) {
    #expect(NumberFormat.fixed(2).grouped.text(value) == text)
  }

  @Test(arguments: [
    (0.0, "0.00"), (0.012345, "0.0123"), (1, "1.00"), (9.996, "10.0"), (12345.6, "12346"),
    (0.00001234, "1.23e-5"),
    (0.000099996, "0.000100"), (1.5e15, "1.50e15"), (-2.5e-300, "-2.50e-300"),
  ]) func significant(value: Double, text: String) {
    #expect(NumberFormat.significant(3).text(value) == text)
  }

  @Test func wholeNumbers() {
    #expect(NumberFormat.fixed(0).text(0.5) == "1")
    #expect(NumberFormat.fixed(0).text(0.4999) == "0")
    #expect(NumberFormat.fixed(0).grouped.text(-1234567) == "-1,234,567")
    #expect(NumberFormat.fixed(0).grouped.text(count: .min) == "-9,223,372,036,854,775,808")
    #expect(NumberFormat.fixed(2).text(count: 12345) == "12345")
    #expect(NumberFormat.fixed(2).text(3) == "3.00")
    #expect(NumberFormat.scientific(2).text(12345) == "1.23e4")
    #expect(NumberFormat.scientific(0).text(0) == "0e0")
  }

  /// Random bit patterns: `shortest` reads back as the same number, and rounding is within half a unit of the last
  /// digit by the C library's own reading.
  @Test func randomValuesAgreeWithTheCLibrary() throws {
    var state: UInt64 = 99
    for _ in 0..<20_000 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let value = Double(bitPattern: state ^ (state >> 29))
      guard value.isFinite else { continue }
      #expect(Double(NumberFormat.shortest.text(value)) == value)
      let small = value.magnitude.truncatingRemainder(dividingBy: 1000)
      let text = NumberFormat.fixed(3).text(small)
      // Half a unit, and the error of the subtraction.
      #expect(abs(try #require(Double(text)) - small) <= 0.0005 + 1e-12, "\(small) \(text)")
      // Only in a tie of the shortest decimal may the last digit differ from printf.
      let expected = String(format: "%.3f", small)
      let isTie = NumberFormat.shortest.text(small * 10000).hasSuffix("5")
      #expect(text == expected || isTie, "\(small): \(text) and \(expected)")
      let digits = NumberFormat.scientific(4).text(value)
      #expect(
        abs(try #require(Double(digits)) / value - 1) <= 0.5e-4 * (1 + 1e-9) || value.magnitude < 1e-300)
    }
  }
}
