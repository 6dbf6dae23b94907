extension SequenceBatch {
  /// The sequences `range` of the batch, with all T steps.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func sequences(_ range: Range<Int>) -> SequenceBatch {
    let width = range.count * features
    let count = steps * width
    let result = [Scalar](unsafeUninitializedCapacity: count) { target, initialized in
      values.withUnsafeBufferPointer { source in
        guard let target = target.baseAddress, let source = source.baseAddress else { return }
        for t in 0..<steps {
          let from = source + (t * batchSize + range.lowerBound) * features
          (target + t * width).initialize(from: from, count: width)
        }
      }
      initialized = count
    }
    return SequenceBatch(
      steps: steps, batchSize: range.count, features: features, values: result,
      lengths: Array(lengths[range]), identifiers: Array(identifiers[range]))
  }

  /// The steps `range` of every sequence; a sequence that ends inside or before it is shorter there.
  public func steps(_ range: Range<Int>) -> SequenceBatch {
    let width = batchSize * features
    return SequenceBatch(
      steps: range.count, batchSize: batchSize, features: features,
      values: Array(values[range.lowerBound * width..<range.upperBound * width]),
      lengths: lengths.map { max(0, min($0, range.upperBound) - range.lowerBound) }, identifiers: identifiers)
  }

  /// Sequence `b` alone, cut to its own length.
  public func sequence(_ b: Int) -> SequenceBatch {
    sequences(b..<b + 1).steps(0..<lengths[b])
  }

  /// Features `range` of every step.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func features(_ range: Range<Int>) -> SequenceBatch {
    var result = [Scalar](repeating: 0, count: steps * batchSize * range.count)
    result.withUnsafeMutableBufferPointer { target in
      values.withUnsafeBufferPointer { source in
        guard let target = target.baseAddress, let source = source.baseAddress else { return }
        for row in 0..<steps * batchSize {
          (target + row * range.count).update(
            from: source + row * features + range.lowerBound, count: range.count)
        }
      }
    }
    return replacingValues(features: range.count, result)
  }

  /// Features of `self`, then those of `other`, at every step: [a | b].
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func joiningFeatures(_ other: SequenceBatch) -> SequenceBatch {
    precondition(
      steps == other.steps && lengths == other.lengths,
      "cannot join the features of batches with different steps or lengths")
    let width = features + other.features
    var result = [Scalar](repeating: 0, count: steps * batchSize * width)
    result.withUnsafeMutableBufferPointer { target in
      guard let target = target.baseAddress else { return }
      Self.copyColumns(of: self, into: target, width: width, at: 0)
      Self.copyColumns(of: other, into: target, width: width, at: features)
    }
    return replacingValues(features: width, result)
  }

  private static func copyColumns(
    of source: SequenceBatch, into target: UnsafeMutablePointer<Scalar>, width: Int, at column: Int
  ) {
    source.values.withUnsafeBufferPointer { values in
      guard let values = values.baseAddress else { return }
      for row in 0..<source.steps * source.batchSize {
        (target + row * width + column).update(from: values + row * source.features, count: source.features)
      }
    }
  }

  /// Adds another batch of the same shape, elementwise.
  public mutating func add(_ other: SequenceBatch) {
    precondition(
      steps == other.steps && batchSize == other.batchSize && features == other.features,
      "cannot add [\(other.steps), \(other.batchSize), \(other.features)] to [\(steps), \(batchSize), \(features)]"
    )
    values.withUnsafeMutableBufferPointer { target in
      other.values.withUnsafeBufferPointer { source in
        guard let target = target.baseAddress, let source = source.baseAddress else { return }
        Scalar._add(other.values.count, source, to: target)
      }
    }
  }
}
