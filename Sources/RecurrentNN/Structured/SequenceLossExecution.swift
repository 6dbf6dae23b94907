internal import RecurrentCore
internal import RecurrentHMM

/// A loss of whole sequences at work: each sequence by itself, by the thread that owns it, in room that is kept.
///
/// Beside that room a batch allocates, for a conditional random field, its scores as the kernels read them, what each
/// worker computes in, and a closure for each sequence; for connectionist temporal classification nothing. Sent unchecked:
/// while threads run, each writes to the places of its own sequences and to its own worker.
final class SequenceLossExecution<Scalar: TensorScalar>: @unchecked Sendable {
  /// Rows of outputs, and what is written for them and for each sequence.
  struct Rows {
    /// `[N, width]`.
    let outputs: UnsafePointer<Scalar>
    /// ∂sum/∂outputs `[N, width]`, written.
    let gradient: UnsafeMutablePointer<Scalar>
    /// The loss of each sequence, written.
    let sums: UnsafeMutablePointer<Double>
    /// What each sequence counts for, written.
    let counts: UnsafeMutablePointer<Int>
  }

  let places = SequencePlaces()
  private let objective: SequenceObjective<Scalar>
  /// ∂sum/∂parameters of each sequence `[B, P]`, in the order of the slots.
  private let parameterGradient = Scratch<Scalar>()
  private let slots: [ParameterSlot]
  private var fields: [FieldWorker<Scalar>] = []
  private var alignments: [AlignmentWorker<Scalar>] = []
  private var labels: [[Int]] = []
  private var width = 0
  private var needsGradient = false

  init(_ objective: SequenceObjective<Scalar>) {
    self.objective = objective
    if case .conditionalRandomField(let field) = objective {
      slots = [field.initial, field.transition, field.final]
    } else {
      slots = []
    }
  }

  /// P.
  private var parameterCount: Int { slots.reduce(0) { $0 + $1.count } }

  /// Multiplications that a sequence costs for each of its steps, which only decides from what size on threads are woken.
  func work(width: Int) -> Int {
    if case .conditionalRandomField = objective { return 4 * width * width + 16 * width }
    return 64 * width
  }

  /// Takes a batch whose places are prepared.
  func prepare(
    _ targets: LossTargets<Scalar>, width: Int, sequences: Int, workers: Int,
    parameters: PackedParameters<Scalar>?, needsGradient: Bool
  ) {
    guard case .labels(let labels) = targets else {
      preconditionFailure("a loss of whole sequences needs a list of labels for each as targets")
    }
    precondition(labels.count == sequences, "\(labels.count) lists of labels for \(sequences) sequences")
    self.labels = labels
    self.width = width
    self.needsGradient = needsGradient
    switch objective {
    case .rows: preconditionFailure("a loss of rows has no sequences")
    case .conditionalRandomField(let field):
      precondition(
        width == field.labelCount, "\(width) outputs for a field of \(field.labelCount) labels")
      guard let parameters else { preconditionFailure("'\(field.initial.name)': no parameters") }
      let scores = field.scores(parameters)
      let chain = PackedChain(scores)
      fields = (0..<workers).map { _ in FieldWorker(field, scores, chain) }
      if needsGradient { parameterGradient.reserve(sequences * parameterCount) }
    case .connectionistTemporalClassification(let loss):
      precondition(
        loss.blank >= 0 && loss.blank < width, "the blank \(loss.blank) is not one of \(width) outputs")
      while alignments.count < workers { alignments.append(AlignmentWorker(loss)) }
    }
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func evaluate(_ sequences: Range<Int>, _ rows: Rows, worker: Int) {
    for b in sequences {
      let own = places[b]
      let value: LossSum
      if slots.isEmpty {
        value = alignments[worker].evaluate(
          b, labels[b], own, width: width, rows.outputs, needsGradient ? rows.gradient : nil)
      } else {
        value = fields[worker].evaluate(
          b, labels[b], own, rows.outputs,
          needsGradient ? (rows.gradient, parameterGradient.base + b * parameterCount) : nil)
      }
      rows.sums[b] = value.sum
      rows.counts[b] = value.count
    }
  }

  /// Adds the sums over all sequences that are the gradients of the objective's own parameters.
  ///
  /// - Parameter plan: of one row for each sequence.
  func addTerms(over plan: SequencePlan, to terms: inout [GradientTerm<Scalar>]) {
    var first = 0
    for slot in slots {
      terms.append(
        GradientTerm(
          kind: .rows(slot), plan: plan, isDescending: false,
          d: UnsafePointer(parameterGradient.base + first), n: slot.count, row: parameterCount))
      first += slot.count
    }
  }
}
