package import RecurrentCore
package import RecurrentNN

/// Numbers for tests: pure functions of a seed, the same everywhere.
package struct Draws {
  private var generator: CounterGenerator

  package init(seed: UInt64) { generator = CounterGenerator(seed: seed, purpose: .check) }

  /// Uniform on ±1.
  package mutating func uniform<Scalar: TensorScalar>(_ count: Int, as scalar: Scalar.Type = Scalar.self)
    -> [Scalar]
  {
    (0..<count).map { _ in
      defer { generator.position += 1 }
      return Scalar(2 * generator.uniform(at: generator.position) - 1)
    }
  }

  package mutating func matrix<Scalar: TensorScalar>(_ rows: Int, _ columns: Int) -> Matrix<Scalar> {
    Matrix(rows: rows, columns: columns, elements: uniform(rows * columns))
  }

  /// T is the greatest of the lengths. What lies in the padding before the batch zeroes it is `padding`.
  package mutating func batch<Scalar: TensorScalar>(
    lengths: [Int], features: Int, padding: Scalar? = nil
  ) -> SequenceBatch<Scalar> {
    let steps = lengths.max() ?? 0
    var values: [Scalar] = uniform(steps * lengths.count * features)
    if let padding {
      for t in 0..<steps {
        for (b, length) in lengths.enumerated() where t >= length {
          for f in 0..<features { values[(t * lengths.count + b) * features + f] = padding }
        }
      }
    }
    return SequenceBatch(
      steps: steps, batchSize: lengths.count, features: features, values: values, lengths: lengths)
  }

  package mutating func state<Scalar: TensorScalar>(like zero: LayerState<Scalar>) -> LayerState<Scalar> {
    zero.mapComponents { _, component in matrix(component.rows, component.columns) }
  }
}
