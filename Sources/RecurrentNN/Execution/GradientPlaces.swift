internal import RecurrentCore

/// Where the sums of a gradient pass stand in the flat buffer: places that it sets as a whole, and tables of which it sets
/// only the rows of the batch's symbols.
struct GradientPlaces {
  private struct Table {
    let slot: ParameterSlot
    /// Which of the pass's orders has its symbols.
    let order: Int
  }

  /// Places that are set as a whole, in order and apart.
  private(set) var wholes: [Range<Int>] = []
  private var tables: [Table] = []
  /// Whether something is added that has no place of its own.
  private(set) var isEverywhere = false

  mutating func removeAll() {
    wholes.removeAll(keepingCapacity: true)
    tables.removeAll(keepingCapacity: true)
    isEverywhere = false
  }

  /// Whether only the rows of the batch's symbols are set in this table.
  func hasRows(of slot: ParameterSlot) -> Bool { tables.contains { $0.slot.index == slot.index } }

  /// Takes the places of a term whose sums are set, where nothing else is set in them.
  ///
  /// - Returns: false where something is: then the term is to be added to it.
  mutating func claim<Scalar>(_ term: GradientTerm<Scalar>, symbolOrder: Int) -> Bool {
    let ranges = term.ranges
    if ranges.isEmpty || ranges.contains(where: isTaken) { return false }
    if case .symbols(let slot, _, isEmbedding: true) = term.kind {
      let next = tables.firstIndex { $0.slot.offset > slot.offset } ?? tables.count
      tables.insert(Table(slot: slot, order: symbolOrder), at: next)
    } else {
      for range in ranges { insert(range) }
    }
    return true
  }

  private func isTaken(_ range: Range<Int>) -> Bool {
    wholes.contains { $0.overlaps(range) } || tables.contains { $0.slot.range.overlaps(range) }
  }

  /// Takes the places of a term whose sums are added to what others set. A table that is added to is set as a whole.
  mutating func add<Scalar>(_ term: GradientTerm<Scalar>) {
    let ranges = term.ranges
    for table in tables where ranges.contains(where: { $0.overlaps(table.slot.range) }) {
      insert(table.slot.range)
    }
    tables.removeAll { table in ranges.contains { $0.overlaps(table.slot.range) } }
    let isInside = ranges.allSatisfy { range in wholes.contains { $0.clamped(to: range) == range } }
    if ranges.isEmpty || !isInside { isEverywhere = true }
  }

  private mutating func insert(_ range: Range<Int>) {
    var union = range
    for own in wholes where own.lowerBound <= range.upperBound && range.lowerBound <= own.upperBound {
      union = min(union.lowerBound, own.lowerBound)..<max(union.upperBound, own.upperBound)
    }
    wholes.removeAll { $0.lowerBound >= union.lowerBound && $0.upperBound <= union.upperBound }
    wholes.insert(union, at: wholes.firstIndex { $0.lowerBound > union.lowerBound } ?? wholes.count)
  }

  /// Writes down all places, in order.
  ///
  /// - Parameter orders: of the batch, the pass's.
  func write(to support: inout GradientSupport, _ orders: [SymbolOrder], count: Int) {
    let rows = tables.reduce(0) { $0 + orders[$1.order].symbolLimit }
    support.removeAll(reserving: wholes.count + rows)
    if isEverywhere { return support.append(0..<count) }
    var rest = wholes[...]
    for table in tables {
      while let whole = rest.first, whole.lowerBound < table.slot.offset {
        support.append(rest.removeFirst())
      }
      let (offset, columns) = (table.slot.offset, table.slot.columns)
      orders[table.order].forEachSymbol { symbol, _ in
        support.append(offset + symbol * columns..<offset + (symbol + 1) * columns)
      }
    }
    for whole in rest { support.append(whole) }
  }
}

extension GradientTerm {
  /// The places that it sums; none: anywhere.
  fileprivate var ranges: [Range<Int>] {
    switch kind {
    case .product(let slot, let firstRow, _):
      let first = slot.offset + firstRow * slot.columns
      return [first..<first + n * slot.columns]
    case .rows(let slot), .symbols(let slot, _, _): return [slot.range]
    case .smallCell(let slot, _, let hidden, _, let bias):
      return [slot.range, hidden.range] + (bias.map { [$0.range] } ?? [])
    case .stores: return []
    }
  }
}
