import RecurrentData
import Testing

/// Numbers written for people, which are words to the reader.
@Suite struct MarkedNumberTests {
  @Test(arguments: [
    "2,005.68", "1.100,28", "1 100,28", "1'100.28", "1’100", "-1,234,567.8", "1\u{202F}100", "€100.28",
    "100.28 €",
    "100.28%", "$1,000", "12 kWh", "12,5 °C", "3 m3", "5 m/s", "1 000 000 EUR",
  ]) func areRecognised(_ text: String) {
    #expect(MarkedNumber.matches(text))
  }

  @Test(arguments: [
    "", "12", "1.5", "warm", "12a", "2021-03-01", "12:30", "1,10,100", "10.13.45.1", "1,00", "A 100", "€",
    "%", "m3",
    "1,000.500.2", "1.000,", "5 apples",
  ]) func otherWordsAreNot(_ text: String) {
    #expect(!MarkedNumber.matches(text))
  }

  @Test func theErrorSaysToWriteThemPlainly() throws {
    func fault(_ text: String, _ line: Int) -> DataError {
      .column(.markedNumber(text: text, column: "v"), at: place(line, 1))
    }
    // A column of them, and one among numbers.
    let table = try readTable("v;w\n1.100,28;1\n1.200,5;2\n")
    #expect(throws: fault("1.100,28", 2)) { try table.numbers(in: "v") }
    #expect(failure("v;w\n950.5;1\n960;2\n1,100.28;3\n") == fault("1,100.28", 4))
    #expect(fault("1,100.28", 4).description.contains("without thousands marks and units"))
    // Alone, a comma may be either mark.
    let either = try #require(failure("v;w\n1,100;1\n1,200;2\n")).description
    #expect(either.contains("--decimal-comma") && either.contains("if it marks thousands"))
    // A column of words stays one.
    let words = try readTable("v,w\nNW,1\nSE,2\n12 kWh,3\n")
    #expect(throws: DataError.column(.notNumeric(column: "v", text: "NW"), at: place(2, 1))) {
      try words.numbers(in: "v")
    }
  }
}
