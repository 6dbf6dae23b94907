/// A table read from text: columns of numbers or categories, and the times of its rows.
public struct Table: Sendable {
  /// The file's path, or the name given to the text.
  public let source: String
  /// Rows of data, without the header, with those that were inserted.
  public let rowCount: Int
  /// In the order of the file, those of the times among them.
  public let columns: [Column]
  /// The times of the rows, or their count where there are none.
  public let time: TimeAxis
  /// How the text was written.
  public let format: Format
  /// Rows that the file does not have; nil: it has all.
  public let inserted: InsertedRows?
  /// A column that looks like times, where none was found that can be read; nil also where times were not looked for.
  public let unreadTimes: UnreadTimes?
  let timeReading: TableReading
  private let grid: CSVGrid
  private let firstRow: Int
  private let positions: [String: Int]

  /// How the text was written, as found or as told.
  public struct Format: Codable, Equatable, Sendable {
    /// Between the cells of a row.
    public var delimiter: CSVDelimiter
    /// Whether the first row names the columns.
    public var hasHeader: Bool
    /// Whether the text begins with the byte order mark of UTF-8, which is skipped.
    public var hasByteOrderMark: Bool
    /// Whether numbers are written `1,5`, as the options say; it is not found.
    public var decimalComma: Bool
  }

  /// Reads a file, unpacking it if it is compressed.
  ///
  /// - Parameter reading: what an earlier table was found to be; kinds of columns and times are then taken from it.
  public init(
    contentsOf path: String, options: TableOptions = TableOptions(), as reading: TableReading? = nil
  ) throws(DataError) {
    let bytes = try DataFile.read(path, limit: options.sizeLimit)
    try self.init(bytes: bytes, source: path, options: options, as: reading)
  }

  /// Reads a text in UTF-8 that is already in memory.
  public init(
    bytes: [UInt8], source: String = "<text>", options: TableOptions = TableOptions(),
    as reading: TableReading? = nil
  ) throws(DataError) {
    // Cells are kept as 32-bit offsets.
    let limit = min(options.sizeLimit, Int(Int32.max))
    guard bytes.count <= limit else { throw .file(.tooLarge(limit: limit), path: source) }
    let text = try TextSource(name: source, bytes: bytes)
    let delimiter =
      if let given = options.delimiter { given } else {
        try CSVSniffer.delimiter(of: text, decimalComma: options.decimalComma)
      }
    let grid = try CSVGrid(text, delimiter: delimiter)
    let reader = CellReader(grid, options: options)
    let hasHeader = options.header ?? HeaderRule.looksLikeHeader(reader)
    let header = try HeaderRule.names(reader, hasHeader: hasHeader)
    let (names, positions) = (header.all, header.positions)
    let firstRow = hasHeader ? 1 : 0
    guard grid.rowCount > firstRow else { throw .text(.headerOnly, at: DataError.Place(source)) }

    for name in options.categorical where reading == nil && positions[name] == nil {
      throw .unknownColumn(name, among: names, in: source)
    }
    let finder = TimeColumnFinder(names: names, reader: reader, firstRow: firstRow)
    let timeColumns = try finder.find(reading.map(TimeChoice.init) ?? options.time)
    let isSearched = reading == nil && options.time == .automatic && timeColumns == .none
    unreadTimes = isSearched ? finder.unreadTimes() : nil
    let times = try TimeReader(
      names: names, reader: reader, firstRow: firstRow, dateOrder: reading?.dateOrder ?? options.dateOrder,
      clock: reading?.clock, acceptsGaps: options.fillRows != .refuse
    ).read(timeColumns)
    (time, timeReading) = (times.axis, times.reading)
    inserted = InsertedRows(times, policy: options.fillRows) { row in
      grid.place(row: firstRow + row, column: positions[times.axis.columns[0]] ?? 0)
    }
    let columnReader = ColumnReader(reader: reader, firstRow: firstRow)
    let categorical = Set(options.categorical)
    var columns: [Column] = []
    for (index, name) in names.enumerated() {
      columns.append(
        time.columns.contains(name)
          ? Column(name: name, values: .time)
          : try columnReader.read(
            index, name: name,
            as: reading?.kinds[name] ?? (categorical.contains(name) ? .categorical : nil)))
    }
    let inserted = inserted
    self.columns = inserted.map { rows in columns.map(rows.spread) } ?? columns
    self.source = source
    self.grid = grid
    self.firstRow = firstRow
    self.positions = positions
    rowCount = times.axis.count
    format = Format(
      delimiter: delimiter, hasHeader: hasHeader, hasByteOrderMark: text.hasByteOrderMark,
      decimalComma: options.decimalComma)
  }

  /// In the order of the file.
  public var columnNames: [String] { columns.map(\.name) }

  /// The column of that name.
  ///
  /// - Throws: `ColumnFault.unknown`, with the nearest name there is.
  public func column(named name: String) throws(DataError) -> Column {
    guard let position = positions[name] else {
      throw .unknownColumn(name, among: columnNames, in: source)
    }
    return columns[position]
  }

  /// The numbers of a column, NaN where missing.
  ///
  /// - Throws: `unknown`, or `notNumeric` with the place of its first word.
  public func numbers(in name: String) throws(DataError) -> [Double] {
    let column = try column(named: name)
    switch column.values {
    case .numeric(let numbers): return numbers
    case .categorical(let levels, let codes):
      let row = codes.firstIndex { $0 >= 0 } ?? 0
      let text = levels.first ?? ""
      throw .column(
        MarkedNumber.prevail(in: levels)
          ? .markedNumber(text: text, column: name) : .notNumeric(column: name, text: text),
        at: place(row: row, column: name))
    case .time:
      throw .column(.notNumeric(column: name, text: time.label(at: 0)), at: place(row: 0, column: name))
    }
  }

  /// Where in the file a cell is; of a row that was inserted, the one after it. Rows count from 0.
  ///
  /// - Precondition: the column exists.
  public func place(row: Int, column name: String) -> DataError.Place {
    guard let column = positions[name] else {
      preconditionFailure("place: there is no column \(name)")
    }
    return grid.place(row: firstRow + (inserted?.fileRows[row] ?? row), column: column)
  }
}
