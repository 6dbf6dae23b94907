import RecurrentCore
import RecurrentHMM
import RecurrentTestSupport
import Testing

/// An emission of symbols that is not the package's own is computed by its table of scores, where it has one.
@Suite("Tables of scores") struct ScoreTableTests {
  private static func emission(tableRows: Int?) -> BinomialEmission {
    BinomialEmission(tries: 4, chances: [0.15, 0.5, 0.9], tableRows: tableRows)
  }

  private static func model(tableRows: Int?) throws(HMMError) -> HiddenMarkovModel<BinomialEmission> {
    try HiddenMarkovModel(
      initial: [0.5, 0.3, 0.2], transition: Matrix([[0.8, 0.1, 0.1], [0.2, 0.7, 0.1], [0, 0.3, 0.7]]),
      emission: emission(tableRows: tableRows))
  }

  /// With the symbols 2 and 4, which not every table has, and missing steps.
  private static let observations = SymbolSequence(
    (0..<300).map { t -> Int? in t % 11 == 3 ? nil : t * t % 5 })

  private static func gaps(_ symbols: SymbolSequence, _ missing: Set<Int>) -> SymbolSequence {
    SymbolSequence((0..<symbols.count).map { missing.contains($0) ? nil : symbols[$0] })
  }

  @Test(arguments: [nil, 5, 3] as [Int?]) func contract(_ rows: Int?) {
    #expect(checkEmission(Self.emission(tableRows: rows), missing: Self.gaps) == [])
  }

  /// A table of other numbers than those that are written is found.
  @Test func wrongTable() {
    var emission = Self.emission(tableRows: 5)
    emission.tableError = 1e-9
    let failures = checkEmission(emission, missing: Self.gaps)
    #expect(failures.contains { $0.contains("scores as the table says of symbol") })
  }

  @Test func tableIsRead() throws {
    let (written, read) = (try Self.model(tableRows: nil), try Self.model(tableRows: 5))
    let own = Self.observations
    #expect(try read.logLikelihood(own) == written.logLikelihood(own))
    #expect(try read.posterior(own) == written.posterior(own))
    #expect(try read.mostLikelyPath(own) == written.mostLikelyPath(own))
    #expect(read.emission.written.current == 0 && written.emission.written.current > 0)
  }

  /// A table may lack symbols that the emission knows: a sequence with one is scored step by step.
  @Test func symbolsBeyondTheTable() throws {
    let (written, read) = (try Self.model(tableRows: nil), try Self.model(tableRows: 3))
    #expect(try read.posterior(Self.observations) == written.posterior(Self.observations))
    #expect(read.emission.written.current > 0)
    let few = SymbolSequence([0, 1, nil, 2, 2])
    let before = read.emission.written.current
    #expect(try read.logLikelihood(few) == written.logLikelihood(few))
    #expect(read.emission.written.current == before)
  }

  @Test func learning() throws {
    let sequences = (0..<6).map { number in
      SymbolSequence((0..<50).map { t in (t * t + number * t) % 5 })
    }
    let options = BaumWelchOptions<BinomialEmission>(steps: 5)
    let read = try BaumWelch.best(of: 1, sequences, options: options) { _ throws(HMMError) in
      try Self.model(tableRows: 5)
    }
    let written = try BaumWelch.best(of: 1, sequences, options: options) { _ throws(HMMError) in
      try Self.model(tableRows: nil)
    }
    #expect(read.learning.model.emission.chances == written.learning.model.emission.chances)
    #expect(read.learning.model.transition == written.learning.model.transition)
  }
}
