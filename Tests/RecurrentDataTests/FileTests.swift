import Foundation
import RecurrentData
import Testing

@Suite struct FileTests {
  @Test func missingFileAndDirectory() throws {
    try TestFiles.withFolder { folder in
      let path = folder.appendingPathComponent("none.csv").path
      #expect(throws: DataError.file(.missing, path: path)) { try Table(contentsOf: path) }
      #expect(throws: DataError.file(.directory, path: folder.path)) { try Table(contentsOf: folder.path) }
      #expect(DataError.file(.missing, path: path).category.exitCode == 66)
      #expect(
        DataError.file(.missing, path: "none.csv").description
          == "none.csv: there is no such file; expected a file with data; check the path and its spelling"
      )
    }
  }

  @Test func plainAndEmptyFiles() throws {
    try TestFiles.withFolder { folder in
      let file = folder.appendingPathComponent("ö a.csv")
      try Data("a,b\n1,2\n".utf8).write(to: file)
      #expect(try Table(contentsOf: file.path).rowCount == 1)
      try Data().write(to: file)
      #expect(throws: DataError.text(.empty, at: DataError.Place(file.path))) {
        try Table(contentsOf: file.path)
      }
      #expect(throws: DataError.file(.tooLarge(limit: 3), path: file.path)) {
        try Data("abcd".utf8).write(to: file)
        _ = try DataFile.read(file.path, limit: 3)
      }
    }
  }

  @Test func theBundledExample() throws {
    let table = try Table(contentsOf: TestFiles.greensboro)
    #expect(table.rowCount == 8760)
    #expect(table.time.step.name == "hourly")
    #expect(table.time.columns == ["month", "day", "hour"])
    #expect(!table.time.hasYear)
    #expect(table.time.label(at: 0) == "01-01T01:00")
    #expect(table.time.label(at: 8759) == "01-01T00:00")
    #expect(table.columns.flatMap(\.missingRows).isEmpty)
    #expect(table.time.remarks.count == 2)
  }

  @Test(.enabled(if: isOptimised)) func readingIsFast() throws {
    var text = "time,a,b,c,d\n"
    for row in 0..<50_000 { text += "\(row),\(Double(row) * 0.37),-12.5,word,NA\n" }
    while text.utf8.count < 2_000_000 { text += "1,2.25,3.5,word,5\n" }
    let bytes = Array(text.utf8)
    let seconds = try threadSeconds { _ = try Table(bytes: bytes) }
    #expect(seconds < 0.5, "\(bytes.count) bytes in \(seconds) s")
  }
}
