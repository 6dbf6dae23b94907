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

/// A published experiment that `recurrent reproduce` repeats on the experiment's own data.
package protocol Reproduction: Sendable {
  /// As on the command line: "names-18".
  static var name: String { get }
  /// What it is, in a clause for the help: "surnames of 18 languages, by their letters".
  static var summary: String { get }
  /// What `--data` has to name; `nil`: nothing is read from outside.
  static var data: String? { get }
  /// Runs of each network unless `--seeds` says otherwise.
  static var seeds: Int { get }
  /// Epochs of each run unless `--epochs` says otherwise.
  static var epochs: Int { get }

  init(_ settings: ReproductionSettings)

  /// Repeats it.
  ///
  /// - Parameter progress: told what is done, a line at a time.
  func report(_ progress: (String) -> Void) throws -> ReproductionReport
}

/// What the command line says about a ``Reproduction``.
package struct ReproductionSettings: Sendable {
  /// The path of `--data`.
  package var data: String?
  package var seeds: Int
  package var epochs: Int
  package var threads: Int

  package init(data: String?, seeds: Int, epochs: Int, threads: Int) {
    (self.data, self.seeds, self.epochs, self.threads) = (data, seeds, epochs, threads)
  }
}

/// All of them, in the order of the help.
package enum Reproductions {
  package static let all: [any Reproduction.Type] = [
    TimeMachineModels.self,
    TimeMachineMisuse.self,
    ShakespeareModel.self,
    UDPartsOfSpeech.self,
    WNUTEntities.self,
    ClozeReproduction.self,
    JSBChorales.self,
    RightContext.self,
    LongGap.self,
    EchoSignal.self,
    BinarySubtraction.self,
    PM25Bands.self,
    NamesModels.self,
    BookNames.self,
    MovieReviews.self,
    JapaneseVowels.self,
    BookDigits.self,
  ]
}
