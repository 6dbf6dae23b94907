internal import RecurrentCore

extension LabelledSeries {
  /// A file of series in the form `.ts`, unpacked if it is compressed.
  ///
  /// - Parameter needsLabels: as for ``init(timeSeries:source:needsLabels:)``.
  /// - Throws: ``DataError``: as ``init(timeSeries:source:needsLabels:)``, or a file that cannot be read.
  public init(timeSeriesAt path: String, needsLabels: Bool = true) throws(DataError) {
    try self.init(timeSeries: try DataFile.read(path), source: path, needsLabels: needsLabels)
  }

  /// A text of series in the form `.ts`: remarks behind "#", a header of lines that begin with "@" up to `@data`, then one series a line: its channels
  /// between colons, a channel's values between commas, and the label last.
  ///
  /// The header's `@classLabel true` lists ``labelNames`` in order; `@dimensions` and `@seriesLength`, where they stand, have to be true. Series may differ in
  /// length, channels of one series may not. Values that are missing ("?") and time stamps are not read.
  ///
  /// - Parameter needsLabels: default true. False: labels are passed over, whatever they are, and a header may say
  ///   `@classLabel false`, or nothing of labels, where series have none; all then have the label "".
  /// - Throws: ``DataError`` with line and column: a header that is not understood, channels of different lengths, another number of channels than in the
  ///   first series, a value that is no finite number, a label that the header does not list, no series.
  public init(timeSeries bytes: [UInt8], source: String, needsLabels: Bool = true) throws(DataError) {
    let text = try TextSource(name: source, bytes: bytes)
    var header = TimeSeriesHeader(needsLabels: needsLabels)
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
      let found = cells.count - (header.hasLabels ? 1 : 0)
      if let channels = header.channelCount, found != channels {
        throw .sequence(
          .count(
            found: found, expected: channels, of: header.hasLabels ? "channel before the label" : "channel"),
          at: line.place())
      }
      guard found > 0 else {
        throw .sequence(.count(found: 0, expected: 1, of: "channel before the label"), at: line.place())
      }
      header.channelCount = found
      values.append(try Self.frames(line, channels: cells.prefix(found), length: header.length))
      lines.append(index + 1)
      if !needsLabels {
        labels.append(0)
        continue
      }
      let name = try line.label(cells[cells.count - 1])
      guard let label = header.labelNames.firstIndex(of: name) else {
        throw .sequence(
          .unknownLabel(
            text: name, nearest: nearestName(to: name, among: header.labelNames), available: header.labelNames
          ),
          at: line.place(line.trimmed(cells[cells.count - 1]).lowerBound))
      }
      labels.append(label)
    }
    guard let channels = header.channelCount, !values.isEmpty else {
      throw .sequence(.noExample(what: "series below a line @data"), at: DataError.Place(source))
    }
    self.init(
      values: values, channelCount: channels, labels: labels,
      labelNames: needsLabels ? header.labelNames : [""], source: source, lines: lines)
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
  let needsLabels: Bool
  var isComplete = false
  /// Whether a label stands behind the channels.
  var hasLabels = false
  /// Nil: the first series says it.
  var channelCount: Int?
  /// Of every series; nil: they differ, or it is not said.
  var length: Int?
  var labelNames: [String] = []

  init(needsLabels: Bool) { self.needsLabels = needsLabels }

  /// - Throws: a line that is not understood, or says that series have what is not read.
  mutating func read(_ line: SeriesLine) throws(DataError) {
    let words = line.cells(line.range, .space).map { line.string(line.trimmed($0)) }.filter { !$0.isEmpty }
    let (name, values) = (words.first?.lowercased() ?? "", words.dropFirst())
    func refuse(_ expected: String) -> DataError {
      .sequence(.header(text: words.joined(separator: " "), expected: expected), at: line.place())
    }
    switch name {
    case "@data":
      guard !needsLabels || !labelNames.isEmpty else {
        throw refuse("a line @classLabel true with the labels above it")
      }
      isComplete = true
    case "@classlabel":
      if !needsLabels {
        hasLabels = values.first?.lowercased() == "true"
        return
      }
      guard values.first?.lowercased() == "true", values.count > 1 else {
        throw refuse("@classLabel true and the labels")
      }
      hasLabels = true
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
