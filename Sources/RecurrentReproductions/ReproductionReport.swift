/// What a reproduction of a published experiment gives: tables to read, checks that passed or failed, and figures.
package struct ReproductionReport: Codable, Equatable, Sendable {
  /// Rows of text under a heading.
  package struct Table: Codable, Equatable, Sendable {
    package let title: String
    package let columns: [String]
    package let rows: [[String]]
    /// What a reader has to know to read it.
    package let note: String?

    package init(_ title: String, columns: [String], rows: [[String]], note: String? = nil) {
      self.title = title
      self.columns = columns
      self.rows = rows
      self.note = note
    }
  }

  /// One statement that the run decides.
  package struct Check: Codable, Equatable, Sendable {
    package let statement: String
    package let found: String
    package let passed: Bool

    package init(_ statement: String, found: String, passed: Bool) {
      self.statement = statement
      self.found = found
      self.passed = passed
    }
  }

  package let name: String
  package let title: String
  package internal(set) var tables: [Table] = []
  package var checks: [Check] = []
  /// File name and contents.
  package internal(set) var figures: [String: String] = [:]

  init(name: String, title: String) {
    self.name = name
    self.title = title
  }

  package var passed: Bool { checks.allSatisfy(\.passed) }
}
