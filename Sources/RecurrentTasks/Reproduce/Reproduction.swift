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
  /// What of the command line it looks at beside the data.
  static var options: Set<ReproductionOption> { get }
  /// Runs of each network unless `--seeds` says otherwise.
  static var seeds: Int { get }
  /// Epochs of each run unless `--epochs` says otherwise.
  static var epochs: Int { get }

  init(_ settings: ReproductionSettings)

  /// Repeats it.
  ///
  /// - Parameter progress: told what is done, a line at a time, from any thread.
  func report(_ progress: @escaping @Sendable (String) -> Void) throws -> ReproductionReport
}

extension Reproduction {
  /// Networks are trained.
  package static var options: Set<ReproductionOption> { [.seeds, .epochs, .threads, .figures] }
  /// Of use where networks are trained.
  package static var seeds: Int { 1 }
  /// Of use where networks are trained.
  package static var epochs: Int { 1 }
}

/// What a ``Reproduction`` may look at beside its data.
package enum ReproductionOption: Sendable {
  case seeds, epochs, forecasterSeeds, seed, threads, figures
}

/// What the command line says about a ``Reproduction``.
package struct ReproductionSettings: Sendable {
  /// The path of `--data`.
  package var data: String?
  package var seeds: Int
  package var epochs: Int
  /// Runs of the task's own forecaster.
  package var forecasterSeeds: Int
  /// Of the numbers in worked examples.
  package var seed: UInt64
  package var threads: Int

  package init(
    data: String? = nil, seeds: Int = 1, epochs: Int = 1, forecasterSeeds: Int = 1, seed: UInt64 = 1,
    threads: Int = 1
  ) {
    (self.data, self.seeds, self.epochs) = (data, seeds, epochs)
    (self.forecasterSeeds, self.seed, self.threads) = (forecasterSeeds, seed, threads)
  }
}

/// All of them, in the order of the help.
package enum Reproductions {
  package static let all: [any Reproduction.Type] = [
    NoteOneHot.self,
    NoteBidirectional.self,
    PM25Reproduction.self,
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
