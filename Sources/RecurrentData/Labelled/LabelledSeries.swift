/// Series of measurements of which each has one label: utterances and who spoke them, images row by row and what they show.
public struct LabelledSeries: Sendable, Hashable {
  /// For each series its values, `[T, channels]` row-major: `values[i][t * channelCount + channel]`.
  public let values: [[Double]]
  /// Numbers measured at each step.
  public let channelCount: Int
  /// For each series an index into ``labelNames``.
  public let labels: [Int]
  /// Every label once.
  public let labelNames: [String]
  /// The file's path, or the name given to the text.
  public let source: String
  /// For each series its line in the file, from 1.
  public let lines: [Int]

  init(
    values: [[Double]], channelCount: Int, labels: [Int], labelNames: [String], source: String, lines: [Int]
  ) {
    (self.values, self.channelCount, self.labels) = (values, channelCount, labels)
    (self.labelNames, self.source, self.lines) = (labelNames, source, lines)
  }

  /// Series in the file.
  public var count: Int { values.count }

  /// Steps of a series.
  public func steps(of index: Int) -> Int { values[index].count / channelCount }

  /// `file:line` of a series.
  public func place(_ index: Int) -> DataError.Place { DataError.Place(source, line: lines[index]) }

  /// Some of the series, in the order of their numbers as given; labels keep their indices.
  public func selecting(_ indices: [Int]) -> LabelledSeries {
    LabelledSeries(
      values: indices.map { values[$0] }, channelCount: channelCount, labels: indices.map { labels[$0] },
      labelNames: labelNames, source: source, lines: indices.map { lines[$0] })
  }

  // MARK: - Rows of fixed length

  /// One series a line, each of the same number of steps: the values of the first step, those of the next, …, and the label last.
  /// Blank lines are passed over.
  ///
  /// - Parameters:
  ///   - bytes: the file, unpacked.
  ///   - source: its name, for errors.
  ///   - steps: of each series.
  ///   - channels: values of each step.
  ///   - delimiter: of values; default: a comma.
  /// - Throws: ``DataError``: a line with another number of values, a value that is no finite number, an empty label, no series.
  /// - Precondition: at least one step and channel.
  public init(
    rows bytes: [UInt8], source: String, steps: Int, channels: Int, delimiter: CSVDelimiter = .comma
  ) throws(DataError) {
    precondition(steps > 0 && channels > 0, "LabelledSeries: \(steps) steps of \(channels) channels")
    let text = try TextSource(name: source, bytes: bytes)
    var (values, names, lines): ([[Double]], [String], [Int]) = ([], [], [])
    for (index, line) in TextLines(text).ranges.enumerated() where !text.bytes[line].isBlankText {
      let row = SeriesLine(text: text, number: index + 1, range: line)
      let cells = row.cells(line, delimiter.byte)
      guard cells.count == steps * channels + 1 else {
        throw .sequence(
          .count(found: cells.count - 1, expected: steps * channels, of: "value before the label"),
          at: row.place())
      }
      var numbers: [Double] = []
      numbers.reserveCapacity(steps * channels)
      for cell in cells.dropLast() { numbers.append(try row.number(cell)) }
      values.append(numbers)
      names.append(try row.label(cells[cells.count - 1]))
      lines.append(index + 1)
    }
    if values.isEmpty { throw .text(.empty, at: DataError.Place(source)) }
    let labelNames = Set(names).sorted { $0.unicodeScalars.lexicographicallyPrecedes($1.unicodeScalars) }
    let indices = Dictionary(uniqueKeysWithValues: labelNames.enumerated().map { ($1, $0) })
    self.init(
      values: values, channelCount: channels, labels: names.map { indices[$0] ?? 0 }, labelNames: labelNames,
      source: source, lines: lines)
  }
}

/// One line of a file of series, and places in it.
struct SeriesLine {
  let text: TextSource
  /// From 1.
  let number: Int
  let range: Range<Int>
  private let parser = NumberParser(decimalComma: false)

  init(text: TextSource, number: Int, range: Range<Int>) {
    (self.text, self.number, self.range) = (text, number, range)
  }

  /// Of the line, or of what begins at a byte of it.
  func place(_ byte: Int? = nil) -> DataError.Place {
    let column = byte.map { 1 + text.bytes[range.lowerBound..<$0].count { $0 & 0xC0 != 0x80 } }
    return DataError.Place(text.name, line: number, column: column)
  }

  func cells(_ range: Range<Int>, _ delimiter: UInt8) -> [Range<Int>] {
    text.bytes[range].split(separator: delimiter, omittingEmptySubsequences: false).map(\.indices)
  }

  func string(_ range: Range<Int>) -> String { String(decoding: text.bytes[range], as: UTF8.self) }

  /// Without blanks at either end.
  func trimmed(_ range: Range<Int>) -> Range<Int> {
    var (start, end) = (range.lowerBound, range.upperBound)
    let isBlank = { (byte: UInt8) in byte == .space || byte == .tab }
    while start < end, isBlank(text.bytes[start]) { start += 1 }
    while start < end, isBlank(text.bytes[end - 1]) { end -= 1 }
    return start..<end
  }

  func number(_ cell: Range<Int>) throws(DataError) -> Double {
    let cell = trimmed(cell)
    guard case .number(let number) = parser.parse(text.bytes, cell) else {
      throw .sequence(.notANumber(text: string(cell)), at: place(cell.lowerBound))
    }
    return number
  }

  func label(_ cell: Range<Int>) throws(DataError) -> String {
    let cell = trimmed(cell)
    if cell.isEmpty { throw .sequence(.missingLabel, at: place(cell.lowerBound)) }
    return string(cell)
  }
}
