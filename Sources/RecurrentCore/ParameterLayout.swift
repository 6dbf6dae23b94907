/// One named matrix inside the flat buffer of a ``ParameterStore``.
public struct ParameterSlot: Sendable, Hashable {
  /// For instance "rnn.0.forward.weightInput".
  public let name: String
  /// Of a weight, its outputs (for gated cells G · H); of a vector, 1.
  public let rows: Int
  /// Of a weight, its inputs; of a vector, its length.
  public let columns: Int
  /// Where its first element stands in the flat buffer.
  public let offset: Int
  /// Its place among the slots of its layout.
  public let index: Int
  /// What draws its first values.
  public let initializer: Initializer
  /// How many rows are packed together for matrix products; their sum is `rows`. A gated cell that multiplies some of
  /// its gates apart from the others splits them here. Empty: a vector or a table, never packed.
  package let blocks: [Int]
  /// Whether symbols choose its rows, so that a batch has a gradient in those of its own symbols alone.
  package let isLookedUp: Bool

  /// Numbers in it, rows × columns.
  public var count: Int { rows * columns }
  /// Whether it is a bias, which is added, rather than a weight, which is multiplied.
  public var isVector: Bool { blocks.isEmpty && rows == 1 }
  /// Its place in the flat buffer, row by row.
  public var range: Range<Int> { offset..<offset + count }
}

/// The names, shapes and places of a model's parameters in one flat buffer.
///
/// Parameters, gradients and optimiser moments share a layout, so an optimiser is one pass over arrays, and a checkpoint
/// is a header and a buffer.
public struct ParameterLayout: Sendable, Hashable {
  /// In the order in which they were added, which is their order in the flat buffer.
  public private(set) var slots: [ParameterSlot] = []
  /// Elements in the flat buffer.
  public private(set) var count = 0

  /// A layout without parameters.
  public init() {}

  /// Adds a weight matrix `[rows, columns]`, rows = outputs.
  ///
  /// - Parameter blocks: rows packed together for products; `nil`: all of them.
  public mutating func addWeight(
    _ name: String, rows: Int, columns: Int, initializer: Initializer, blocks: [Int]? = nil
  ) -> ParameterSlot {
    let blocks = blocks ?? [rows]
    precondition(
      blocks.reduce(0, +) == rows, "'\(name)': blocks \(blocks) do not add up to \(rows) rows")
    return add(name, rows, columns, initializer, blocks, isLookedUp: false)
  }

  /// Adds a table `[rows, columns]` whose rows are looked up, never multiplied: an embedding. It is not packed, so a large
  /// one costs an update nothing beyond its own.
  public mutating func addTable(
    _ name: String, rows: Int, columns: Int, initializer: Initializer
  ) -> ParameterSlot {
    add(name, rows, columns, initializer, [], isLookedUp: true)
  }

  /// Adds a vector `[1, columns]`: a bias.
  public mutating func addVector(_ name: String, columns: Int, initializer: Initializer) -> ParameterSlot {
    addUnpacked(name, rows: 1, columns: columns, initializer: initializer)
  }

  /// Adds a matrix `[rows, columns]` whose elements are read as they stand, as the scores of a chain's transitions: not
  /// packed, and no table of symbols.
  package mutating func addUnpacked(
    _ name: String, rows: Int, columns: Int, initializer: Initializer
  ) -> ParameterSlot {
    add(name, rows, columns, initializer, [], isLookedUp: false)
  }

  /// The slot of that name.
  public subscript(name: String) -> ParameterSlot? { slots.first { $0.name == name } }

  private mutating func add(
    _ name: String, _ rows: Int, _ columns: Int, _ initializer: Initializer, _ blocks: [Int],
    isLookedUp: Bool
  ) -> ParameterSlot {
    precondition(rows > 0 && columns > 0, "parameter '\(name)' cannot be [\(rows), \(columns)]")
    precondition(!slots.contains { $0.name == name }, "two parameters are named '\(name)'")
    let slot = ParameterSlot(
      name: name, rows: rows, columns: columns, offset: count, index: slots.count, initializer: initializer,
      blocks: blocks, isLookedUp: isLookedUp)
    slots.append(slot)
    count += slot.count
    return slot
  }
}
