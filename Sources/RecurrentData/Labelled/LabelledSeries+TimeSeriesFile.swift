internal import RecurrentCore

extension LabelledSeries {
  /// A file of series in the form `.ts`, unpacked if it is compressed.
  ///
  /// - Throws: ``DataError``: as ``init(timeSeries:source:)``, or a file that cannot be read.
  public init(timeSeriesAt path: String) throws(DataError) {
    try self.init(timeSeries: try DataFile.read(path), source: path)
  }

  /// A text of series in the form `.ts`: remarks behind "#", a header of lines that begin with "@" up to `@data`, then one series a line: its channels
  /// between colons, a channel's values between commas, and the label last.
  ///
  /// The header's `@classLabel true` lists ``labelNames`` in order; `@dimensions` and `@seriesLength`, where they stand, have to be true. Series may differ in
  /// length, channels of one series may not. Values that are missing ("?") and time stamps are not read.
  ///
  /// - Throws: ``DataError`` with line and column: a header that is not understood, channels of different lengths, another number of channels than in the
  ///   first series, a value that is no finite number, a label that the header does not list, no series.
  public init(timeSeries bytes: [UInt8], source: String) throws(DataError) {
    let text = try TextSource(name: source, bytes: bytes)
    var header = TimeSeriesHeader()
    var (values, labels, lines): ([[Double]], [Int], [Int]) = ([], [], [])
    for (index, range) in TextLines(text).ranges.enumerated() {
      let line = SeriesLine(text: text, number: index + 1, range: range)
      let content = text.bytes[range]
      if content.isBlankText || content.first == UInt8(ascii: "#") { continue }
      guard header.isComplete else {
        try header.read(line)
        continue
      }
      let cells = line.cells(range, UInt8(ascii: ":"))
      if let channels = header.channelCount, cells.count - 1 != channels {
        throw .sequence(
          .count(found: cells.count - 1, expected: channels, of: "channel before the label"),
          at: line.place())
      }
      guard cells.count > 1 else {
        throw .sequence(.count(found: 0, expected: 1, of: "channel before the label"), at: line.place())
      }
      header.channelCount = cells.count - 1
      values.append(try Self.frames(line, channels: cells.dropLast(), length: header.length))
      let name = try line.label(cells[cells.count - 1])
      guard let label = header.labelNames.firstIndex(of: name) else {
        throw .sequence(
          .unknownLabel(
            text: name, nearest: nearestName(to: name, among: header.labelNames), available: header.labelNames
          ),
          at: line.place(line.trimmed(cells[cells.count - 1]).lowerBound))
      }
      labels.append(label)
      lines.append(index + 1)
    }
    guard let channels = header.channelCount, !values.isEmpty else {
      throw .sequence(.noExample(what: "series below a line @data"), at: DataError.Place(source))
    }
    self.init(
      values: values, channelCount: channels, labels: labels, labelNames: header.labelNames, source: source,
      lines: lines)
  }

  /// The values of one line, turned from channels of steps into steps of channels.
  private static func frames(
    _ line: SeriesLine, channels: ArraySlice<Range<Int>>, length: Int?
  ) throws(DataError) -> [Double] {
    var (frames, steps): ([Double], Int?) = ([], length)
    for (channel, range) in channels.enumerated() {
      let cells = line.cells(range, UInt8(ascii: ","))
      if let steps, cells.count != steps {
        throw .sequence(
          .count(found: cells.count, expected: steps, of: "value in channel \(channel + 1)"),
          at: line.place(range.lowerBound))
      }
      if channel == 0 { frames = [Double](repeating: 0, count: cells.count * channels.count) }
      steps = cells.count
      for (step, cell) in cells.enumerated() {
        frames[step * channels.count + channel] = try line.number(cell)
      }
    }
    return frames
  }
}

/// The lines of a `.ts` file that begin with "@".
private struct TimeSeriesHeader {
  var isComplete = false
  /// Nil: the first series says it.
  var channelCount: Int?
  /// Of every series; nil: they differ, or it is not said.
  var length: Int?
  var labelNames: [String] = []

  /// - Throws: a line that is not understood, or says that series have what is not read.
  mutating func read(_ line: SeriesLine) throws(DataError) {
    let words = line.cells(line.range, .space).map { line.string(line.trimmed($0)) }.filter { !$0.isEmpty }
    let (name, values) = (words.first?.lowercased() ?? "", words.dropFirst())
    func refuse(_ expected: String) -> DataError {
      .sequence(.header(text: words.joined(separator: " "), expected: expected), at: line.place())
    }
    switch name {
    case "@data":
      guard !labelNames.isEmpty else { throw refuse("a line @classLabel true with the labels above it") }
      isComplete = true
    case "@classlabel":
      guard values.first?.lowercased() == "true", values.count > 1 else {
        throw refuse("@classLabel true and the labels")
      }
      labelNames = Array(values.dropFirst())
      guard Set(labelNames).count == labelNames.count else { throw refuse("each label once") }
    case "@dimensions", "@dimension", "@serieslength":
      guard values.count == 1, let number = Int(values[values.startIndex]), number > 0 else {
        throw refuse("a whole number above 0")
      }
      if name == "@serieslength" { length = number } else { channelCount = number }
    case "@univariate":
      if values.first?.lowercased() == "true" { channelCount = 1 }
    case "@timestamps":
      if values.first?.lowercased() == "true" { throw refuse("@timeStamps false: series without times") }
    case "@missing":
      if values.first?.lowercased() == "true" { throw refuse("@missing false: series without gaps") }
    case "@problemname", "@equallength", "@targetlabel": break
    default: throw refuse("a line of the header that begins with @, up to @data")
    }
  }
}
