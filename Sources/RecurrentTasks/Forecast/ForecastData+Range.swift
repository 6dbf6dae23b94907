internal import Recurrent

extension ForecastData {
  /// The largest size of an input. The network computes in single precision, which ends at 3.4e38: this leaves room for the
  /// square of an input and for sums of many.
  static let largestInput = 1e15

  /// Refuses a value that single precision could not compute with. Whatever lies far from the others in the training rows
  /// widens the normaliser's scale, so this meets values of the rows after them, and of all rows where nothing is normalised.
  ///
  /// - Parameter normalised: the frame as the network sees it.
  /// - Throws: ``ColumnFault/beyondRange(value:column:normalised:method:limit:)`` with the place of the first such value.
  static func requireRange(
    _ normalised: Frame, _ table: Table, _ encoded: FrameEncoder.Encoded, _ preparation: ForecastPreparation
  ) throws(DataError) {
    var column = 0
    for (index, fitted) in preparation.encoder.features.enumerated() {
      let columns = column..<column + fitted.columnNames.count
      column = columns.upperBound
      for column in columns {
        let offences = (0..<normalised.rowCount).filter {
          !(normalised[$0, column].magnitude <= largestInput)
        }
        guard let first = offences.first else { continue }
        // What was filled in follows from a value that stands in the file, which is the one to name.
        let row = offences.first { !encoded.wasMissing[index][$0] } ?? first
        let fault = ColumnFault.beyondRange(
          value: encoded.frame[row, column], column: fitted.feature.column,
          normalised: normalised[row, column],
          method: preparation.inputs.columns[column].method, limit: largestInput)
        throw .column(fault, at: table.place(row: row, column: fitted.feature.column))
      }
    }
  }
}
