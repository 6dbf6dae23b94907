internal import RecurrentCore

/// What is wrong with a hidden Markov model, or with what it is to explain. Steps, rows and sequences are counted from 1 in
/// words, from 0 in values.
public enum HMMError: Error, Sendable, Hashable {
  /// Probabilities that do not sum to 1, as `what` "transition", row 2, and so on.
  case sum(what: String, row: Int?, sum: Double)
  /// A number that is no probability: negative, above 1, or NaN.
  case probability(what: String, row: Int?, column: Int, value: Double)
  /// A number that a parameter cannot have.
  case parameter(what: String, row: Int?, column: Int, value: Double, expected: String)
  /// Sizes that do not fit each other.
  case size(what: String, found: String, expected: String)
  /// A symbol that the model does not have.
  case symbol(sequence: Int, step: Int, value: Int, count: Int)
  /// An observation of another width than the model's.
  case width(sequence: Int, found: Int, expected: Int)
  /// An observation that is no number of its kind.
  case observation(sequence: Int, step: Int, column: Int, value: Double, expected: String)
  /// Fewer observations than states.
  case tooFew(observations: Int, states: Int)
  /// A sequence that no path explains, from this step on.
  case impossible(sequence: Int, step: Int)
  /// A sequence whose steps some path explains, but none that may end behind the last.
  case cannotEnd(sequence: Int)
  /// States of a group of ``TrainingConstraints`` that differ at the start, in `what`.
  case notAlike(what: String, states: [Int])
  /// A covariance that is not positive definite.
  case singularCovariance(state: Int)
  /// A state of which nothing is left in training.
  case stateDied(state: Int)
  /// A log-likelihood that is no number, in training.
  case notFinite(step: Int, value: Double)
}

extension HMMError: CustomStringConvertible {
  public var description: String {
    func place(_ what: String, _ row: Int?) -> String { row.map { "\(what), row \($0 + 1)" } ?? what }
    switch self {
    case .sum(let what, let row, let sum):
      return "\(place(what, row)): the probabilities sum to \(sum), expected 1"
    case .probability(let what, let row, let column, let value):
      return "\(place(what, row)), column \(column + 1): found \(value), expected a probability from 0 to 1"
    case .parameter(let what, let row, let column, let value, let expected):
      return "\(place(what, row)), column \(column + 1): found \(value), expected \(expected)"
    case .size(let what, let found, let expected):
      return "\(what): found \(found), expected \(expected)"
    case .symbol(let sequence, let step, let value, let count):
      return
        "sequence \(sequence + 1), step \(step + 1): symbol \(value), but the model has symbols 0 ... \(count - 1)"
    case .width(let sequence, let found, let expected):
      return
        "sequence \(sequence + 1): observations of \(counted(found, "number")), but the model has \(counted(expected, "dimension"))"
    case .observation(let sequence, let step, let column, let value, let expected):
      return
        "sequence \(sequence + 1), step \(step + 1), column \(column + 1): found \(value), expected \(expected)"
    case .tooFew(let observations, let states):
      return
        "found \(counted(observations, "observation")) for \(counted(states, "state")); train fewer states, or on more data"
    case .impossible(let sequence, let step):
      return
        "sequence \(sequence + 1) is impossible under the model (log-likelihood -infinity): no state can be reached at step \(step + 1)"
    case .cannotEnd(let sequence):
      return
        "sequence \(sequence + 1) is impossible under the model (log-likelihood -infinity): it cannot end behind its last step"
    case .notAlike(let what, let states):
      return
        "tied states \(states.map { String($0 + 1) }.joined(separator: ", ")): their \(what) differ, expected states that are alike at the start; give each the same"
    case .singularCovariance(let state):
      return
        "state \(state + 1): the covariance is singular, expected one that is positive definite; where it was learnt, its observations lie in fewer dimensions than they have numbers, or are too few: set a variance floor, or use fewer states or a simpler covariance"
    case .stateDied(let state):
      return "state \(state + 1) explains no observation any more; start anew, or with fewer states"
    case .notFinite(let step, let value):
      return
        "step \(step) of learning: the log-likelihood is \(value); scale the observations to numbers of order 1"
    }
  }

  /// The same fault, of the sequence of that number: an emission knows one sequence, its caller which.
  public func numbered(_ number: Int) -> HMMError {
    switch self {
    case .symbol(_, let step, let value, let count):
      .symbol(sequence: number, step: step, value: value, count: count)
    case .width(_, let found, let expected): .width(sequence: number, found: found, expected: expected)
    case .observation(_, let step, let column, let value, let expected):
      .observation(sequence: number, step: step, column: column, value: value, expected: expected)
    case .impossible(_, let step): .impossible(sequence: number, step: step)
    case .cannotEnd: .cannotEnd(sequence: number)
    default: self
    }
  }

  /// The first number of a distribution that is no probability, or a sum other than 1.
  static func problem(_ what: String, row: Int?, _ probabilities: [Double]) -> HMMError? {
    for (column, value) in probabilities.enumerated() where !(value >= 0 && value <= 1 + 1e-9) {
      return .probability(what: what, row: row, column: column, value: value)
    }
    let sum = probabilities.reduce(0, +)
    // What sums of numbers of ten digits or more lack; who wrote fewer digits must say what was meant.
    return abs(sum - 1) <= 1e-9 ? nil : .sum(what: what, row: row, sum: sum)
  }
}
