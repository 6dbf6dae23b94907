import RecurrentCore
import RecurrentHMM
import RecurrentNN
import RecurrentTestSupport

/// A field with drawn parameters, and a ragged batch of emissions with labels that it allows.
struct FieldSample<Scalar: TensorScalar> {
  let field: ConditionalRandomField<Scalar>
  let store: ParameterStore<Scalar>
  let emissions: SequenceBatch<Scalar>
  let labels: [[Int]]

  var parameters: PackedParameters<Scalar> { PackedParameters(store) }

  init(_ count: Int, lengths: [Int], constraints: TransitionConstraints? = nil, seed: UInt64) {
    var layout = ParameterLayout()
    field = ConditionalRandomField(labels: count, constraints: constraints, named: "crf", in: &layout)
    var draws = Draws(seed: seed)
    var store = ParameterStore<Scalar>(zeros: layout)
    store.values = draws.uniform(layout.count)
    self.store = store
    emissions = draws.batch(lengths: lengths, features: count)
    labels = lengths.map { length in
      var own: [Int] = []
      for _ in 0..<length {
        let allowed = (0..<count).filter { label in
          guard let constraints else { return true }
          return own.last.map { constraints.transitions[$0][label] } ?? constraints.starts[label]
        }
        own.append(allowed[Int(abs(draws.uniform(1, as: Double.self)[0]) * Double(allowed.count))])
      }
      return own
    }
  }

  /// One sequence by every path.
  func naive(_ b: Int) -> NaiveChain { NaiveChain(field.scores(parameters), emission(b)) }

  func emission(_ b: Int) -> Matrix<Double> {
    Matrix(
      rows: emissions.lengths[b], columns: field.labelCount,
      elements: (0..<emissions.lengths[b]).flatMap { t in
        (0..<field.labelCount).map { Double(emissions[t, b, $0]) }
      })
  }
}

/// The tags of two kinds of spans.
let twoKinds = ["O", "B-A", "I-A", "B-B", "I-B"]
