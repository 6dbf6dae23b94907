internal import Foundation
public import Recurrent

/// How files of labelled examples are read.
public struct ClassifierReading: Codable, Equatable, Sendable {
  /// Of a table, the column of the texts.
  public var textColumn: ColumnKey = 2
  /// Of a table, the column of the labels.
  public var labelColumn: ColumnKey = 1
  /// Of a table; `nil`: a comma where the file is called `.csv`, else a tab.
  public var delimiter: CSVDelimiter?
  /// Whether a table's first line names its columns; `nil`: where a column is asked for by name.
  public var hasHeader: Bool?
  /// Of texts.
  public var encoding = TextEncoding.utf8

  /// The defaults.
  public init() {}

  /// Reads a folder with one sub-folder, or one file of lines, for each class; a file of series that is called `.ts`, or
  /// `.ts.gz`; or a table of texts and labels.
  ///
  /// - Throws: ``TaskError/data(_:)`` and ``TaskError/text(_:)``: what cannot be read, and where.
  public func read(_ path: String) throws(TaskError) -> ClassifierData {
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
      return try taskErrors(DataError.self) { () throws(DataError) in
        .init(.texts(try LabelledTexts(folder: path, encoding: encoding)), source: path)
      }
    }
    if Self.isSeries(path) {
      return try taskErrors(DataError.self) { () throws(DataError) in
        .init(.series(try LabelledSeries(timeSeriesAt: path)), source: path)
      }
    }
    let bytes = try taskErrors(DataError.self) { () throws(DataError) in try DataFile.read(path) }
    return try read(table: bytes, source: path)
  }

  /// Reads a table of texts and labels that is in memory.
  ///
  /// - Parameter source: its name.
  /// - Throws: as ``read(_:)``.
  public func read(table bytes: [UInt8], source: String) throws(TaskError) -> ClassifierData {
    let header = try header(texts: [textColumn, labelColumn], source)
    return try taskErrors(DataError.self) { () throws(DataError) in
      .init(
        .texts(
          try LabelledTexts(
            table: bytes, source: source, text: textColumn, label: labelColumn,
            delimiter: delimiter ?? Self.delimiter(of: source), hasHeader: header, encoding: encoding)),
        source: source)
    }
  }

  /// The texts of a table, whatever its labels.
  ///
  /// - Throws: as ``read(_:)``.
  public func texts(ofTable bytes: [UInt8], source: String) throws(TaskError) -> [String] {
    let header = try header(texts: [textColumn], source)
    return try taskErrors(DataError.self) { () throws(DataError) in
      try LabelledTexts.column(
        textColumn, ofTable: bytes, source: source, delimiter: delimiter ?? Self.delimiter(of: source),
        hasHeader: header, encoding: encoding)
    }
  }

  /// Whether a file of this name is one of series.
  public static func isSeries(_ path: String) -> Bool { Self.plain(path).hasSuffix(".ts") }

  private func header(texts columns: [ColumnKey], _ source: String) throws(TaskError) -> Bool {
    let name = columns.lazy.compactMap { if case .name(let name) = $0 { name } else { nil } }.first
    guard let name else { return hasHeader ?? false }
    guard hasHeader != false else { throw .text(.columnWithoutHeader(source: source, column: name)) }
    return true
  }

  private static func delimiter(of source: String) -> CSVDelimiter {
    plain(source).hasSuffix(".csv") ? .comma : .tab
  }

  /// Without what says that a file is compressed.
  private static func plain(_ path: String) -> String {
    let path = path.lowercased()
    return path.hasSuffix(".gz") ? String(path.dropLast(3)) : path
  }
}
