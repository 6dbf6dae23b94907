import RecurrentData
import Testing

@Suite struct TableTests {
  @Test func readsNumbersAndCategories() throws {
    let table = try readTable("n,kind\n1,b\n-2.5,a\nNA,b\n")
    #expect(table.rowCount == 3)
    #expect(table.columnNames == ["n", "kind"])
    #expect(Array(try table.numbers(in: "n").prefix(2)) == [1, -2.5])
    #expect(try table.column(named: "n").missingRows == [2])
    #expect(try table.column(named: "kind").values == .categorical(levels: ["b", "a"], codes: [0, 1, 0]))
  }

  @Test(arguments: ["\n", "\r\n", "\r"])
  func everyLineEndAndEveryDelimiterGiveTheSameTable(_ lineEnd: String) throws {
    for delimiter in CSVDelimiter.allCases {
      for end in ["", lineEnd, lineEnd + lineEnd] {
        let mark = String(UnicodeScalar(delimiter.byte))
        let text = ["a\(mark)b", "1\(mark)2", "3\(mark)4"].joined(separator: lineEnd) + end
        let table = try readTable(text)
        #expect(table.format.delimiter == delimiter)
        #expect(try table.numbers(in: "a") == [1, 3])
        #expect(try table.numbers(in: "b") == [2, 4])
      }
    }
  }

  @Test func quotedCellsHoldAnything() throws {
    let table = try readTable("name,value\n\"a,b\",1\n\"c\n\"\"d\"\"\",\"2\"\n\" e \",3\n f ,4\n\"\",5\n")
    let expected = Column.Values.categorical(
      levels: ["a,b", "c\n\"d\"", " e ", "f"], codes: [0, 1, 2, 3, -1])
    #expect(try table.column(named: "name").values == expected)
    #expect(try table.numbers(in: "value") == [1, 2, 3, 4, 5])
  }

  @Test func byteOrderMarkIsNoPartOfTheFirstName() throws {
    let table = try readTable("\u{FEFF}a,b\n1,2\n")
    #expect(table.columnNames == ["a", "b"])
    #expect(table.format.hasByteOrderMark)
    #expect(try readTable("\u{FEFF}\"a\",b\n1,2\n").columnNames == ["a", "b"])
  }

  @Test func wordsForMissingInAnyCase() throws {
    let table = try readTable("a,b\n1,x\nNA,x\nna,x\nNaN,x\nnan,x\nNULL,x\nnull,x\n-,x\n,x\n\"\",x\n")
    #expect(try table.column(named: "a").missingRows == Array(1...9))
    let own = try readTable("a\n1\n-999.0\n2\n", TableOptions(missingWords: ["-999"]))
    #expect(try own.column(named: "a").missingRows == [1])
  }

  @Test func headerIsFoundOrTold() throws {
    #expect(try !readTable("1,2\n3,4\n").format.hasHeader)
    #expect(try readTable("1,2\n3,4\n").columnNames == ["column1", "column2"])
    #expect(try !readTable("2010-01-01,a\n2010-01-02,b\n").format.hasHeader)
    #expect(try readTable(",a\n1,2\n").columnNames == ["column1", "a"])
    let told = try readTable("1,2\n3,4\n", TableOptions(header: true))
    #expect(told.columnNames == ["1", "2"] && told.rowCount == 1)
    #expect(try readTable("a,b\nc,d\n", TableOptions(header: false)).rowCount == 2)
  }

  @Test func decimalComma() throws {
    let table = try readTable("a;b\n1,5;x\n-2,25e1;y\n", TableOptions(decimalComma: true))
    #expect(try table.numbers(in: "a") == [1.5, -22.5])
    let expected = DataError.column(.decimalComma(text: "1,5", column: "a"), at: place(2, 1))
    #expect(failure("a;b\n1,5;x\n2,5;y\n") == expected)
  }

  @Test func categoricalOnRequest() throws {
    let table = try readTable("code,v\n3,1\n12,2\n3,3\n", TableOptions(categorical: ["code"]))
    #expect(try table.column(named: "code").values == .categorical(levels: ["3", "12"], codes: [0, 1, 0]))
  }

  @Test func textThatIsNotLatin() throws {
    let table = try readTable("城市,値\n北京,1\n上海,2\n")
    #expect(try table.numbers(in: "値") == [1, 2])
    #expect(try table.column(named: "城市").values == .categorical(levels: ["北京", "上海"], codes: [0, 1]))
  }

  @Test func oneColumn() throws {
    #expect(try readTable("v\n1\n\n3\n\n\n").rowCount == 3)
    #expect(try readTable("v\n1\n\n3\n").column(named: "v").missingRows == [1])
  }

  @Test func summaryInWords() throws {
    let text = """
      year,month,day,hour,pm2.5,cbwd
      2010,1,1,22,NA,NW
      2010,1,1,23,NA,NW
      2010,1,2,0,129,cv
      2010,1,2,1,NA,NW
      2010,1,2,2,149,NW
      """
    let words = try readTable(text).summary.describe()
    #expect(
      words == """
        t.csv: 5 rows, hourly from 2010-01-01T22:00 to 2010-01-02T02:00 (times from year, month, day, hour), \
        3 missing in pm2.5 (2 leading)
        delimiter comma, header
          year: time
          month: time
          day: time
          hour: time
          pm2.5: numeric, 129 to 149, mean 139; 3 missing (2 leading, longest gap 2)
          cbwd: categorical, 2 levels: NW, cv; none missing
        """)
  }

  @Test func writtenRowsAreReadBack() throws {
    let cells = ["plain", "a,b", "say \"x\"", "two\nlines", " edge ", "é"]
    let table = try readTable(CSVWriter.row(["c1", "c2", "c3", "c4", "c5", "c6"]) + CSVWriter.row(cells))
    let read = table.columns.map { column -> String? in
      if case .categorical(let levels, _) = column.values { levels[0] } else { nil }
    }
    #expect(read == cells)
  }
}
