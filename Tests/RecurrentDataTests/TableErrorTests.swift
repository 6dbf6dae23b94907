import RecurrentData
import Testing

@Suite struct TableErrorTests {
  /// Lines above a header are at fault, and not the rows that differ from them.
  @Test func linesAboveTheHeader() {
    func fault(_ count: Int, _ cells: Int, _ expected: Int) -> DataError {
      .text(.otherFirstLines(count: count, cells: cells, expected: expected), at: place(1))
    }
    let rows = "a,b\n1,2\n3,4\n5,6\n"
    #expect(failure("# by meter\n" + rows) == fault(1, 1, 2))
    #expect(failure("# by meter\n" + rows.replacing(",", with: ";")) == fault(1, 1, 2))
    #expect(failure("# by meter\n\n# in W\n" + rows) == fault(3, 1, 2))
    // A header that does not name the column of row names.
    #expect(failure("a,b\n1,2,3\n2,3,4\n3,4,5\n") == fault(1, 2, 3))
    #expect(fault(1, 1, 2).description.contains("remove what stands above the header"))
    // As many rows of one kind as of the other, and a row between others.
    #expect(failure("a,b\n1,2\n1,2,3\n") == .text(.ragged(cells: 3, expected: 2), at: place(3)))
    #expect(failure("a,b\n1,2,3\n1,2\n1,2\n") == .text(.ragged(cells: 3, expected: 2), at: place(2)))
  }

  /// `2023-01` in a header makes it look like a row.
  @Test func aHeaderThatIsReadAsARow() throws {
    let text = "load,2023-01\n1,2\n3,4\n"
    let fault = DataError.column(.textAboveNumbers(text: "load", column: "column1"), at: place(1, 1))
    #expect(failure(text) == fault)
    #expect(fault.description.contains("--header yes"))
    #expect(!fault.description(options: []).contains("--"))
    #expect(try readTable(text, TableOptions(header: true)).numbers(in: "load") == [1, 3])
    let unknown = #expect(throws: DataError.self) { _ = try readTable("1,2\n3,4\n").column(named: "load") }
    #expect(try #require(unknown).description.contains("--header yes"))
  }

  @Test func nothingThere() {
    for text in ["", "\n", "\r\n\r\n", "\u{FEFF}"] {
      #expect(failure(text) == .text(.empty, at: DataError.Place("t.csv")), "\(text.debugDescription)")
    }
    #expect(failure("a,b\n") == .text(.headerOnly, at: DataError.Place("t.csv")))
  }

  @Test func raggedRows() {
    #expect(failure("a,b,c\n1,2,3\n4,5\n") == .text(.ragged(cells: 2, expected: 3), at: place(3)))
    #expect(failure("a,b\n1,2\n3,4,5\n") == .text(.ragged(cells: 3, expected: 2), at: place(3)))
    #expect(failure("a,b\n\"x\ny\",2\n3\n") == .text(.ragged(cells: 1, expected: 2), at: place(4)))
    #expect(failure("a,b\n1,2\n\n3,4\n") == .text(.emptyLine, at: place(3)))
  }

  @Test func quotes() {
    #expect(failure("a,b\n1,\"2\n3,4\n") == .text(.unterminatedQuote, at: place(2, 3)))
    #expect(failure("a,b\n1,5\" pipe\n") == .text(.strayQuote, at: place(2, 4)))
    #expect(
      failure("a,b\n1,\"2\"x\n", TableOptions(delimiter: .comma)) == .text(.textAfterQuote, at: place(2, 6)))
  }

  @Test func encodings() {
    #expect(
      failure([0x61, 0x2C, 0x62, 0x0A, 0x31, 0x2C, 0xE9, 0x0A])
        == .text(.notUTF8(byte: 0xE9), at: place(2, 3)))
    #expect(failure([0xFF, 0xFE, 0x61, 0x00]) == .text(.utf16, at: DataError.Place("t.csv")))
    #expect(failure([0x61, 0x0A, 0x31, 0x00]) == .text(.nulByte, at: place(2, 2)))
    // A column counts letters, not bytes.
    #expect(failure(Array("é,b\nüü,".utf8) + [0xC3]) == .text(.notUTF8(byte: 0xC3), at: place(2, 4)))
  }

  @Test(
    arguments: [
      [0xC0, 0x80], [0xC1, 0xBF], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xF0, 0x80, 0x80, 0x80],
      [0xF4, 0x90, 0x80, 0x80],
      [0xF5, 0x80, 0x80, 0x80], [0x80], [0xE2, 0x82], [0xF0, 0x9F, 0x98],
    ] as [[UInt8]])
  func illFormedUTF8(_ bytes: [UInt8]) {
    // The standard library's own decoder is the judge of what is ill-formed.
    #expect(String(validating: bytes, as: UTF8.self) == nil)
    #expect(
      failure(Array("a,b\n1,".utf8) + bytes + [0x0A]) == .text(.notUTF8(byte: bytes[0]), at: place(2, 3)))
  }

  @Test func textInANumericColumn() {
    let expected = DataError.column(
      .textAmongNumbers(text: "oops", column: "b", numbers: 3, cells: 4), at: place(4, 3))
    let error = failure("a,b\n1,2\n1,3\n1,oops\n1,4\n")
    #expect(error == expected)
    #expect(
      error?.description
        == "t.csv:4:3: \"oops\" in column \"b\"; expected a number, as in 3 of its 4 values; "
        + "mend it, add --missing \"oops\" if it means missing, or --categorical \"b\"")
    #expect(error?.category.exitCode == 65)
  }

  @Test func columnNames() throws {
    #expect(failure("a,b,a\n1,2,3\n") == .text(.duplicateColumn(name: "a", firstColumn: 1), at: place(1, 5)))
    let table = try readTable("pm2.5,TEMP\n1,2\n")
    let expected = DataError.column(
      .unknown(name: "pm25", nearest: "pm2.5", available: ["pm2.5", "TEMP"]), at: DataError.Place("t.csv"))
    #expect(throws: expected) { try table.column(named: "pm25") }
    #expect(expected.category.exitCode == 64)
    #expect(
      expected.description
        == "t.csv: there is no column \"pm25\"; expected one of \"pm2.5\" and \"TEMP\"; did you mean \"pm2.5\"?"
    )
    #expect(failure("a,b\n1,2\n", TableOptions(categorical: ["c"]))?.category.exitCode == 64)
  }

  @Test func wordsWhereNumbersAreNeeded() throws {
    let table = try readTable("a,b\nx,1\ny,2\n")
    #expect(throws: DataError.column(.notNumeric(column: "a", text: "x"), at: place(2, 1))) {
      try table.numbers(in: "a")
    }
  }

  @Test func delimiters() throws {
    let ambiguous = TextFault.ambiguousDelimiter(
      first: .comma, columns: 3, second: .semicolon, secondColumns: 2)
    #expect(failure("1,5;2,5\n3,5;4,5\n") == .text(ambiguous, at: DataError.Place("t.csv")))
    #expect(try CSVDelimiter(parsing: ";") == .semicolon)
    #expect(try CSVDelimiter(parsing: "\\t") == .tab)
    #expect(try CSVDelimiter(parsing: "Comma") == .comma)
    #expect(throws: DataError.setup(.delimiter("#"))) { try CSVDelimiter(parsing: "#") }
  }

  @Test func sizeLimit() {
    let expected = DataError.file(.tooLarge(limit: 7), path: "t.csv")
    #expect(failure("a,b\n1,2\n", TableOptions(sizeLimit: 7)) == expected)
  }
}
