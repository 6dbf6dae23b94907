/// The numbers of a ``ParameterLayout`` in one flat buffer: weights, or gradients, or an optimiser's moments.
public struct ParameterStore<Scalar: TensorScalar>: Sendable, Hashable {
  /// The names, shapes and places of the values.
  public let layout: ParameterLayout
  /// The flat buffer, `layout.count` numbers. Whoever replaces it keeps its count.
  public var values: [Scalar]

  /// All zero.
  public init(zeros layout: ParameterLayout) {
    self.layout = layout
    values = [Scalar](repeating: 0, count: layout.count)
  }

  /// Each slot drawn by its own initializer from the stream (`seed`, initialisation, slot): the same seed gives the
  /// same bits on every platform, and a slot's values do not depend on the sizes of the others.
  public init(initializing layout: ParameterLayout, seed: UInt64) {
    self.init(zeros: layout)
    for slot in layout.slots {
      let generator = CounterGenerator(seed: seed, purpose: .initialization, step: UInt64(slot.index))
      let drawn = slot.initializer.values(rows: slot.rows, columns: slot.columns, generator: generator)
      for (index, value) in drawn.enumerated() { values[slot.offset + index] = Scalar(value) }
    }
  }

  /// The same numbers rounded to another precision.
  public init<Other>(_ other: ParameterStore<Other>) {
    layout = other.layout
    values = other.values.map { Scalar($0) }
  }

  /// The slot's matrix, copied.
  public subscript(slot: ParameterSlot) -> Matrix<Scalar> {
    get { Matrix(rows: slot.rows, columns: slot.columns, elements: Array(values[slot.range])) }
    set {
      precondition(
        newValue.rows == slot.rows && newValue.columns == slot.columns,
        "'\(slot.name)' is [\(slot.rows), \(slot.columns)], found [\(newValue.rows), \(newValue.columns)]")
      values.replaceSubrange(slot.range, with: newValue.elements)
    }
  }

  /// self += other, elementwise.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public mutating func add(_ other: ParameterStore) {
    precondition(layout.count == other.layout.count, "stores of different layouts cannot be added")
    values.withUnsafeMutableBufferPointer { target in
      other.values.withUnsafeBufferPointer { source in
        guard let target = target.baseAddress, let source = source.baseAddress else { return }
        Scalar._add(layout.count, source, to: target)
      }
    }
  }

  /// All values zero, keeping the buffer.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public mutating func reset() {
    values.withUnsafeMutableBufferPointer { $0.update(repeating: 0) }
  }

  /// √(Σ v²), summed in double in an order fixed by the layout.
  public var norm: Double { norm(over: GradientSupport(everywhere: layout.count), on: nil) }
}

/// Accumulation of gradients, as a cell's `backpropagate` needs it. Gradients are added, never assigned.
extension ParameterStore {
  /// W += dyᵀ x, row after row.   dy [B, rows], x [B, columns].
  public mutating func accumulate(_ slot: ParameterSlot, from dy: Matrix<Scalar>, _ x: Matrix<Scalar>) {
    accumulate(slot, block: 0..<slot.rows, from: dy, x)
  }

  /// The rows `block` of W += dyᵀ x.   dy [B, block.count].
  package mutating func accumulate(
    _ slot: ParameterSlot, block: Range<Int>, from dy: Matrix<Scalar>, _ x: Matrix<Scalar>
  ) {
    precondition(
      dy.rows == x.rows && dy.columns == block.count && x.columns == slot.columns,
      "'\(slot.name)' [\(slot.rows), \(slot.columns)]: gradient from [\(dy.rows), \(dy.columns)] and [\(x.rows), \(x.columns)]"
    )
    values.withUnsafeMutableBufferPointer { target in
      dy.elements.withUnsafeBufferPointer { dyBuffer in
        x.elements.withUnsafeBufferPointer { xBuffer in
          guard let target = target.baseAddress, let d = dyBuffer.baseAddress, let x0 = xBuffer.baseAddress
          else { return }
          Self.withGradientScratch(columns: block.count, inner: slot.columns) { scratch in
            withUnsafeTemporaryAllocation(of: Int.self, capacity: 2) { bounds in
              (bounds[0], bounds[1]) = (0, dy.rows)
              Scalar._gradientProduct(
                shards: 1, bounds: UnsafePointer(bounds.baseAddress!), index: nil,
                columns: block.count, d, gradientRow: dy.columns, inner: slot.columns, x0,
                inputRow: x.columns, accumulate: true,
                into: target + slot.offset + block.lowerBound * slot.columns, resultStride: slot.columns,
                scratch: scratch)
            }
          }
        }
      }
    }
  }

  /// b += Σ rows of dy.   dy [B, columns].
  public mutating func accumulateBias(_ slot: ParameterSlot, from dy: Matrix<Scalar>) {
    precondition(
      dy.columns == slot.columns, "'\(slot.name)' has \(slot.columns) elements, gradient has \(dy.columns)")
    values.withUnsafeMutableBufferPointer { target in
      dy.elements.withUnsafeBufferPointer { source in
        guard let target = target.baseAddress, let source = source.baseAddress else { return }
        Self.withGradientScratch(columns: dy.columns, inner: 0) { scratch in
          withUnsafeTemporaryAllocation(of: Int.self, capacity: 2) { bounds in
            (bounds[0], bounds[1]) = (0, dy.rows)
            Scalar._gradientRows(
              shards: 1, bounds: UnsafePointer(bounds.baseAddress!), index: nil, columns: dy.columns, source,
              gradientRow: dy.columns, accumulate: true, into: target + slot.offset, scratch: scratch)
          }
        }
      }
    }
  }

  /// Room for one chain of a weight gradient.
  private static func withGradientScratch(
    columns: Int, inner: Int, _ body: (UnsafeMutablePointer<Scalar>) -> Void
  ) {
    let count = Scalar._gradientScratch(shards: 1, columns: columns, inner: inner)
    withUnsafeTemporaryAllocation(of: Scalar.self, capacity: count) { body($0.baseAddress!) }
  }
}
