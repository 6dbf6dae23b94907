/// At which steps of a sequence there are outputs, and a loss applies: this one idea covers many-to-many, many-to-one
/// and networks whose middle steps have no output.
///
/// Positions refer to each sequence's own length L: `.last` is step L − 1, whatever the padding. A sequence of length 0
/// has no position; one of length 1 has one, even under `.firstAndLast`.
public enum SequencePositions: Sendable, Hashable, Codable {
  /// At every step: many-to-many.
  case all
  /// At each sequence's own last step: many-to-one.
  case last
  /// At step 0, which is the reverse direction's last.
  case first
  /// At step 0 and at each sequence's own last step.
  case firstAndLast
  /// `mask[b][t]`: whether step t of sequence b has an output. Steps beyond the mask or the sequence have none.
  case mask([[Bool]])

  /// Whether step `t` of sequence `b`, of length `length`, has an output.
  public func contains(step t: Int, sequence b: Int, length: Int) -> Bool {
    guard t >= 0 && t < length else { return false }
    return switch self {
    case .all: true
    case .last: t == length - 1
    case .first: t == 0
    case .firstAndLast: t == 0 || t == length - 1
    case .mask(let mask): b < mask.count && t < mask[b].count && mask[b][t]
    }
  }

  /// The positions of the sequences `range` alone.
  public func sequences(_ range: Range<Int>) -> SequencePositions {
    guard case .mask(let mask) = self else { return self }
    return .mask(range.map { $0 < mask.count ? mask[$0] : [] })
  }

  /// The rows of a `[T, B, F]` buffer, as t · B + b, that have outputs: by step, then by sequence.
  public func rows(lengths: [Int], steps: Int) -> [Int] {
    switch self {
    case .last:
      var result: [Int] = []
      result.reserveCapacity(lengths.count)
      var isSorted = true
      var before = 0
      for b in lengths.indices where lengths[b] > 0 {
        isSorted = isSorted && before <= lengths[b]
        before = lengths[b]
        result.append((lengths[b] - 1) * lengths.count + b)
      }
      if !isSorted { result.sort() }
      return result
    case .first:
      return lengths.indices.filter { lengths[$0] > 0 }
    case .all, .firstAndLast, .mask:
      break
    }
    var result: [Int] = []
    for t in 0..<steps {
      for b in lengths.indices where contains(step: t, sequence: b, length: lengths[b]) {
        result.append(t * lengths.count + b)
      }
    }
    return result
  }
}

extension SequenceBatch {
  /// The outputs at `positions`, one row each, by step and then by sequence: `[N, F]`.
  public func gathering(_ positions: SequencePositions) -> Matrix<Scalar> {
    gathering(rows: positions.rows(lengths: lengths, steps: steps))
  }

  /// The output of one step of one sequence; `nil` where `positions` has none there, or the sequence has ended.
  public func output(step t: Int, sequence b: Int, at positions: SequencePositions) -> [Scalar]? {
    guard b >= 0 && b < batchSize && positions.contains(step: t, sequence: b, length: lengths[b]) else {
      return nil
    }
    let first = (t * batchSize + b) * features
    return Array(values[first..<first + features])
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  package func gathering(rows: [Int]) -> Matrix<Scalar> {
    let count = rows.count * features
    let result = [Scalar](unsafeUninitializedCapacity: count) { target, initialized in
      for row in rows {
        for f in 0..<features {
          target.initializeElement(at: initialized, to: values[row * features + f])
          initialized += 1
        }
      }
    }
    return Matrix(rows: rows.count, columns: features, elements: result)
  }

  /// The adjoint of gathering: a batch that is zero but at `rows`, where it holds `matrix`.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  package func scattering(_ matrix: Matrix<Scalar>, rows: [Int]) -> SequenceBatch {
    var result = [Scalar](repeating: 0, count: steps * batchSize * matrix.columns)
    let width = matrix.columns
    result.withUnsafeMutableBufferPointer { target in
      matrix.elements.withUnsafeBufferPointer { source in
        guard let target = target.baseAddress, let source = source.baseAddress else { return }
        for (index, row) in rows.enumerated() {
          (target + row * width).update(from: source + index * width, count: width)
        }
      }
    }
    return replacingValues(features: width, result)
  }
}
