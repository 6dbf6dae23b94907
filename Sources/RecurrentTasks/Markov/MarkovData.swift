public import Recurrent
internal import RecurrentCore

/// Sequences for a hidden Markov model, read from a text or a table, each step with its place.
public struct MarkovData: Sendable {
  /// What the steps show.
  public enum Content: Sendable {
    /// Words, characters, or categories of a column; `nil` where a step is missing.
    case symbols([[String?]])
    /// Numbers of some columns.
    case vectors([VectorSequence])
  }

  /// The file's path, or the name given to the text.
  public let source: String
  /// The steps.
  public let content: Content
  /// What the text says of each step's state; `nil` where it has no such column.
  public let labels: [[String]]?
  /// The names of the columns, where it is a table.
  public let columns: [String]
  /// The column of a table that parts its sequences; `nil`: there is none.
  public let sequenceColumn: String?
  /// Rows of a table of which some cells are empty and others not: each is a missing step as a whole.
  public let partialRowCount: Int
  /// Said behind an error about a symbol that a model does not have, with a semicolon before it: how else the file may be read.
  public var advice = ""
  /// Of CoNLL columns, the one of the words, from 1; `nil`: it is another kind of text.
  public var tokenColumn: Int?
  /// Of CoNLL columns, the one of the labels, from 1; `nil`: there is none.
  public var labelColumn: Int?
  private let places: Places

  private enum Places: Sendable {
    /// Of each token.
    case tokens([[(line: Int, column: Int)]])
    /// The rows of each sequence. Where a cell stands, the table finds by reading its text from the beginning: only for a message.
    case rows(Table, [Range<Int>])
  }

  /// Tokens of a text.
  ///
  /// - Parameter missing: a word that stands for a step of which nothing is known; `nil`: there is none.
  public init(_ tokens: TokenSequences, missing: String? = nil) {
    source = tokens.source
    columns = []
    sequenceColumn = nil
    partialRowCount = 0
    content = .symbols(tokens.sequences.map { $0.map { $0.text == missing ? nil : $0.text } })
    let labels = tokens.sequences.map { $0.compactMap(\.label) }
    self.labels =
      zip(labels, tokens.sequences).allSatisfy { $0.count == $1.count } && labels.contains { !$0.isEmpty }
      ? labels : nil
    places = .tokens(tokens.sequences.map { $0.map { ($0.line, $0.column) } })
  }

  /// Columns of a table: numbers as vectors, or one column of categories as symbols. A row with a missing cell is a missing step,
  /// as a whole (``partialRowCount``).
  ///
  /// - Parameters:
  ///   - columns: their names.
  ///   - sequence: a column that has another value wherever another sequence begins; `nil`: all rows are one.
  ///   - asSymbols: whether the column's values are symbols even where they are numbers; they are spelt as in the file where the
  ///     table was read with the column among its ``TableOptions/categorical``.
  ///   - missing: a symbol that stands for a step of which nothing is known; `nil`: there is none.
  /// - Throws: ``DataError``: a column that is not there, or no numbers.
  public init(
    _ table: Table, columns: [String], sequence: String?, asSymbols: Bool, missing: String? = nil
  ) throws(DataError) {
    source = table.source
    self.columns = columns
    sequenceColumn = sequence
    labels = nil
    for name in columns { _ = try table.column(named: name) }
    var starts = [0]
    if let sequence {
      let column = try table.column(named: sequence)
      starts += (1..<max(table.rowCount, 1)).filter { column.text(at: $0) != column.text(at: $0 - 1) }
    }
    let ranges = zip(starts, starts.dropFirst() + [table.rowCount]).map { $0..<$1 }
    places = .rows(table, ranges)
    if asSymbols {
      partialRowCount = 0
      let column = try table.column(named: columns[0])
      content = .symbols(
        ranges.map { range in
          range.map { row in
            let text = column.text(at: row)
            return text == missing ? nil : text
          }
        })
      return
    }
    var numbers: [[Double]] = []
    for name in columns { numbers.append(try table.numbers(in: name)) }
    partialRowCount = (0..<table.rowCount).count { row in
      let missing = numbers.count { $0[row].isNaN }
      return missing > 0 && missing < numbers.count
    }
    content = .vectors(
      ranges.map { range in
        let rows = range.map { row in numbers.map { $0[row] } }
        let missing = Set(rows.indices.filter { rows[$0].contains { $0.isNaN } })
        return VectorSequence(
          Matrix(rows: rows.count, columns: columns.count, elements: rows.flatMap(\.self)), missing: missing)
      })
  }

  /// Sequences there are.
  public var sequenceCount: Int {
    switch content {
    case .symbols(let sequences): sequences.count
    case .vectors(let sequences): sequences.count
    }
  }

  /// Steps of all of them.
  public var stepCount: Int {
    switch places {
    case .tokens(let tokens): tokens.reduce(0) { $0 + $1.count }
    case .rows(_, let ranges): ranges.reduce(0) { $0 + $1.count }
    }
  }

  /// Steps of all of them that are not missing.
  public var observedStepCount: Int { (0..<sequenceCount).reduce(0) { $0 + observedStepCount(of: $1) } }

  /// Steps of one that are not missing.
  public func observedStepCount(of sequence: Int) -> Int {
    switch content {
    case .symbols(let sequences): sequences[sequence].count { $0 != nil }
    case .vectors(let sequences): sequences[sequence].observedCount
    }
  }

  /// Every symbol that occurs, in the order of its first step.
  public var vocabulary: [String] {
    guard case .symbols(let sequences) = content else { return [] }
    var seen: Set<String> = []
    return sequences.flatMap { $0.compactMap { $0 } }.filter { seen.insert($0).inserted }
  }

  /// `file:line:column` of a step; of a step behind the last, the sequence's last line.
  ///
  /// - Parameter column: of a table, which of ``columns``.
  public func place(sequence: Int, step: Int, column: Int = 0) -> String {
    switch places {
    case .tokens(let tokens):
      let own = tokens[sequence]
      guard let found = step < own.count ? own[step] : own.last else { break }
      return "\(source):\(found.line):\(found.column)"
    case .rows(let table, let ranges):
      guard !ranges[sequence].isEmpty else { break }
      let row = ranges[sequence].lowerBound + min(step, ranges[sequence].count - 1)
      return "\(table.place(row: row, column: columns[column]))"
    }
    return "\(source): sequence \(sequence + 1)"
  }

  /// The same of where a sequence is impossible: of one that cannot end, its last step. `nil` of every other fault.
  public func place(of fault: HMMError) -> String? {
    switch fault {
    case .impossible(let sequence, let step): place(sequence: sequence, step: step)
    case .cannotEnd(let sequence): place(sequence: sequence, step: .max)
    default: nil
    }
  }

  /// The columns of numbers that are the same in every step, of two or more.
  public var constantColumns: [String] {
    guard case .vectors(let sequences) = content else { return [] }
    let rows = sequences.flatMap { sequence in (0..<sequence.count).compactMap { sequence[$0] } }
    guard rows.count > 1 else { return [] }
    return columns.indices.filter { d in rows.allSatisfy { $0[d] == rows[0][d] } }.map { columns[$0] }
  }

  /// The steps as numbers of a vocabulary.
  ///
  /// - Throws: ``MarkovError``: the first symbol that is not among them, with its place and the nearest that is.
  public func symbolSequences(_ vocabulary: [String]) throws(MarkovError) -> [SymbolSequence] {
    guard case .symbols(let sequences) = content else {
      throw MarkovError("\(source): the model has symbols, but these are columns of numbers")
    }
    let numbers = Dictionary(vocabulary.enumerated().map { ($1, $0) }) { first, _ in first }
    var found: [SymbolSequence] = []
    for (number, sequence) in sequences.enumerated() {
      var symbols: [Int?] = []
      for (step, text) in sequence.enumerated() {
        guard let text else {
          symbols.append(nil)
          continue
        }
        guard let symbol = numbers[text] else {
          let nearest =
            nearestName(to: text, among: vocabulary).map { "; the nearest it has is \(quoted($0))" } ?? ""
          throw MarkovError(
            "\(place(sequence: number, step: step)): symbol \(quoted(text)) is unknown to the model\(nearest)\(advice)"
          )
        }
        symbols.append(symbol)
      }
      found.append(SymbolSequence(symbols))
    }
    return found
  }

  /// The steps as vectors.
  ///
  /// - Throws: ``MarkovError`` where they are symbols.
  public func vectorSequences() throws(MarkovError) -> [VectorSequence] {
    guard case .vectors(let sequences) = content else {
      throw MarkovError("\(source): the model has vectors, but these are symbols; name columns of a table")
    }
    return sequences
  }

  /// A model's fault in this file: with the line where there is a step.
  public func error(_ fault: HMMError) -> MarkovError {
    if case .observation(let sequence, let step, let column, let value, let expected) = fault {
      return MarkovError(
        "\(place(sequence: sequence, step: step, column: column)): found \(value), expected \(expected)")
    }
    return MarkovError("\(place(of: fault) ?? source): \(fault)")
  }
}

/// Why work with a hidden Markov model on a file cannot be done, in one line.
public struct MarkovError: Error, Sendable, Hashable, CustomStringConvertible {
  /// Place, finding, expectation, remedy.
  public let description: String

  /// A line.
  public init(_ description: String) { self.description = description }
}

extension Column {
  /// A cell as text; `nil` where it is missing.
  func text(at row: Int) -> String? {
    switch values {
    case .numeric(let numbers):
      let value = numbers[row]
      if value.isNaN { return nil }
      return value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : "\(value)"
    case .categorical(let levels, let codes): return codes[row] < 0 ? nil : levels[Int(codes[row])]
    case .time: return nil
    }
  }
}
