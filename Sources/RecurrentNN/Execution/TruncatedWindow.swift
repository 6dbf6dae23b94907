internal import RecurrentCore

/// What an update reads where a gradient goes back other than as many steps as a batch has.
///
///     carried state ──▶ lead ──▶ part ─────────────┐ loss at the new steps within reach
///                                 carried ──▶ state for the next update
package struct TruncatedWindow<Batch> {
  /// New steps beyond the gradient's reach: only run, to where ``part`` begins; `nil`: none.
  package var lead: Batch?
  /// Steps of ``lead``: random masks of ``part`` are keyed by steps from here on.
  package var leadSteps = 0
  /// The steps that the gradient goes back through.
  package var part: Batch
  /// The first steps of ``part``, after which the next update's begins; `nil`: all of them.
  package var carried: Batch?
}

extension SequenceModel {
  /// The window of one update, for `TrainerOptions.reach`.
  ///
  /// Sequence by sequence: of its l new steps those in reach, min(l, k₂), and before them so many of the k₂ − l steps before as its
  /// document has. Only new steps have a loss.
  ///
  /// - Parameters:
  ///   - batch: the new steps.
  ///   - before: the batches before it, 1 being the last one; `nil` where there is none.
  ///   - reach: k₂.
  ///   - next: the batch behind it, whose window begins in the state that is carried.
  /// - Precondition: ``windowProblem`` is `nil`; all batches are of as many sequences.
  package func window(
    of batch: Batch, before: (Int) -> Batch?, reach: Int, next: Batch?
  ) -> TruncatedWindow<Batch> {
    let size = batch.source.batchSize
    let new = batch.source.lengths
    let taken = new.map { min($0, reach) }
    var pieces = (0..<size).map { row in
      [Piece(batch: 0, steps: new[row] - taken[row]..<new[row])]
    }
    var lengths = taken
    // Whether the window begins where the document does.
    var isBeginning = (0..<size).map { taken[$0] == new[$0] && batch.restarts?[$0] ?? false }
    var batches = [batch]
    while (0..<size).contains(where: { !isBeginning[$0] && lengths[$0] < reach && taken[$0] == new[$0] }),
      let older = before(batches.count)
    {
      precondition(
        older.source.batchSize == size, "\(size) sequences go on from \(older.source.batchSize)")
      for row in 0..<size where !isBeginning[row] && lengths[row] < reach && taken[row] == new[row] {
        let all = older.source.lengths[row]
        let own = min(all, reach - lengths[row])
        pieces[row].insert(Piece(batch: batches.count, steps: all - own..<all), at: 0)
        lengths[row] += own
        isBeginning[row] = own == all && older.restarts?[row] ?? false
      }
      batches.append(older)
    }
    let isUnchanged = lengths == new && pieces.allSatisfy { $0.dropLast().allSatisfy(\.steps.isEmpty) }
    let part = isUnchanged ? batch : joined(batches, pieces, lengths: lengths, isBeginning, taken: taken)
    let lead = lead(of: batch, taken: taken)
    return TruncatedWindow(
      lead: lead, leadSteps: lead?.source.steps ?? 0, part: part,
      carried: next.flatMap { beginning(of: part, behind: $0, reach: reach) })
  }

  /// Why a window cannot be longer or shorter than a batch; `nil`: it can.
  package var windowProblem: String? {
    guard case .rows = objective else { return "a loss of whole sequences" }
    return body.readsAhead ? "a model that reads ahead" : nil
  }

  /// Neighbouring steps of a sequence in one of several batches.
  private struct Piece {
    let batch: Int
    let steps: Range<Int>
  }

  /// The pieces of each sequence one after another, with the new batch's identifiers, and its targets at the last `taken` steps.
  private func joined(
    _ batches: [Batch], _ pieces: [[Piece]], lengths: [Int], _ isBeginning: [Bool], taken: [Int]
  ) -> Batch {
    let batch = batches[0]
    let (size, steps) = (lengths.count, lengths.max() ?? 0)
    // Which row of which batch stands in each row.
    var origins = [(batch: Int, row: Int)?](repeating: nil, count: steps * size)
    for row in 0..<size {
      var t = 0
      for piece in pieces[row] {
        for step in piece.steps {
          origins[t * size + row] = (piece.batch, step * size + row)
          t += 1
        }
      }
    }
    // Positions of the new steps, as far as they are in reach, with the places of their targets.
    let new = batch.source.lengths
    let rows = (batch.positions ?? positions).rows(lengths: new, steps: batch.source.steps)
    var mask = lengths.map { [Bool](repeating: false, count: $0) }
    var targets: [(row: Int, place: Int)] = []
    for (place, origin) in rows.enumerated() {
      let (step, row) = origin.quotientAndRemainder(dividingBy: size)
      let t = step - new[row] + lengths[row]
      guard step >= new[row] - taken[row] else { continue }
      mask[row][t] = true
      targets.append((t * size + row, place))
    }
    targets.sort { $0.row < $1.row }
    var joined = Batch(
      source: batches.map(\.source).gathering(origins, steps: steps, lengths: lengths),
      targets: batch.targets.gatheringRows(targets.map(\.place)), initialState: nil, positions: .mask(mask))
    joined.restarts = isBeginning.contains(true) ? isBeginning : nil
    return joined
  }

  /// New steps that lie before those in reach.
  private func lead(of batch: Batch, taken: [Int]) -> Batch? {
    let lengths = zip(batch.source.lengths, taken).map { $0 - $1 }
    return lengths.contains { $0 > 0 } ? beginning(of: batch, lengths: lengths) : nil
  }

  /// The steps of a window after which the next one begins; `nil`: all.
  private func beginning(of part: Batch, behind next: Batch, reach: Int) -> Batch? {
    let all = part.source.lengths
    let lengths = zip(all, next.source.lengths).map { min(max($0 + $1 - reach, 0), $0) }
    return lengths == all ? nil : beginning(of: part, lengths: lengths)
  }

  /// The first steps of each sequence, without an output.
  private func beginning(of batch: Batch, lengths: [Int]) -> Batch {
    let (size, steps) = (lengths.count, lengths.max() ?? 0)
    let origins = (0..<steps * size).map { row -> (batch: Int, row: Int)? in
      row / size < lengths[row % size] ? (0, row) : nil
    }
    var own = Batch(
      source: [batch.source].gathering(origins, steps: steps, lengths: lengths), targets: .classes([]),
      initialState: nil, positions: .mask([]))
    own.restarts = batch.restarts
    return own
  }
}

extension Array {
  /// Sequences whose rows are rows of several batches; those without an origin are padding.
  fileprivate func gathering<Scalar>(
    _ origins: [(batch: Int, row: Int)?], steps: Int, lengths: [Int]
  ) -> SequenceInput<Scalar> where Element == SequenceInput<Scalar> {
    switch self[0] {
    case .values(let first):
      let width = first.features
      let sources = map { source -> [Scalar] in
        guard case .values(let batch) = source, batch.features == width else {
          preconditionFailure("batches of one run are of one kind")
        }
        return batch.values
      }
      var values = [Scalar](repeating: 0, count: origins.count * width)
      for (row, origin) in origins.enumerated() {
        guard let origin else { continue }
        for f in 0..<width { values[row * width + f] = sources[origin.batch][origin.row * width + f] }
      }
      return .values(
        SequenceBatch(
          steps: steps, batchSize: lengths.count, features: width, values: values, lengths: lengths,
          identifiers: first.identifiers))
    case .symbols(let first):
      let sources = map { source -> [Int32] in
        guard case .symbols(let batch) = source, batch.vocabulary == first.vocabulary else {
          preconditionFailure("batches of one run are of one kind")
        }
        return batch.symbols
      }
      return .symbols(
        SymbolBatch(
          steps: steps, batchSize: lengths.count, vocabulary: first.vocabulary,
          symbols: origins.map { origin in origin.map { sources[$0.batch][$0.row] } ?? 0 }, lengths: lengths,
          identifiers: first.identifiers))
    }
  }
}
