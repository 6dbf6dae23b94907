/// Why labels of whole sequences cannot be trained on. Sequences and steps are counted from 0.
public enum SequenceTargetError: Error, Sendable, Hashable, CustomStringConvertible {
  /// Another number of lists than sequences.
  case sequences(found: Int, expected: Int)
  /// A list of another length than its sequence, where each step has a label.
  case length(sequence: Int, found: Int, expected: Int)
  /// A number that is no label.
  case label(sequence: Int, step: Int, found: Int, count: Int)
  /// A first label that no sequence may begin with.
  case forbiddenStart(sequence: Int, label: Int)
  /// Two labels that may not follow one another, the second at `step`.
  case forbiddenTransition(sequence: Int, step: Int, from: Int, to: Int)
  /// A last label that no sequence may end with.
  case forbiddenEnd(sequence: Int, label: Int)
  /// The blank among the labels.
  case blank(sequence: Int, place: Int, blank: Int)
  /// Labels that need more steps than there are.
  case tooFewSteps(sequence: Int, steps: Int, needed: Int)

  public var description: String {
    switch self {
    case .sequences(let found, let expected):
      "\(found) lists of labels for \(expected) sequences; give one a sequence"
    case .length(let sequence, let found, let expected):
      "sequence \(sequence): \(found) labels for \(expected) steps; give one a step"
    case .label(let sequence, let step, let found, let count):
      "sequence \(sequence), label \(step): found \(found), expected one of 0 ..< \(count)"
    case .forbiddenStart(let sequence, let label):
      "sequence \(sequence) begins with label \(label), which the constraints forbid; correct the labels or the constraints"
    case .forbiddenTransition(let sequence, let step, let from, let to):
      "sequence \(sequence), step \(step): label \(to) behind \(from), which the constraints forbid; correct the labels or the constraints"
    case .forbiddenEnd(let sequence, let label):
      "sequence \(sequence) ends with label \(label), which the constraints forbid; correct the labels or the constraints"
    case .blank(let sequence, let place, let blank):
      "sequence \(sequence), label \(place) is \(blank), the blank, which stands between labels; leave it out"
    case .tooFewSteps(let sequence, let steps, let needed):
      "sequence \(sequence): \(steps) steps, but its labels need \(needed), one each and one between equal neighbours; leave it out, or let impossible sequences count for nothing (zeroInfinity)"
    }
  }
}
