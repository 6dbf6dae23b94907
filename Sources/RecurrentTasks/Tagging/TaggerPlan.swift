internal import Recurrent

/// Where the words of a shard stand: sentences longest first, so that the rows of every step are neighbours, and its different
/// words, longest first for the same reason.
struct TaggerPlan {
  /// The batch's sentences, in this plan's order.
  let order: [Int]
  let lengths: [Int]
  let tags: [[Int]]
  let identifiers: [UInt64]
  /// T.
  let steps: Int
  /// The different forms.
  let forms: [Int32]
  /// By step, then by sentence.
  let places: [Place]

  struct Place {
    /// t · B + b.
    let row: Int
    /// Row of the table of word vectors, chance included.
    let word: Int32
    /// Index in ``forms``.
    let form: Int
  }

  init<Scalar: TensorScalar>(_ batch: TaggerNetwork<Scalar>.Batch, mode: RunMode) {
    let sentences = batch.sentences
    let order = sentences.indices.sorted {
      (sentences[$1].count, $0) < (sentences[$0].count, $1)
    }
    let all = batch.forms
    let forms = Set(sentences.joined()).sorted {
      let (left, right) = (all.length(of: Int($0)), all.length(of: Int($1)))
      return (right, $0) < (left, $1)
    }
    let places = Dictionary(uniqueKeysWithValues: forms.enumerated().map { ($1, $0) })
    let draws = order.map { Self.draws(mode, batch.identifiers[$0]) }
    let steps = order.first.map { sentences[$0].count } ?? 0
    var rows: [Place] = []
    for t in 0..<steps {
      for (b, sentence) in order.enumerated() {
        if t >= sentences[sentence].count { break }
        let form = sentences[sentence][t]
        let share = all.replacement[Int(form)]
        let isReplaced = share > 0 && draws[b].map { $0.uniform(at: UInt64(t)) < share } ?? false
        rows.append(
          Place(
            row: t * order.count + b, word: isReplaced ? 0 : all.rows[Int(form)], form: places[form] ?? 0))
      }
    }
    (self.order, self.forms, self.places, self.steps) = (order, forms, rows, steps)
    lengths = order.map { sentences[$0].count }
    tags = order.map { batch.tags[$0] }
    identifiers = order.map { batch.identifiers[$0] }
  }

  /// No layer's dropout has this number.
  private static let stream: UInt64 = 1 << 15

  /// What says which words of a sentence are replaced; `nil` in use.
  private static func draws(_ mode: RunMode, _ identifier: UInt64) -> CounterGenerator? {
    guard case .training(let seed, let update) = mode else { return nil }
    let streams = CounterGenerator(seed: seed, purpose: .dropout, step: update << 16 | stream)
    return CounterGenerator(seed: streams.word(at: identifier), purpose: .dropout)
  }
}
