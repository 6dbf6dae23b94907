/// Turns the cells of a column into numbers or categories.
///
/// A column is numeric when at least half of its values (cells that are not missing) read as numbers; the first one
/// that does not is then an error, never a silent gap. Otherwise it is categorical, unless most of its values would be
/// numbers with a decimal comma, which is an error that says so. A column without any value is numeric. Where the kind is
/// given, by a user or by an earlier table, it is not questioned.
struct ColumnReader {
  let reader: CellReader
  let firstRow: Int

  private var rows: Range<Int> { firstRow..<reader.grid.rowCount }

  func read(_ column: Int, name: String, as kind: TableReading.Kind?) throws(DataError) -> Column {
    if kind == .categorical { return Column(name: name, values: categories(column)) }
    var numbers: [Double] = []
    numbers.reserveCapacity(rows.count)
    var (numberCount, missingCount) = (0, 0)
    var firstOffence: (row: Int, isNotFinite: Bool)?
    for row in rows {
      switch reader.value(row: row, column: column) {
      case .number(let number):
        numbers.append(number)
        numberCount += 1
      case .missing:
        numbers.append(.nan)
        missingCount += 1
      case .notFinite:
        numbers.append(.nan)
        numberCount += 1
        if firstOffence == nil { firstOffence = (row, true) }
      case .text:
        numbers.append(.nan)
        if firstOffence == nil { firstOffence = (row, false) }
      }
    }
    guard let offence = firstOffence else { return Column(name: name, values: .numeric(numbers)) }
    if kind == .numeric, !offence.isNotFinite {
      throw .column(
        .textWhereNumbersWere(text: reader.string(row: offence.row, column: column), column: name),
        at: reader.grid.place(row: offence.row, column: column))
    }
    let cells = rows.count - missingCount
    if kind == .numeric || 2 * numberCount >= cells {
      throw fault(
        at: offence.row, column, name, isNotFinite: offence.isNotFinite, numbers: numberCount, cells: cells)
    }
    if let row = decimalCommaOffence(column, cells: cells) {
      throw .column(
        .decimalComma(text: reader.string(row: row, column: column), column: name),
        at: reader.grid.place(row: row, column: column))
    }
    return Column(name: name, values: categories(column))
  }

  private func fault(
    at row: Int, _ column: Int, _ name: String, isNotFinite: Bool, numbers: Int, cells: Int
  ) -> DataError {
    let text = reader.string(row: row, column: column)
    if row == 0, !isNotFinite, cells > 2, numbers == cells - 1 {
      return .column(
        .textAboveNumbers(text: text, column: name), at: reader.grid.place(row: row, column: column))
    }
    let fault =
      isNotFinite
      ? ColumnFault.notFinite(text: text, column: name)
      : MarkedNumber.matches(text)
        ? .markedNumber(text: text, column: name)
        : .textAmongNumbers(text: text, column: name, numbers: numbers, cells: cells)
    return .column(fault, at: reader.grid.place(row: row, column: column))
  }

  /// The first cell that is a number only with a decimal comma, where at least half of the values read so.
  private func decimalCommaOffence(_ column: Int, cells: Int) -> Int? {
    guard !reader.decimalComma else { return nil }
    var (count, first) = (0, Int?.none)
    for row in rows where reader.isDecimalCommaNumber(row: row, column: column) {
      count += 1
      if first == nil, reader.value(row: row, column: column) == .text { first = row }
    }
    return 2 * count >= cells ? first : nil
  }

  private func categories(_ column: Int) -> Column.Values {
    var (levels, codes, known) = ([String](), [Int32](), [String: Int32]())
    codes.reserveCapacity(rows.count)
    for row in rows {
      if reader.value(row: row, column: column) == .missing {
        codes.append(-1)
        continue
      }
      let text = reader.string(row: row, column: column)
      if let code = known[text] {
        codes.append(code)
      } else {
        known[text] = Int32(levels.count)
        codes.append(Int32(levels.count))
        levels.append(text)
      }
    }
    return .categorical(levels: levels, codes: codes)
  }
}
