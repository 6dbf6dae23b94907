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

  init(settings: ReproductionSettings)

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
