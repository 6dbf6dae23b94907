internal import RecurrentCore
internal import RecurrentHMM

/// One caller's room for the loss of a conditional random field.
final class FieldWorker<Scalar: TensorScalar> {
  private let field: ConditionalRandomField<Scalar>
  private let scores: ChainScores
  private let calculator: ChainCalculator
  private let emission = Scratch<Double>()
  private let states = Scratch<Double>()
  private let transitions = Scratch<Double>()

  init(_ field: ConditionalRandomField<Scalar>, _ scores: ChainScores, _ chain: PackedChain) {
    self.field = field
    self.scores = scores
    calculator = ChainCalculator(chain)
  }

  /// The loss of a sequence.
  ///
  /// - Parameters:
  ///   - places: rows of `outputs`, by step.
  ///   - gradients: where ∂loss/∂outputs is written, at the same rows, and the parameters' gradients [K + K² + K].
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func evaluate(
    _ sequence: Int, _ labels: [Int], _ places: UnsafeBufferPointer<Int32>, _ outputs: UnsafePointer<Scalar>,
    _ gradients: (outputs: UnsafeMutablePointer<Scalar>, parameters: UnsafeMutablePointer<Scalar>)?
  ) -> LossSum {
    let (steps, count) = (places.count, field.labelCount)
    if let problem = field.problem(labels, steps: steps, sequence: sequence) {
      preconditionFailure(problem.description)
    }
    if steps == 0 {
      gradients?.parameters.update(repeating: 0, count: count * (count + 2))
      return LossSum()
    }
    let emission = emission.reserve(steps * count)
    for (t, place) in places.enumerated() {
      let row = outputs + Int(place) * count
      for k in 0..<count { emission[t * count + k] = Double(row[k]) }
    }
    let score = score(labels, emission)
    guard let gradients else {
      return LossSum(sum: calculator.logPartition(emission, steps: steps) - score, count: steps)
    }
    let states = states.reserve(steps * count)
    let transitions = transitions.reserve(count * count)
    let total = calculator.posterior(emission, steps: steps, states: states, transitions: transitions)
    if !total.isFinite {
      // Outputs that are no numbers, or forbid everything: there is no gradient, and nothing pretends that there is.
      states.update(repeating: .nan, count: steps * count)
      transitions.update(repeating: .nan, count: count * count)
    }
    subtract(labels, from: states, transitions)
    for (t, place) in places.enumerated() {
      let row = gradients.outputs + Int(place) * count
      for k in 0..<count { row[k] = Scalar(states[t * count + k]) }
    }
    let target = gradients.parameters
    for k in 0..<count {
      target[k] = Scalar(states[k])
      target[count + count * count + k] = Scalar(states[(steps - 1) * count + k])
    }
    for arc in 0..<count * count { target[count + arc] = Scalar(transitions[arc]) }
    return LossSum(sum: total - score, count: steps)
  }

  /// s(y).
  private func score(_ labels: [Int], _ emission: UnsafePointer<Double>) -> Double {
    let count = field.labelCount
    var sum = scores.initial[labels[0]] + scores.final[labels[labels.count - 1]]
    for (t, label) in labels.enumerated() {
      if t > 0 { sum += scores.transition.elements[labels[t - 1] * count + label] }
      sum += emission[t * count + label]
    }
    return sum
  }

  /// From how often labels and transitions are expected, how often they occur.
  private func subtract(
    _ labels: [Int], from states: UnsafeMutablePointer<Double>, _ transitions: UnsafeMutablePointer<Double>
  ) {
    let count = field.labelCount
    for (t, label) in labels.enumerated() {
      states[t * count + label] -= 1
      if t > 0 { transitions[labels[t - 1] * count + label] -= 1 }
    }
  }
}
