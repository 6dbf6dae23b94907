import Foundation
import RecurrentCore
import RecurrentHMM
import RecurrentInterchange
import Testing

/// Likelihoods, densities, posteriors, best paths and one EM step of every emission, against hmmlearn's; see
/// Tools/reference/README.md.
@Suite struct HmmlearnTests {
  private struct Case {
    let tensors: SafeTensors
    let lengths: [Int]

    init(_ name: String) throws {
      let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      let file = folder.appendingPathComponent("Fixtures/hmmlearn/\(name).safetensors")
      tensors = try SafeTensors(bytes: [UInt8](Data(contentsOf: file)))
      lengths = try tensors.int64s(named: "lengths").map { Int($0) }
    }

    func values(_ name: String) throws -> [Double] { try tensors.doubles(named: name) }

    func matrix(_ name: String, columns: Int) throws -> Matrix<Double> {
      let elements = try values(name)
      return Matrix(rows: elements.count / columns, columns: columns, elements: elements)
    }

    func matrices(_ name: String, size: Int) throws -> [Matrix<Double>] {
      let elements = try values(name)
      return stride(from: 0, to: elements.count, by: size * size).map {
        Matrix(rows: size, columns: size, elements: Array(elements[$0..<$0 + size * size]))
      }
    }

    /// The sequences' ranges of rows.
    var ranges: [Range<Int>] {
      var first = 0
      return lengths.map { length in
        defer { first += length }
        return first..<first + length
      }
    }

    func model<E: Emission>(_ emission: E) throws -> HiddenMarkovModel<E> {
      let initial = try values("startprob")
      return try HiddenMarkovModel(
        initial: initial, transition: matrix("transmat", columns: initial.count), emission: emission)
    }

    var vectors: [VectorSequence] {
      get throws {
        let columns = try values("obs").count / lengths.reduce(0, +)
        let all = try matrix("obs", columns: columns)
        return ranges.map { VectorSequence(Matrix($0.map { all.row($0) })) }
      }
    }

    var symbols: [SymbolSequence] {
      get throws {
        let all = try tensors.int64s(named: "obs").map { Int($0) }
        return ranges.map { SymbolSequence(Array(all[$0])) }
      }
    }
  }

  /// - Parameter moved: the emission's numbers in the fixture's order and by the fixture's names.
  private func check<E: Emission>(
    _ sample: Case, _ model: HiddenMarkovModel<E>, _ sequences: [E.Observations],
    moved: (E) -> [String: [Double]]
  ) throws {
    // hmmlearn agrees with plain loops to 1.1e-13 relative above 1, and so must this.
    let bound = 1e-12
    #expect(error(try model.logLikelihoods(sequences), try sample.values("log_likelihood")) <= bound)
    #expect(
      error(
        sequences.flatMap { model.emissionScores($0).elements }, try sample.values("frame_log_likelihood"))
        <= bound)
    let posteriors = try sequences.map { try model.posterior($0) }
    #expect(error(posteriors.flatMap(\.states.elements), try sample.values("posteriors")) <= bound)
    #expect(try model.posteriors(sequences, threads: 3) == posteriors)
    let paths = try model.mostLikelyPaths(sequences)
    #expect(paths.flatMap(\.states) == (try sample.tensors.int64s(named: "viterbi").map { Int($0) }))
    #expect(error(paths.map(\.score), try sample.values("viterbi_log_probability")) <= bound)

    for threads in [1, 3] {
      var learning = try BaumWelch(
        model, sequences, options: BaumWelchOptions(steps: 1, tolerance: 0, emptyStates: .fail),
        threads: threads)
      #expect(error(learning.logLikelihood, try sample.values("em.log_likelihood")[0]) <= bound)
      let step = try #require(try learning.next())
      #expect(error(step.model.initial, try sample.values("em.startprob")) <= bound)
      #expect(error(step.model.transition.elements, try sample.values("em.transmat")) <= bound)
      for (name, values) in moved(step.model.emission) {
        #expect(error(values, try sample.values("em.\(name)")) <= bound, "\(name)")
      }
      let after = try learning.next()
      #expect(step.change > 0 && after?.number == nil && learning.stopReason == .stepsCompleted)
    }
  }

  @Test(arguments: ["categorical", "categorical-structural-zeros"]) func categorical(_ name: String) throws {
    let sample = try Case(name)
    let emission = CategoricalEmission(try sample.matrix("emissionprob", columns: 5))
    try check(sample, sample.model(emission), sample.symbols) {
      ["emissionprob": $0.probabilities.elements]
    }
  }

  @Test func gaussianDiagonal() throws {
    let sample = try Case("gaussian-diag")
    let emission = GaussianEmission(
      means: try sample.matrix("means", columns: 2),
      covariance: .diagonal(try sample.matrix("covars", columns: 2)))
    try check(sample, sample.model(emission), sample.vectors) {
      ["means": $0.means.elements, "covars": $0.covariance.elements]
    }
  }

  @Test func gaussianSpherical() throws {
    let sample = try Case("gaussian-spherical")
    let emission = GaussianEmission(
      means: try sample.matrix("means", columns: 2), covariance: .spherical(try sample.values("covars")))
    try check(sample, sample.model(emission), sample.vectors) {
      ["means": $0.means.elements, "covars": $0.covariance.elements]
    }
  }

  @Test func gaussianFull() throws {
    let sample = try Case("gaussian-full")
    let emission = GaussianEmission(
      means: try sample.matrix("means", columns: 3), covariance: .full(try sample.matrices("covars", size: 3))
    )
    try check(sample, sample.model(emission), sample.vectors) {
      ["means": $0.means.elements, "covars": $0.covariance.elements]
    }
  }

  @Test func gaussianTied() throws {
    let sample = try Case("gaussian-tied")
    let emission = GaussianEmission(
      means: try sample.matrix("means", columns: 3),
      covariance: .tied(try sample.matrix("covars", columns: 3)))
    try check(sample, sample.model(emission), sample.vectors) {
      ["means": $0.means.elements, "covars": $0.covariance.elements]
    }
  }

  @Test(arguments: ["gmm-diag", "gmm-full", "gmm-spherical", "gmm-tied"])
  func mixture(_ name: String) throws {
    let sample = try Case(name)
    let covariance: GaussianCovariance =
      switch name {
      case "gmm-diag": .diagonal(try sample.matrix("covars", columns: 2))
      case "gmm-full": .full(try sample.matrices("covars", size: 2))
      case "gmm-spherical": .spherical(try sample.values("covars"))
      default: .full(try sample.matrices("covars", size: 2).flatMap { [$0, $0, $0] })
      }
    let emission = GaussianMixtureEmission(
      weights: try sample.matrix("weights", columns: 3), means: try sample.matrix("means", columns: 2),
      covariance: covariance, isTied: name == "gmm-tied")
    try check(sample, sample.model(emission), sample.vectors) { moved in
      var covars = moved.components.covariance.elements
      if name == "gmm-tied" { covars = [0, 3].flatMap { Array(covars[$0 * 4..<$0 * 4 + 4]) } }
      return ["weights": moved.weights.elements, "means": moved.components.means.elements, "covars": covars]
    }
  }

  @Test func poisson() throws {
    let sample = try Case("poisson")
    let emission = PoissonEmission(rates: try sample.matrix("lambdas", columns: 2))
    try check(sample, sample.model(emission), sample.vectors) { ["lambdas": $0.rates.elements] }
  }
}

extension GaussianCovariance {
  var elements: [Double] {
    switch self {
    case .diagonal(let variances): variances.elements
    case .full(let matrices): matrices.flatMap(\.elements)
    case .spherical(let variances): variances
    case .tied(let matrix): matrix.elements
    }
  }
}
