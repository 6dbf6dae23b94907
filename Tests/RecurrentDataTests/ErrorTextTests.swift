import Foundation
import RecurrentData
import Testing

@Suite struct ErrorTextTests {
  private static let here = DataError.Place("f.csv", line: 3, column: 7)

  /// One of each.
  private static let all: [DataError] =
    [
      FileFault.missing, .directory, .unreadable(reason: "Permission\ndenied"),
      .tooLarge(limit: 1000), .scratch(folder: "/tmp", reason: "no space"), .changed,
    ]
    .map { .file($0, path: "f.csv") }
    + [
      GzipFault.truncated, .badHeader(field: "flags", value: 255), .badBlockType, .storedLengthMismatch,
      .badCode,
      .badSymbol, .distanceTooFar(distance: 9, available: 1), .checksumMismatch(found: 1, expected: 2),
      .lengthMismatch(found: 1, expected: 2), .trailingBytes(count: 1), .tooLarge(limit: 9),
    ].map { .gzip($0, at: DataError.Place("f.csv.gz", byte: 10)) }
    + [
      TextFault.empty, .headerOnly, .otherColumns(found: 3, expected: 5, line: 1), .notUTF8(byte: 233),
      .utf16, .nulByte, .unterminatedQuote, .strayQuote,
      .textAfterQuote, .ragged(cells: 1, expected: 2),
      .ambiguousDelimiter(first: .comma, columns: 3, second: .bar, secondColumns: 2),
      .duplicateColumn(name: "a", firstColumn: 1), .emptyLine,
      .otherFirstLines(count: 1, cells: 1, expected: 3), .otherFirstLines(count: 2, cells: 1, expected: 3),
    ].map { .text($0, at: here) }
    + [
      ColumnFault.unknown(name: "a", nearest: nil, available: ["b"]),
      .textAmongNumbers(text: "x\r\ny", column: "a", numbers: 1, cells: 2),
      .textWhereNumbersWere(text: "x", column: "a"), .decimalComma(text: "1,5", column: "a"),
      .notFinite(text: "inf", column: "a"), .missing(column: "a", count: 2), .allMissing(column: "a"),
      .notNumeric(column: "a", text: "x"), .notCategorical(column: "a"),
      .unknownLevel(text: "x", column: "a", levels: (0..<20).map(String.init)),
      .tooManyLevels(column: "a", count: 5000, limit: 1000), .constantTarget(column: "a", value: 3),
      .narrowTarget(column: "a", spread: 1e-150), .forecastNotFinite(column: "a", forecast: "network"),
      .notInLaterFile(name: "a", nearest: nil, available: ["b"]),
      .notInLaterFile(name: "a", nearest: "aa", available: ["aa"]),
      .notInLaterFile(name: "a", nearest: nil, available: ["column1"]),
      .textInTarget(text: "x", column: "a", numbers: 1, cells: 2), .targetWithoutValues(column: "a"),
      .textAboveNumbers(text: "x", column: "column1"), .markedNumber(text: "1,000.5", column: "a"),
      .beyondRange(value: 1e39, column: "a", normalised: 1e38, method: .standard, limit: 1e15),
      .beyondRange(value: 1e39, column: "a", normalised: 1e39, method: .none, limit: 1e15),
    ].map { .column($0, at: here) }
    + [
      TimeFault.unreadable(text: "soon", expectation: "ISO 8601"), .mixedHours, .mixedOffsets,
      .tooFine(text: "2021-01-01T00:00:00.123456"),
      .duplicate(stamp: "s", count: 1), .backwards(stamp: "s", previous: "p", count: 2),
      .gap(stamp: "s", previous: "p", expected: "e", missingRows: 3, count: 3),
      .tooManyMissingRows(missing: 9, rows: 3), .ambiguousDateOrder(text: "01/02/2020"),
      .mixedDateOrders(dayFirst: "31/01/2020", monthFirst: "01/31/2020"),
      .irregular(stamp: "s", expected: "e", count: 1),
      .incomplete(columns: ["a"]),
    ].map { .time($0, at: here) }
    + [
      SetupFault.horizon(0), .noHorizon, .repeatedHorizon(2), .windowLength(0), .stride(0),
      .share(of: "validation", value: .nan, example: "--validation-share 0.15"),
      .seriesTooShort(part: "test", rows: 5, window: 24, horizon: 1),
      .seriesTooShort(part: nil, rows: 5, window: 24, horizon: 1),
      .seriesTooShort(part: nil, rows: 5, window: 24, horizon: 0),
      .tooFewRows(upTo: "test", rows: 20, window: 24, horizon: 8),
      .partTooShort(part: "held-out", rows: 16, expected: 48, inAll: 240),
      .partTooShort(part: "test", rows: 16, expected: 48, inAll: nil),
      .heldOutTooShort(rows: 7, expected: 8),
      .tooManyInputs(window: 24, columns: 64_000, limit: 8192),
      .otherStep(found: "daily", expected: "hourly", source: "f.csv"),
      .tooFewWindows(rows: 40, expected: 70, stride: 30, largestStride: 8),
      .tooFewWindows(rows: 40, expected: 41, stride: 1, largestStride: nil),
      .splitShares(training: 0.9, validation: 0.9, test: 0.9),
      .splitRows(training: 1, validation: 1, test: 1, rows: 9),
      .emptyTraining(rows: 3), .overlappingParts(first: "validation", second: "test"),
      .partShares([0.5, 0.6]), .emptyPart(number: 2, parts: 2, examples: 1), .folds(1, examples: 9),
      .blockLength(length: 3, windows: 7), .delimiter("#"),
      .unknownName(kind: "gap policy", name: "lin", nearest: "linear", available: ["linear"]),
    ].map { .setup($0) }
    + [
      VocabularyFault.noToken(unit: .words, folding: .none), .noToken(unit: .words, folding: .letters),
      .unknownToken(token: "a\n", count: 2), .leftOut(tokens: 2, example: "a"),
      .bound(name: "limit", value: 0),
      .empty, .tooMany(count: 9, limit: 8), .duplicate(token: "a", first: 0, second: 2),
      .unknownOutOfRange(number: 2, count: 2), .size(found: 1, expected: 2),
      .otherToken(found: "a", expected: "b", number: 1), .longWord(limit: 9),
    ].map { .vocabulary($0, at: here) }
    + [
      SequenceFault.unknownColumn(name: "x", nearest: nil), .unknownColumn(name: "uspos", nearest: "upos"),
      .notACell(text: "a\tb", separator: "tab"), .notATag(text: "PER"),
      .misplacedTag(tag: "I-A", after: nil, scheme: .bio, expected: "B-A"),
      .misplacedTag(tag: nil, after: "B-A", scheme: .bioes, expected: "E-A"),
      .mixedSchemes(tag: "I-A", after: "O", scheme: .iob1, earlier: "B-A", line: 1, other: .bio),
      .missingLabel,
      .unknownLabel(text: "a", nearest: "b", available: ["b"]),
      .unknownLabel(text: "a", nearest: nil, available: ["b"]),
      .header(text: "@x", expected: "@data"), .notANumber(text: "x"),
      .count(found: 1, expected: 2, of: "channel"),
      .json(found: "byte 3", expected: "a note"), .noExample(what: "text"),
      .cutShort(found: 3, expected: 4, of: "vector"),
    ].map { .sequence($0, at: here) }

  @Test(arguments: all)
  func everyErrorIsOneLineWithFindingExpectationAndRemedy(_ error: DataError) {
    let text = error.description
    let newlines = text.filter(\.isNewline)
    #expect(newlines.isEmpty)
    #expect(text.contains("; expected "))
    #expect(text.components(separatedBy: "; ").count >= 3)
    if let place = error.place { #expect(text.hasPrefix(place.description + ": ")) }
    #expect([64, 65, 66].contains(error.category.exitCode))
  }

  @Test func placesAndQuotations() {
    #expect(Self.here.description == "f.csv:3:7")
    #expect(DataError.Place("f.gz", byte: 12).description == "f.gz: byte 12")
    let long = DataError.column(
      .notNumeric(column: "a", text: String(repeating: "x", count: 1000)), at: Self.here)
    #expect(long.description.count < 250)
  }

  @Test func seriesTooShortGivesTheCounts() {
    let error = DataError.setup(.seriesTooShort(part: "test", rows: 5, window: 24, horizon: 8))
    #expect(
      error.description.hasPrefix("the test part has 5 rows; expected at least 32 (window 24 + horizon 8); "))
  }

  @Test func partsSayTheirOwnRowsAndWhatTheWholeNeeds() {
    let long = DataError.setup(.partTooShort(part: "held-out", rows: 16, expected: 48, inAll: 1240))
    #expect(
      long.description
        == "the held-out part has 16 rows; expected at least 48, from the first to the last horizon of a window; give more rows (at least 1,240 in all), a larger share for it, or a shorter --horizon"
    )
    let later = DataError.setup(.heldOutTooShort(rows: 7, expected: 8))
    #expect(
      later.description(options: ["--rows"]).hasSuffix(
        "score all rows of the file with --rows all, or give more rows"))
    #expect(later.description(options: []).hasSuffix("; give more rows"))
  }

  @Test func tooFewWindowsNamesTheStrideWhereThatIsTheReason() {
    #expect(
      DataError.setup(.tooFewWindows(rows: 192, expected: 1032, stride: 1000, largestStride: 160)).description
        == "the 192 rows before the held-out ones give no two windows whose targets lie apart with stride 1,000; expected at least 1,032 rows, for one to train on and one to choose the epoch; give a --stride of at most 160, or more rows"
    )
    let short = DataError.setup(.tooFewWindows(rows: 12, expected: 14, stride: 1, largestStride: nil))
    #expect(!short.description.contains("stride"))
  }
}
