internal import Foundation
internal import RecurrentCore

/// Texts of which each has one label: reviews and their sentiment, names and their language.
public struct LabelledTexts: Sendable, Hashable {
  /// In the order of the file, or of the classes and their files.
  public let texts: [String]
  /// For each text an index into ``labelNames``.
  public let labels: [Int]
  /// Every label once, in the order of their Unicode scalars, so that the order of examples changes no index.
  public let labelNames: [String]
  private let places: [Spot]
  private let sources: [String]

  /// Where a text begins.
  private struct Spot: Sendable, Hashable {
    var source: Int
    /// Nil: the text is the whole file.
    var line: Int?
    var column: Int?
  }

  /// One example on its way in.
  private struct Example {
    var text: String
    var label: String
    var spot: Spot
  }

  private init(_ examples: [Example], sources: [String], what: String, in source: String) throws(DataError) {
    if examples.isEmpty { throw .sequence(.noExample(what: what), at: DataError.Place(source)) }
    let names = Set(examples.map(\.label)).sorted {
      $0.unicodeScalars.lexicographicallyPrecedes($1.unicodeScalars)
    }
    let indices = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
    texts = examples.map(\.text)
    labels = examples.map { indices[$0.label] ?? 0 }
    (labelNames, places, self.sources) = (names, examples.map(\.spot), sources)
  }

  /// `file:line:column` of a text, or the file alone where it is the text.
  public func place(_ index: Int) -> DataError.Place {
    let spot = places[index]
    return DataError.Place(sources[spot.source], line: spot.line, column: spot.column)
  }

  // MARK: - Tables

  /// Two columns of a table.
  ///
  /// Between tabs a cell is what stands there, quotation marks too; otherwise cells may be quoted, as in a ``Table``. Blank lines
  /// between tabs are passed over.
  ///
  /// - Parameters:
  ///   - bytes: the file, unpacked.
  ///   - source: its name, for errors.
  ///   - text: the column of the texts.
  ///   - label: the column of the labels.
  ///   - delimiter: of columns; default: a tab.
  ///   - hasHeader: whether the first line names the columns; default nil: where a column is asked for by name.
  ///   - encoding: default UTF-8.
  /// - Throws: ``DataError``: no such column, a line with too few columns or without a label, not a table, no row.
  /// - Precondition: a column is asked for by name only where there is a header.
  public init(
    table bytes: [UInt8], source: String, text: ColumnKey, label: ColumnKey, delimiter: CSVDelimiter = .tab,
    hasHeader: Bool? = nil, encoding: TextEncoding = .utf8
  ) throws(DataError) {
    let rows = try LabelledRows(
      TextSource(name: source, bytes: encoding.utf8(bytes)), delimiter: delimiter,
      hasHeader: hasHeader ?? (text.isName || label.isName))
    let (textColumn, labelColumn) = (try rows.number(of: text), try rows.number(of: label))
    var examples: [Example] = []
    for row in 0..<rows.count {
      let text = try rows.cell(row, textColumn)
      let label = try rows.cell(row, labelColumn)
      if label.text.isEmpty { throw .sequence(.missingLabel, at: label.place) }
      examples.append(
        Example(
          text: text.text, label: label.text,
          spot: Spot(source: 0, line: text.place.line, column: text.place.column)))
    }
    try self.init(examples, sources: [source], what: "row", in: source)
  }

  // MARK: - Files

  /// A file, or several, for each class.
  ///
  /// - Parameters:
  ///   - files: label and path; a label may come more than once. Files are unpacked if they are compressed.
  ///   - isLineByLine: every line that is not blank is a text; false: the file is one.
  ///   - encoding: default UTF-8.
  /// - Throws: ``DataError``: a file that cannot be read or is not of that encoding, no text at all.
  public init(
    files: [(label: String, path: String)], isLineByLine: Bool, encoding: TextEncoding = .utf8
  ) throws(DataError) {
    var examples: [Example] = []
    for (index, file) in files.enumerated() {
      let text = try TextSource(name: file.path, bytes: encoding.utf8(try DataFile.read(file.path)))
      guard isLineByLine else {
        examples.append(
          Example(
            text: String(decoding: text.bytes[text.start...], as: UTF8.self), label: file.label,
            spot: Spot(source: index)))
        continue
      }
      for (number, line) in TextLines(text).ranges.enumerated() where !text.bytes[line].isBlankText {
        examples.append(
          Example(
            text: String(decoding: text.bytes[line], as: UTF8.self), label: file.label,
            spot: Spot(source: index, line: number + 1, column: 1)))
      }
    }
    try self.init(
      examples, sources: files.map(\.path), what: "text", in: files.first?.path ?? "the list of files")
  }

  /// A folder with one sub-folder for each class, whose files are the texts; or with one file for each class, named after it without the
  /// last ending (`French.txt`), whose lines are the texts.
  ///
  /// Names that begin with "." are passed over, and so are files beside sub-folders.
  ///
  /// - Throws: ``DataError``: a folder that cannot be read or has no text, a file that is not of that encoding.
  public init(folder: String, encoding: TextEncoding = .utf8) throws(DataError) {
    let entries = try Self.entries(folder)
    let classes = entries.filter(\.isFolder)
    if classes.isEmpty {
      let files = entries.map { ((($0.name as NSString).deletingPathExtension), $0.path) }
      guard !files.isEmpty else { throw .sequence(.noExample(what: "text"), at: DataError.Place(folder)) }
      try self.init(files: files.map { (label: $0.0, path: $0.1) }, isLineByLine: true, encoding: encoding)
      return
    }
    var files: [(label: String, path: String)] = []
    for entry in classes {
      for file in try Self.entries(entry.path) where !file.isFolder { files.append((entry.name, file.path)) }
    }
    guard !files.isEmpty else { throw .sequence(.noExample(what: "text"), at: DataError.Place(folder)) }
    try self.init(files: files, isLineByLine: false, encoding: encoding)
  }

  private struct Entry {
    let name: String
    let path: String
    let isFolder: Bool
  }

  /// In the order of their names' bytes, which is the same on every system.
  private static func entries(_ folder: String) throws(DataError) -> [Entry] {
    var isFolder = ObjCBool(false)
    let files = FileManager.default
    guard files.fileExists(atPath: folder, isDirectory: &isFolder) else {
      throw .file(.missing, path: folder)
    }
    guard isFolder.boolValue else {
      throw .file(.unreadable(reason: "it is no folder"), path: folder)
    }
    guard let names = try? files.contentsOfDirectory(atPath: folder) else {
      throw .file(.unreadable(reason: "the folder cannot be listed"), path: folder)
    }
    return names.filter { !$0.hasPrefix(".") }.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.map {
      name in
      let path = folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
      var isFolder = ObjCBool(false)
      _ = files.fileExists(atPath: path, isDirectory: &isFolder)
      return Entry(name: name, path: path, isFolder: isFolder.boolValue)
    }
  }

  // MARK: - Parts

  /// For each text the number of the first that is equal to it: groups for a split in which no text stands in two parts.
  public var distinctTexts: [Int] {
    var first: [String: Int] = [:]
    return texts.enumerated().map { index, text in
      if let earlier = first[text] { return earlier }
      first[text] = index
      return index
    }
  }

  /// Some of the texts, in the order of their numbers as given; labels keep their indices.
  public func selecting(_ indices: [Int]) -> LabelledTexts {
    LabelledTexts(
      texts: indices.map { texts[$0] }, labels: indices.map { labels[$0] }, labelNames: labelNames,
      places: indices.map { places[$0] }, sources: sources)
  }

  private init(
    texts: [String], labels: [Int], labelNames: [String], places: [Spot], sources: [String]
  ) {
    (self.texts, self.labels, self.labelNames) = (texts, labels, labelNames)
    (self.places, self.sources) = (places, sources)
  }
}
