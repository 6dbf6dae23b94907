/// What a reproduction of a published experiment gives: tables to read, checks that passed or failed, and figures.
public struct ReproductionReport: Codable, Equatable, Sendable {
  /// Rows of text under a heading.
  public struct Table: Codable, Equatable, Sendable {
    public let title: String
    public let columns: [String]
    public let rows: [[String]]
    /// What a reader has to know to read it.
    public let note: String?

    public init(_ title: String, columns: [String], rows: [[String]], note: String? = nil) {
      self.title = title
      self.columns = columns
      self.rows = rows
      self.note = note
    }
  }

  /// One statement that the run decides.
  public struct Check: Codable, Equatable, Sendable {
    public let statement: String
    public let found: String
    public let passed: Bool

    public init(_ statement: String, found: String, passed: Bool) {
      self.statement = statement
      self.found = found
      self.passed = passed
    }
  }

  public let name: String
  public let title: String
  public internal(set) var tables: [Table] = []
  public package(set) var checks: [Check] = []
  /// File name and contents.
  public internal(set) var figures: [String: String] = [:]

  init(name: String, title: String) {
    self.name = name
    self.title = title
  }

  public var passed: Bool { checks.allSatisfy(\.passed) }
}
