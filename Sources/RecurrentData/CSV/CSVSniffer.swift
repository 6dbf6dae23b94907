/// Finds the delimiter of a text.
///
/// A delimiter fits when it cuts each of the first rows into the same number of cells, two or more. If one fits it is
/// taken; if two fit, the text is ambiguous and an error asks; if none fits, the one that fits all rows but the first, or
/// that cuts the first row into most cells, is taken, and reading the whole file names the row that is ragged. A text
/// without any is one column.
enum CSVSniffer {
  /// Rows looked at.
  static let sampleRows = 200

  private struct Trial {
    let delimiter: CSVDelimiter
    let columns: Int
    let fits: Bool
    /// The same without the first row, which may be a remark; two rows at least.
    let columnsBelow: Int?
  }

  static func delimiter(of text: TextSource, decimalComma: Bool) throws(DataError) -> CSVDelimiter {
    let candidates = CSVDelimiter.allCases.filter { !(decimalComma && $0 == .comma) }
    let trials = candidates.map { trial($0, text) }
    let fitting = trials.filter(\.fits)
    if fitting.count > 1 {
      let (first, second) = (fitting[0], fitting[1])
      let fault = TextFault.ambiguousDelimiter(
        first: first.delimiter, columns: first.columns, second: second.delimiter,
        secondColumns: second.columns)
      throw .text(fault, at: DataError.Place(text.name))
    }
    if let below = trials.filter({ $0.columnsBelow != nil }).max(by: { $0.columnsBelow! < $1.columnsBelow! }),
      fitting.isEmpty
    {
      return below.delimiter
    }
    let mostColumns = trials.reduce(trials[0]) { $1.columns > $0.columns ? $1 : $0 }
    return fitting.first?.delimiter ?? mostColumns.delimiter
  }

  private static func trial(_ delimiter: CSVDelimiter, _ text: TextSource) -> Trial {
    var scanner = CSVScanner(text, delimiter: delimiter.byte)
    var (columns, rows, isRegular) = (0, 0, true)
    var (below, isRegularBelow) = (0, true)
    var row: [CSVCell] = []
    while rows < sampleRows {
      row.removeAll(keepingCapacity: true)
      guard let more = try? scanner.nextRow(&row) else {
        (isRegular, isRegularBelow) = (false, false)
        break
      }
      guard more else { break }
      rows += 1
      if columns == 0 { columns = row.count }
      let isBlank = row.count == 1 && row[0].start == row[0].end
      if row.count != columns, !isBlank { isRegular = false }
      if rows > 1, !isBlank {
        if below == 0 { below = row.count }
        if row.count != below { isRegularBelow = false }
      }
    }
    return Trial(
      delimiter: delimiter, columns: columns, fits: isRegular && columns > 1,
      columnsBelow: isRegularBelow && below > 1 && rows > 2 ? below : nil)
  }
}
