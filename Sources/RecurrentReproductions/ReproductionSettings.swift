internal import Foundation

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

extension ReproductionSettings {
  /// A file of the folder of `--data`, packed where it does not lie there plain.
  func path(_ name: String) -> String {
    let plain = "\(data ?? "")/\(name)"
    return FileManager.default.fileExists(atPath: plain) ? plain : plain + ".gz"
  }
}
