import Foundation
import RecurrentData
import Testing

/// Files nobody should have: each is read or refused with a typed error, and never traps.
@Suite struct FuzzTests {
  private static let seeds: [String] = [
    "a,b\n1,2\n3,4\n", "\u{FEFF}t;v\r\n2020-01-01;1\r\n2020-01-02;2\r\n", "\"x\"\"y\",z\n\"a\nb\",NA\n,\n",
    "year,month,day,hour,v\n2019,12,31,23,1\n2020,1,1,0,-\n", "month,day,hour,v\n12,31,24,1\n1,1,1,2\n",
    "城市|値\n北京|1e3\n上海|-.5\n", "v\n\n1\n\n", "1\t2\t3\n4\t5\t6\n",
    "t,v\n2020-01-01T00:00Z,1\n2020-01-01T01:00+01:00,2\n",
  ]

  /// The outcome's kind, so that the test can see that both happen.
  private func outcome(_ bytes: [UInt8], _ options: TableOptions) -> String {
    do {
      let table = try Table(bytes: bytes, source: "f", options: options)
      // What a reader accepts must be whole: every column as long as the table, and describable.
      for column in table.columns {
        switch column.values {
        case .numeric(let numbers):
          #expect(numbers.count == table.rowCount)
          #expect(!numbers.contains { $0.isInfinite })
        case .categorical(let levels, let codes):
          #expect(codes.count == table.rowCount)
          #expect(codes.allSatisfy { $0 >= -1 && Int($0) < levels.count })
        case .time: #expect(table.time.count == table.rowCount)
        }
      }
      #expect(!table.summary.describe().isEmpty)
      return "read"
    } catch {
      #expect(!error.description.contains("\n"))
      return "refused"
    }
  }

  @Test func everyCutOfEverySeed() {
    for seed in Self.seeds {
      let bytes = Array(seed.utf8)
      for length in 0...bytes.count { _ = outcome(Array(bytes[..<length]), TableOptions()) }
    }
  }

  @Test func randomMutations() {
    var generator = TestGenerator(state: 11)
    var counts: [String: Int] = [:]
    let spice = Array("\",;\t|\n\r\u{FEFF}0-.eE:TZ+\u{0}é".utf8) + [0xFF, 0x80, 0xC3]
    for _ in 0..<20_000 {
      var bytes = Array(Self.seeds.randomElement(using: &generator)!.utf8)
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        let position = Int.random(in: 0...bytes.count, using: &generator)
        switch Int.random(in: 0..<3, using: &generator) {
        case 0: bytes.insert(spice.randomElement(using: &generator)!, at: position)
        case 1 where position < bytes.count: bytes.remove(at: position)
        case _ where position < bytes.count: bytes[position] = UInt8.random(in: 0...255, using: &generator)
        default: bytes += bytes
        }
      }
      var options = TableOptions()
      options.decimalComma = Bool.random(using: &generator)
      options.header = [nil, true, false].randomElement(using: &generator)!
      options.delimiter = ([nil] + CSVDelimiter.allCases).randomElement(using: &generator)!
      options.time = [.automatic, .none, .columns(["t"]), .columns(["year", "month"])].randomElement(
        using: &generator)!
      counts[outcome(bytes, options), default: 0] += 1
    }
    #expect(counts["read", default: 0] > 1000 && counts["refused", default: 0] > 1000, "\(counts)")
  }

  @Test func randomMutationsOfGzip() {
    var generator = TestGenerator(state: 12)
    for _ in 0..<20_000 {
      var bytes = [GzipFixtures.dynamic, GzipFixtures.fixed, GzipFixtures.headerFields].randomElement(
        using: &generator)!
      for _ in 0..<Int.random(in: 1...6, using: &generator) {
        bytes[Int.random(in: 3..<bytes.count, using: &generator)] = UInt8.random(
          in: 0...255, using: &generator)
      }
      // A mutation of the checksum's and of the contents' bytes together would have to agree in 32 bits.
      if let contents = try? Gzip.unpack(bytes, source: "f", limit: 1 << 16) {
        #expect(contents == GzipFixtures.contents)
      }
    }
  }

  @Test func noise() {
    var generator = TestGenerator(state: 13)
    for _ in 0..<2000 {
      let count = Int.random(in: 0...200, using: &generator)
      let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
      _ = outcome(bytes, TableOptions())
      _ = outcome(bytes.map { $0 & 0x7F }, TableOptions())
    }
  }
}
