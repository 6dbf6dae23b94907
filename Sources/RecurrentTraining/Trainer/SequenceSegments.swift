/// Back-propagation through sequences of which only a segment is held at once: states are kept where segments meet, and each
/// segment is run again on the way back (Chen et al., Training deep nets with sublinear memory cost, arXiv:1604.06174; Gruslys
/// et al., Memory-efficient backpropagation through time, arXiv:1606.03401).
///
/// The gradient is that of the whole sequence, to the bit, whatever the segments. It takes one more way through the steps
/// forward. See ``SegmentPlan`` for what it takes in memory.
public enum SequenceSegments: Sendable, Hashable, Codable {
  /// So many steps in a segment; the last may have fewer.
  case steps(Int)
  /// The longest segments with which training takes about so many bytes: activations are bounded, parameters counted as
  /// ``TrainerOptions/copiesOfParameters``. A training batch that no segments bring within them ends the run; 64 validation
  /// examples that are judged together are then taken in the shortest segments, whatever those take.
  case bytes(Int)

  var problem: OptionProblem? {
    switch self {
    case .steps(let steps): .unlessPositive("steps of a segment", steps)
    case .bytes(let bytes): .unlessPositive("bytes of memory", bytes)
    }
  }
}
