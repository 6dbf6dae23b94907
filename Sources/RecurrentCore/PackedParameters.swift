/// A model's parameters, ready for matrix products: the flat values, and every weight packed into panels once as it is
/// (x Wᵀ, the way forward) and once transposed (dy W, the way back).
///
/// Made once after each update and shared by all shards of a batch. A layer reads it and never changes it.
public struct PackedParameters<Scalar: TensorScalar>: Sendable {
  /// The names, shapes and places of the values.
  public let layout: ParameterLayout
  /// The flat values, in the order of the layout.
  public private(set) var values: [Scalar]
  /// Written only where this value alone holds it.
  @usableFromInline var panels: AlignedElements<Scalar>
  /// For each slot its blocks; for each block where its panels begin.
  @usableFromInline let places: [[Place]]

  /// Offset, rows and columns of each slot.
  @usableFromInline let sizes: [SIMD3<Int>]

  @usableFromInline struct Place: Sendable {
    let firstRow: Int, rows: Int
    @usableFromInline let plain: Int, transposed: Int
  }

  /// Takes the values of `store` and packs every weight twice. Cost: one pass over the parameters; the panels take twice
  /// their memory, rounded up to whole panels.
  public init(_ store: ParameterStore<Scalar>) {
    layout = store.layout
    precondition(
      store.values.count == store.layout.count,
      "a store of \(store.layout.count) numbers has \(store.values.count)")
    values = store.values
    sizes = store.layout.slots.map { SIMD3($0.offset, $0.rows, $0.columns) }
    var total = 0
    places = store.layout.slots.map { slot in
      var firstRow = 0
      return slot.blocks.map { rows in
        let plain = total
        let transposed = plain + Self.room(Scalar._packedCount(rows, slot.columns))
        total = transposed + Self.room(Scalar._packedCount(slot.columns, rows))
        defer { firstRow += rows }
        return Place(firstRow: firstRow, rows: rows, plain: plain, transposed: transposed)
      }
    }
    panels = AlignedElements(zeros: total)
    pack(on: nil)
  }

  /// Takes new values of the same layout, and packs them where the last ones stood if this value is held once. The values
  /// themselves are shared with the store until it changes.
  public mutating func update(_ store: ParameterStore<Scalar>) { update(store, on: nil) }

  /// The same on the threads of a pool, which share the weights.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  package mutating func update(_ store: ParameterStore<Scalar>, on pool: WorkerPool?) {
    precondition(
      store.layout == layout && store.values.count == layout.count, "parameters of another layout")
    values = store.values
    pack(on: pool)
  }

  /// Lets go of the values, so that the store which has them too can change them in place. An update has to follow before
  /// anything is computed.
  package mutating func releaseValues() { values = [] }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  private mutating func pack(on pool: WorkerPool?) {
    if !isKnownUniquelyReferenced(&panels) { panels = AlignedElements(zeros: panels.count) }
    values.withUnsafeBufferPointer { values in
      guard let values = values.baseAddress else { return }
      let packing = Packing(slots: layout.slots, places: places, values: values, panels: panels.base)
      if let pool, layout.count > 1 << 14 {
        pool.run(packing)
      } else {
        packing.share(of: 0, among: 1)
      }
    }
  }

  /// So many elements and what is left of their last cache line.
  private static func room(_ count: Int) -> Int {
    let line = AlignedMemory.boundary / MemoryLayout<Scalar>.size
    return (count + line - 1) / line * line
  }

  /// Pointers into the buffers, for a sweep that multiplies many times.
  @usableFromInline package struct Pointers {
    @usableFromInline let values: UnsafePointer<Scalar>
    @usableFromInline let panels: UnsafePointer<Scalar>
    @usableFromInline let places: [[Place]]
    @usableFromInline let sizes: [SIMD3<Int>]
    /// What the pointers point into.
    @usableFromInline package let packed: PackedParameters

    @inlinable
    init(values: UnsafePointer<Scalar>, panels: UnsafePointer<Scalar>, packed: PackedParameters) {
      self.values = values
      self.panels = panels
      self.places = packed.places
      self.sizes = packed.sizes
      self.packed = packed
    }

    /// Precondition: these parameters have the slot.
    @inlinable
    func check(_ slot: ParameterSlot) {
      precondition(
        slot.index < sizes.count && sizes[slot.index] == SIMD3(slot.offset, slot.rows, slot.columns),
        "the parameters are of another model than the layer")
    }

    @inlinable
    package func vector(_ slot: ParameterSlot) -> UnsafePointer<Scalar> {
      check(slot)
      return values + slot.offset
    }
    @inlinable
    package func plain(_ slot: ParameterSlot, block: Int = 0) -> UnsafePointer<Scalar> {
      check(slot)
      return panels + places[slot.index][block].plain
    }
    @inlinable
    package func transposed(_ slot: ParameterSlot, block: Int = 0) -> UnsafePointer<Scalar> {
      check(slot)
      return panels + places[slot.index][block].transposed
    }
  }

  @inlinable
  package func withPointers<Result>(_ body: (Pointers) -> Result) -> Result {
    values.withUnsafeBufferPointer { values in
      guard let first = values.baseAddress, values.count == layout.count else {
        preconditionFailure("a model without parameters, or with none at the moment, has no products")
      }
      return body(Pointers(values: first, panels: UnsafePointer(panels.base), packed: self))
    }
  }
}

/// Products of one time step, as a cell's `step` and `backpropagate` need them.
extension PackedParameters {
  /// x Wᵀ, or `sum` + x Wᵀ with the sum's elements as the start of each chain.   x [B, columns] → [B, rows].
  public func apply(
    _ slot: ParameterSlot, to x: Matrix<Scalar>, adding sum: Matrix<Scalar>? = nil
  ) -> Matrix<Scalar> {
    apply(slot, block: 0, to: x, bias: nil, adding: sum)
  }

  /// x Wᵀ + b.   b [1, rows].
  public func apply(_ slot: ParameterSlot, to x: Matrix<Scalar>, bias: ParameterSlot?) -> Matrix<Scalar> {
    apply(slot, block: 0, to: x, bias: bias, adding: nil)
  }

  package func apply(
    _ slot: ParameterSlot, block: Int, to x: Matrix<Scalar>, bias: ParameterSlot? = nil,
    adding sum: Matrix<Scalar>? = nil
  ) -> Matrix<Scalar> {
    let rows = slot.blocks[block]
    precondition(
      x.columns == slot.columns, "'\(slot.name)' expects \(slot.columns) features, found \(x.columns)")
    var result = sum ?? Matrix(zeros: x.rows, rows)
    precondition(
      result.rows == x.rows && result.columns == rows,
      "'\(slot.name)' gives [\(x.rows), \(rows)], to be added to [\(result.rows), \(result.columns)]")
    withPointers { pointers in
      multiply(
        x, by: pointers.plain(slot, block: block), outputs: rows, bias: bias.map(pointers.vector),
        accumulate: sum != nil, into: &result)
    }
    return result
  }

  /// dy W.   dy [B, rows] → [B, columns].
  public func applyTransposed(_ slot: ParameterSlot, to dy: Matrix<Scalar>) -> Matrix<Scalar> {
    applyTransposed(slot, block: 0, to: dy)
  }

  package func applyTransposed(
    _ slot: ParameterSlot, block: Int, to dy: Matrix<Scalar>, adding sum: Matrix<Scalar>? = nil
  ) -> Matrix<Scalar> {
    precondition(
      dy.columns == slot.blocks[block],
      "'\(slot.name)' expects a gradient of \(slot.blocks[block]) columns, found \(dy.columns)")
    var result = sum ?? Matrix(zeros: dy.rows, slot.columns)
    withPointers { pointers in
      multiply(
        dy, by: pointers.transposed(slot, block: block), outputs: slot.columns, bias: nil,
        accumulate: sum != nil, into: &result)
    }
    return result
  }

  private func multiply(
    _ x: Matrix<Scalar>, by panels: UnsafePointer<Scalar>, outputs: Int, bias: UnsafePointer<Scalar>?,
    accumulate: Bool, into result: inout Matrix<Scalar>
  ) {
    result.elements.withUnsafeMutableBufferPointer { target in
      x.elements.withUnsafeBufferPointer { source in
        guard let target = target.baseAddress, let source = source.baseAddress else { return }
        Scalar._multiply(
          rows: x.rows, columns: outputs, inner: x.columns, source, stride: x.columns, packed: panels,
          bias: bias, accumulate: accumulate, into: target, resultStride: outputs)
      }
    }
  }
}
