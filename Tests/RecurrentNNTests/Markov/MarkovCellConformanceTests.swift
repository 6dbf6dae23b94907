import RecurrentCore
import RecurrentNN
import RecurrentTestSupport
import Testing

/// The contract of cells and layers: derivatives by differences within 1e-7 (parameters, input, initial and final state), and
/// the bits of every law.
@Suite("Contract of the Markov cells")
struct MarkovCellConformanceTests {
  @Test(arguments: [1, 5], DistributionForm.allCases)
  func forwardCell(_ states: Int, _ form: DistributionForm) {
    func check<Scalar: TensorScalar>(_: Scalar.Type) -> [String] {
      let failures = checkCell { layout in
        MarkovForwardCell<Scalar>(
          chain: MarkovChainParameters(states: states, named: "chain", in: &layout), form: form)
      }
      // Of one state the output is two wide, as the suite's batch is.
      return states == 1 ? failures.filter { !$0.contains("must differ") } : failures
    }
    #expect(check(Double.self) == [])
    #expect(check(Float.self) == [])
  }

  /// Its input and its output have one size, which `checkCell` refuses; the layer's contract is the same.
  @Test(arguments: [1, 5], DistributionForm.allCases)
  func reverseCell(_ states: Int, _ form: DistributionForm) {
    func check<Scalar: TensorScalar>(_: Scalar.Type) -> [String] {
      withEvery("direction", in: Direction.allCases) { direction in
        checkLayer(splitting: direction == .forward ? .forward : .reverse) { layout in
          RecurrentLayer(
            MarkovReverseCell<Scalar>(
              chain: MarkovChainParameters(states: states, named: "chain", in: &layout), form: form),
            direction: direction)
        }
      }
    }
    #expect(check(Double.self) == [])
    #expect(check(Float.self) == [])
  }

  @Test(arguments: [1, 5], DistributionForm.allCases)
  func smoother(_ states: Int, _ form: DistributionForm) {
    func check<Scalar: TensorScalar>(_: Scalar.Type) -> [String] {
      checkLayer { layout in
        MarkovSmoother<Scalar>(
          chain: MarkovChainParameters(states: states, named: "chain", in: &layout), form: form)
      }
    }
    #expect(check(Double.self) == [])
    #expect(check(Float.self) == [])
  }

  @Test func emissionAndPrediction() {
    func check<Scalar: TensorScalar>(_: Scalar.Type) -> [String] {
      checkLayer(splitting: .forward) { layout in
        MarkovEmission<Scalar>(states: 3, symbols: 5, named: "hmm", in: &layout)
      }
        + checkLayer(splitting: .forward) { layout in
          MarkovPrediction<Scalar>(
            chain: MarkovChainParameters(states: 5, named: "hmm", in: &layout),
            emission: MarkovEmission(states: 5, symbols: 3, named: "hmm", in: &layout))
        }
    }
    #expect(check(Double.self) == [])
    #expect(check(Float.self) == [])
  }

  /// Emission, cell and prediction with one chain: the parameters' gradients of all three are added.
  @Test func sharedParameters() {
    #expect(
      checkLayer { layout in
        let chain = MarkovChainParameters(states: 3, named: "hmm", in: &layout)
        let emission = MarkovEmission<Double>(states: 3, symbols: 5, named: "hmm", in: &layout)
        return Stack([
          emission, RecurrentLayer(MarkovForwardCell<Double>(chain: chain, form: .logarithms)),
          MarkovPrediction(chain: chain, emission: emission),
        ])
      } == [])
  }
}
