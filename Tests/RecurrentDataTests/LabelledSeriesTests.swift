import Foundation
import RecurrentData
import Testing

/// Series with labels, from `.ts` files and from rows of fixed length.
@Suite struct LabelledSeriesTests {
  private static func bundled(_ path: String) -> String {
    TestFiles.packageRoot.appendingPathComponent("Examples/\(path)").path
  }

  private static func series(_ text: String) throws -> LabelledSeries {
    try LabelledSeries(timeSeries: Array(text.utf8), source: "a.ts")
  }

  private static func error(_ text: String) -> String {
    (#expect(throws: DataError.self) { try series(text) })?.description ?? ""
  }

  @Test(arguments: [("TRAIN", 270, 26), ("TEST", 370, 29)])
  func japaneseVowels(_ part: String, _ count: Int, _ longest: Int) throws {
    let series = try LabelledSeries(
      timeSeriesAt: Self.bundled("japanese-vowels/JapaneseVowels_\(part).ts.gz"))
    #expect(series.count == count && series.channelCount == 12)
    #expect(series.labelNames == (1...9).map(String.init))
    let steps = (0..<series.count).map(series.steps)
    #expect(steps.min() == 7 && steps.max() == longest)
    let speakers = (0..<9).map { label in series.labels.count { $0 == label } }
    if part == "TRAIN" {
      #expect(speakers == [Int](repeating: 30, count: 9))
      #expect(
        series.values[0][0] == 1.860936 && series.values[0][1] == -0.207383
          && series.values[0][12] == 1.891651)
      #expect(series.steps(of: 0) == 20 && series.lines[0] == 16)
    } else {
      #expect(speakers == [31, 35, 88, 44, 29, 24, 40, 50, 29])
    }
  }

  @Test func digits() throws {
    let path = Self.bundled("digits/digits.csv")
    let digits = try LabelledSeries(rows: DataFile.read(path), source: path, steps: 8, channels: 8)
    #expect(digits.count == 1797 && digits.channelCount == 8 && digits.steps(of: 5) == 8)
    #expect(digits.labelNames == (0...9).map(String.init) && Array(digits.labels.prefix(4)) == [0, 1, 2, 3])
    #expect(digits.values[0].prefix(8) == [0, 0, 5, 13, 9, 1, 0, 0] && digits.values.joined().max() == 16)
    #expect(digits.place(1).line == 2 && digits.selecting([1]).labels == [1])
  }

  private static let header = "#x\n@problemName a\n@classLabel true u v\n@data\n"

  @Test func channelsBecomeSteps() throws {
    let series = try Self.series(Self.header + "1,2,3:4,5,6:v\r\n\n 7 : 8 : u")
    #expect(series.values == [[1, 4, 2, 5, 3, 6], [7, 8]] && series.labels == [1, 0])
    #expect(series.channelCount == 2 && series.steps(of: 0) == 3 && series.place(1).description == "a.ts:7")
  }

  @Test func errors() {
    let header = Self.header
    #expect(Self.error(header + "1,2:3:v\n").hasPrefix("a.ts:5:5: 1 value in channel 2; expected 2;"))
    #expect(Self.error(header + "1,x:3,4:v\n").hasPrefix("a.ts:5:3: \"x\"; expected a finite number"))
    #expect(Self.error(header + "1,?:3,4:v\n").hasPrefix("a.ts:5:3: \"?\""))
    #expect(
      Self.error(header + "1:2:w\n").hasPrefix("a.ts:5:5: label \"w\"; expected one of \"u\" and \"v\""))
    #expect(Self.error(header + "1:2:\n").hasPrefix("a.ts:5:5: no label"))
    #expect(Self.error(header + "1:2:u\n1:u\n").hasPrefix("a.ts:6: 1 channel before the label; expected 2"))
    #expect(Self.error(header + "1,2\n").hasPrefix("a.ts:5: 0 channels before the label; expected 1"))
    #expect(Self.error(header).hasPrefix("a.ts: there is no series"))
    #expect(Self.error("@data\n1:u\n").hasPrefix("a.ts:1: \"@data\"; expected a line @classLabel true"))
    #expect(Self.error("1:u\n").hasPrefix("a.ts:1: \"1:u\"; expected a line of the header"))
    #expect(
      Self.error("@timestamps true\n").hasPrefix("a.ts:1: \"@timestamps true\"; expected @timeStamps false"))
    #expect(Self.error("@classLabel true a a\n").hasPrefix("a.ts:1: "))
    #expect(Self.error("@dimensions 3\n" + header + "1:2:u\n").hasPrefix("a.ts:6: 2 channels"))
    #expect(Self.error("@dimensions none\n").hasPrefix("a.ts:1: "))
  }

  @Test func rowErrors() {
    func error(_ text: String) -> String {
      (#expect(throws: DataError.self) {
        try LabelledSeries(rows: Array(text.utf8), source: "a.csv", steps: 1, channels: 2)
      })?.description ?? ""
    }
    #expect(error("1,2,a\n1,a\n").hasPrefix("a.csv:2: 1 value before the label; expected 2"))
    #expect(error("1,nan,a\n").hasPrefix("a.csv:1:3: \"nan\"; expected a finite number"))
    #expect(error("1,2,\n").hasPrefix("a.csv:1:5: no label"))
    #expect(error("\n").contains("empty"))
  }
}
