public import RecurrentCore

extension SequenceModel {
  /// The outputs at the positions, each sequence's in order without gaps: what a ``ConditionalRandomField`` decodes as emissions
  /// and ``ConnectionistTemporalClassification`` as logits.
  ///
  /// - Parameters:
  ///   - initialState: `nil`: zeros.
  ///   - positions: `nil`: the model's.
  /// - Returns: `[T′, B, Q]`, T′ the greatest number of outputs that a sequence has.
  public func outputSequences(
    _ input: SequenceBatch<Scalar>, from initialState: LayerState<Scalar>? = nil,
    positions: SequencePositions? = nil, parameters: PackedParameters<Scalar>
  ) -> SequenceBatch<Scalar> {
    let made = outputs(input, from: initialState, positions: positions, parameters: parameters).outputs
    let rows = (positions ?? self.positions).rows(lengths: input.lengths, steps: input.steps)
    var places = [Int](repeating: 0, count: input.batchSize)
    for row in rows { places[row % input.batchSize] += 1 }
    var result = SequenceBatch<Scalar>(
      zeros: places.max() ?? 0, input.batchSize, made.columns, lengths: places,
      identifiers: input.identifiers)
    places = places.map { _ in 0 }
    for (index, row) in rows.enumerated() {
      let b = row % input.batchSize
      for k in 0..<made.columns { result[places[b], b, k] = made[index, k] }
      places[b] += 1
    }
    return result
  }
}
