/// Which columns hold the time.
public enum TimeChoice: Equatable, Sendable {
  /// The first column whose first value is a time, joined with one of clock times where it holds dates alone; otherwise
  /// columns named year, month, day, hour, minute, second, if two or more make a time without a hole; otherwise none.
  case automatic
  /// Rows are counted: 0, 1, 2, …
  case none
  /// One column of times, or of seconds or milliseconds since 1970; one of dates and one of clock times; or several
  /// that hold one part each. A part is told by the column's name, or given as `part=column`, for example `year=jahr`.
  case columns([String])

  /// As on the command line: `auto`, `none`, or names joined by commas.
  public init(parsing text: String) {
    switch text {
    case "auto": self = .automatic
    case "none": self = .none
    default: self = .columns(text.split(separator: ",").map(String.init))
    }
  }
}

extension TimeChoice {
  /// The columns that an earlier table's times were in.
  init(_ reading: TableReading) { self = reading.time.isEmpty ? .none : .columns(reading.time) }
}

extension TimeChoice: Codable {
  public init(from decoder: any Decoder) throws {
    self.init(parsing: try decoder.singleValueContainer().decode(String.self))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .automatic: try container.encode("auto")
    case .none: try container.encode("none")
    case .columns(let names): try container.encode(names.joined(separator: ","))
    }
  }
}

/// A part of a date and time that can have a column of its own.
enum TimePart: String, CaseIterable, Comparable, Sendable {
  case year, month, day, hour, minute, second

  static func < (first: Self, second: Self) -> Bool {
    allCases.firstIndex(of: first)! < allCases.firstIndex(of: second)!
  }
}

/// Columns that were found to hold the time, by their index in the table.
enum TimeColumns: Equatable {
  case none
  /// Whole times, or dates whose clock times are in a column of their own; or, where it was named, counts from 1970.
  case text(Int, clock: Int?)
  case parts([TimePart: Int])
}
