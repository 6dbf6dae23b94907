import Foundation
import RecurrentCore
import RecurrentHMM
import RecurrentTestSupport
import Testing

/// Worked examples with known answers: published figures, and answers computed by another program.
@Suite struct ClassicsTests {
  /// Two dice, of which the second shows six half of the time.
  static var dice: HiddenMarkovModel<CategoricalEmission> {
    get throws {
      try HiddenMarkovModel(
        initial: [0.5, 0.5], transition: Matrix([[0.95, 0.05], [0.1, 0.9]]),
        emission: CategoricalEmission(
          Matrix([[Double](repeating: 1.0 / 6, count: 6), [0.1, 0.1, 0.1, 0.1, 0.1, 0.5]]),
          symbols: ["1", "2", "3", "4", "5", "6"]), states: ["fair", "loaded"])
    }
  }

  @Test func theDiceOfTheNote() throws {
    let model = try Self.dice
    let seen = SymbolSequence([0, 5, 1])
    let scores = model.emissionScores(seen)
    // Computed once in double precision; 1e-15 relative is its last digit.
    #expect(abs(exp(try model.logLikelihood(seen)) / 0.004_913_425_925_925_926 - 1) <= 2e-15)
    let forward = model.scores.forward(scores, in: LogSumExp.self).map { exp($0) }
    #expect(error(Array(forward.suffix(2)), [0.002_630_79, 0.002_282_64]) <= 5e-9)
    let backward = model.scores.backward(scores, in: LogSumExp.self).map { exp($0) }
    #expect(error(Array(backward.prefix(2)), [0.028_527_78, 0.050_722_22]) <= 5e-9)
    let fair = try model.posterior(seen).states
    #expect(error((0..<3).map { fair[$0, 0] }, [0.4838, 0.4663, 0.5354]) <= 5e-5)
  }

  /// The middle observation of (1, ?, 2).
  @Test func aMissingObservation() throws {
    let model = try Self.dice
    let seen = SymbolSequence([0, nil, 1])
    let found = try model.symbols(at: 1, without: seen)
    #expect(error(found, [Double](repeating: 0.148_257, count: 5) + [0.258_715]) <= 5e-7)
    #expect(error(found.reduce(0, +), 1) <= 1e-15)
    // Whatever stands there has no say.
    #expect(try model.symbols(at: 1, without: SymbolSequence([0, 5, 1])) == found)
    // The likelihood is the sum over what it may have been.
    let sum = try (0..<6).reduce(0) { $0 + exp(try model.logLikelihood(SymbolSequence([0, $1, 1]))) }
    #expect(error(exp(try model.logLikelihood(seen)), sum) <= 1e-16)
  }

  /// 1,000 rolls of numpy's default generator with seed 1: plain sums fall to zero at step 412.
  @Test func theLikelihoodOfAThousandRolls() throws {
    let rolls = try numpyRolls()
    #expect(rolls.count == 1_000)
    let model = try Self.dice
    var plain = zip(model.initial, [0, 1]).map { $0 * model.emission.probabilities[$1, rolls[0]] }
    var underflow: Int?
    for (t, roll) in rolls.enumerated().dropFirst() where underflow == nil {
      plain = (0..<2).map { j in
        (plain[0] * model.transition[0, j] + plain[1] * model.transition[1, j])
          * model.emission.probabilities[j, roll]
      }
      if plain.reduce(0, +) == 0 { underflow = t + 1 }
    }
    #expect(underflow == 412)
    let seen = SymbolSequence(rolls)
    #expect(abs(try model.logLikelihood(seen) + 1814.059_850_884_6) <= 5e-11)
    #expect(
      error(model.scores.total(model.emissionScores(seen), in: LogSumExp.self), try model.logLikelihood(seen))
        <= 1e-13)
  }

  private func numpyRolls() throws -> [Int] {
    Self.rolls.compactMap { $0.wholeNumberValue.map { $0 - 1 } }
  }

  private static let rolls =
    """
    345611562263252344116564523512136133624215123316561524625126342134353456315463313456245236
    445465114515556245323126566623426164253662325465666113365344613536653614225562652155311352
    155243414243413453154413662415236462561212216265255113133443243655432343111232225264166515
    555436653441134221642562655461163352465165526362164366145544421356621655536443335411234652
    456352363152363226242554336531133363513214135544262514223552416634451464416235344116515451
    556231113252442366262535463661114311641242524155441431135521231131223313661241455121465553
    611333363341661461116361544411456536154561513126346613653141623434533354362366414364443243
    563424112162615611233114113111325425221235356155355214326223342334623562662452223353345321
    454115251624313323146335621364136126154563264516324353246241131443566342153332521656546215
    526264231346625431415256353651353333452234325344511263132514145612111331645441352443664652
    211631253243343651514523621632655615454555323435564636512353366322214245214142645336421455
    1656611565
    """

  /// A million steps: nothing underflows, and a long sequence is its parts.
  @Test func aMillionSteps() throws {
    let model = try Self.dice
    let rolls = try numpyRolls()
    let long = SymbolSequence((0..<1_000_000).map { rolls[$0 % 1_000] })
    let total = try model.logLikelihood(long)
    // Each thousand gives about what the first gives; where they meet, a little is known.
    #expect(abs(total / 1_000 + 1814) <= 2)
    var sum = 0.0
    var steps = 0
    let streamed = try model.streamPosterior(long) { range, posterior in
      if range.lowerBound != steps || posterior.rows != range.count { sum = .nan }
      steps += range.count
      sum += posterior.elements.reduce(0, +)
    }
    #expect(streamed == total && steps == 1_000_000 && abs(sum - 1_000_000) <= 1e-6)
    let path = try model.mostLikelyPath(long)
    #expect(path.states.count == 1_000_000 && path.score < total)
  }

  // MARK: - The shared file

  struct File: Decodable {
    let cases: [Case]
  }

  struct Case: Decodable {
    let name: String
    let states: [String]
    let symbols: [String]
    let initial: [Double]
    let transition: [[Double]]
    let emission: [[Double]]
    let stop: [Double]?
    let observations: Names
    let computed: Computed
    let iterations: [Iteration]?

    enum CodingKeys: String, CodingKey {
      case name, states, symbols, initial, transition, emission, stop, observations
      case computed = "computed_here_in_float64"
      case iterations = "baum_welch"
    }

    func model() throws -> HiddenMarkovModel<CategoricalEmission> {
      try HiddenMarkovModel(
        initial: initial, transition: Matrix(transition), final: stop,
        emission: CategoricalEmission(Matrix(emission), symbols: symbols), states: states)
    }

    var seen: SymbolSequence { SymbolSequence(observations.names.map { symbols.firstIndex(of: $0) }) }
  }

  /// A list of names, or a text of one letter each.
  struct Names: Decodable {
    let names: [String]

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      do {
        names = try container.decode([String].self)
      } catch {
        names = try container.decode(String.self).map { String($0) }
      }
    }
  }

  struct Computed: Decodable {
    let logLikelihood: Double
    let path: Names
    let pathScore: Double
    let posterior: [[Double]]
    let forward: [[Double]]?

    enum CodingKeys: String, CodingKey {
      case logLikelihood = "log_likelihood"
      case path = "viterbi_path"
      case pathScore = "viterbi_log_probability"
      case posterior, forward
    }
  }

  struct Iteration: Decodable {
    let iteration: Int
    let logLikelihood: Double
    let initial: [Double]
    let transition: [[Double]]
    let stop: [Double]
    let emission: [[Double]]
    let viterbi: Names

    enum CodingKeys: String, CodingKey {
      case iteration, initial, transition, stop, emission, viterbi
      case logLikelihood = "log_likelihood"
    }
  }

  @Test(
    .enabled(if: SharedData.has("hmm-classics/hmm-classics.json"), "needs hmm-classics in RECURRENT_DATA"))
  func publishedExamples() throws {
    let file = try JSONDecoder().decode(
      File.self,
      from: Data(contentsOf: URL(fileURLWithPath: SharedData.path("hmm-classics/hmm-classics.json"))))
    #expect(file.cases.count == 6)
    for sample in file.cases {
      let model = try sample.model()
      let (seen, computed) = (sample.seen, sample.computed)
      #expect(error(try model.logLikelihood(seen), computed.logLikelihood) <= 1e-12)
      let path = try model.mostLikelyPath(seen)
      #expect(path.states.map { sample.states[$0] } == computed.path.names, "\(sample.name)")
      #expect(error(path.score, computed.pathScore) <= 1e-12)
      // The file has posteriors to twelve digits.
      #expect(error(try model.posterior(seen).states.elements, computed.posterior.flatMap(\.self)) <= 1e-12)
      if let forward = computed.forward {
        let found = model.scores.forward(model.emissionScores(seen), in: LogSumExp.self).map { exp($0) }
        #expect(error(found, forward.flatMap(\.self)) <= 1e-14)
      }
      guard let iterations = sample.iterations else { continue }
      var learning = try BaumWelch(
        model, [seen], options: BaumWelchOptions(steps: 50, tolerance: 0, emptyStates: .fail))
      var models = [model]
      while let step = try learning.next() {
        #expect(step.change > -1e-12)
        models.append(step.model)
      }
      for expected in iterations {
        let found = models[expected.iteration]
        #expect(error(try found.logLikelihood(seen), expected.logLikelihood) <= 1e-10)
        #expect(error(found.initial, expected.initial) <= 1e-10)
        #expect(error(found.transition.elements, expected.transition.flatMap(\.self)) <= 1e-10)
        #expect(error(found.final ?? [], expected.stop) <= 1e-10)
        #expect(error(found.emission.probabilities.elements, expected.emission.flatMap(\.self)) <= 1e-10)
        #expect(try found.mostLikelyPath(seen).states.map { sample.states[$0] } == expected.viterbi.names)
      }
    }
  }
}
