/// The layout is written as its slots; the flat buffer follows from them.
extension ParameterLayout: Codable {
  private struct CodedSlot: Codable {
    let name: String, rows: Int, columns: Int, initializer: Initializer, blocks: [Int]
    /// Absent where false, as in files from before there was a difference.
    let isLookedUp: Bool?

    var count: Int { rows * columns }

    /// Whether `addWeight` or `addTable` would take it.
    var isValid: Bool {
      guard rows > 0 && columns > 0 && !rows.multipliedReportingOverflow(by: columns).overflow else {
        return false
      }
      if blocks.isEmpty { return true }
      var rest = rows
      for block in blocks {
        guard block > 0 && block <= rest else { return false }
        rest -= block
      }
      return rest == 0
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.unkeyedContainer()
    for slot in slots {
      try container.encode(
        CodedSlot(
          name: slot.name, rows: slot.rows, columns: slot.columns, initializer: slot.initializer,
          blocks: slot.blocks, isLookedUp: slot.isLookedUp ? true : nil))
    }
  }

  public init(from decoder: any Decoder) throws {
    var container = try decoder.unkeyedContainer()
    self.init()
    while !container.isAtEnd {
      let slot = try container.decode(CodedSlot.self)
      guard slot.isValid && self[slot.name] == nil && !slot.count.addingReportingOverflow(count).overflow
      else {
        throw DecodingError.dataCorruptedError(
          in: container,
          debugDescription: "parameter '\(slot.name)' [\(slot.rows), \(slot.columns)] is no valid slot")
      }
      if slot.blocks.isEmpty {
        _ =
          slot.isLookedUp == true
          ? addTable(slot.name, rows: slot.rows, columns: slot.columns, initializer: slot.initializer)
          : addUnpacked(slot.name, rows: slot.rows, columns: slot.columns, initializer: slot.initializer)
      } else {
        _ = addWeight(
          slot.name, rows: slot.rows, columns: slot.columns, initializer: slot.initializer,
          blocks: slot.blocks)
      }
    }
  }
}

extension ParameterStore: Codable {
  private enum CodingKeys: String, CodingKey { case layout, values }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(layout, forKey: .layout)
    try container.encode(values, forKey: .values)
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let layout = try container.decode(ParameterLayout.self, forKey: .layout)
    let values = try container.decode([Scalar].self, forKey: .values)
    guard values.count == layout.count else {
      throw DecodingError.dataCorruptedError(
        forKey: .values, in: container,
        debugDescription: "found \(values.count) values, expected \(layout.count) as the layout says")
    }
    self.init(layout: layout, values: values)
  }

  private init(layout: ParameterLayout, values: [Scalar]) {
    self.layout = layout
    self.values = values
  }
}
