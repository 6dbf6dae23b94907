extension LabelledTexts {
  /// One column of a table: texts whose labels are not known, or not asked for.
  ///
  /// - Parameters:
  ///   - key: which column.
  ///   - bytes, source, delimiter, hasHeader, encoding: as of `init(table:source:text:label:delimiter:hasHeader:encoding:)`.
  /// - Throws: ``DataError``: no such column, a line with too few columns, not a table, no row.
  /// - Precondition: the column is asked for by name only where there is a header.
  public static func column(
    _ key: ColumnKey, ofTable bytes: [UInt8], source: String, delimiter: CSVDelimiter = .tab,
    hasHeader: Bool? = nil, encoding: TextEncoding = .utf8
  ) throws(DataError) -> [String] {
    let rows = try LabelledRows(
      TextSource(name: source, bytes: encoding.utf8(bytes)), delimiter: delimiter,
      hasHeader: hasHeader ?? key.isName)
    let column = try rows.number(of: key)
    var texts: [String] = []
    for row in 0..<rows.count { texts.append(try rows.cell(row, column).text) }
    return texts
  }
}
