/// Children of the nodes of a tree: (node, token) → a number that is not negative.
///
/// Open addressing in two flat arrays: an n-gram is 24 bytes at most, where a dictionary in every node would be hundreds.
struct ChildTable: Sendable {
  /// Node and token in one word + 1, 0 where the place is empty.
  private(set) var keys: [UInt64]
  private(set) var values: [UInt32]
  private(set) var count = 0

  init() { (keys, values) = ([UInt64](repeating: 0, count: 256), [UInt32](repeating: 0, count: 256)) }

  /// Whose place `place` is; `nil`: nobody's.
  func entry(at place: Int) -> (node: Int, token: Int32)? {
    let key = keys[place]
    if key == 0 { return nil }
    return (Int((key &- 1) >> 32), Int32(truncatingIfNeeded: key &- 1))
  }

  func value(_ node: Int, _ token: Int32) -> UInt32? {
    let place = place(Self.key(node, token))
    return keys[place] == 0 ? nil : values[place]
  }

  /// The place of a child; a new one has the value 0. Places are good until the next call.
  mutating func insert(_ node: Int, _ token: Int32) -> (place: Int, isNew: Bool) {
    if 2 * (count + 1) > keys.count { grow() }
    let key = Self.key(node, token)
    let place = place(key)
    if keys[place] != 0 { return (place, false) }
    keys[place] = key
    count += 1
    return (place, true)
  }

  mutating func add(_ number: UInt32, at place: Int) { values[place] += number }

  private func place(_ key: UInt64) -> Int {
    let mask = keys.count - 1
    var place = Self.hash(key) & mask
    while keys[place] != 0, keys[place] != key { place = (place + 1) & mask }
    return place
  }

  private mutating func grow() {
    var larger = ChildTable()
    larger.keys = [UInt64](repeating: 0, count: 2 * keys.count)
    larger.values = [UInt32](repeating: 0, count: 2 * keys.count)
    for old in keys.indices where keys[old] != 0 {
      let place = larger.place(keys[old])
      (larger.keys[place], larger.values[place]) = (keys[old], values[old])
    }
    larger.count = count
    self = larger
  }

  private static func key(_ node: Int, _ token: Int32) -> UInt64 {
    (UInt64(truncatingIfNeeded: node) << 32 | UInt64(UInt32(bitPattern: token))) &+ 1
  }

  /// The last mixing of MurmurHash3.
  private static func hash(_ key: UInt64) -> Int {
    var hash = (key ^ key >> 33) &* 0xFF51_AFD7_ED55_8CCD
    hash = (hash ^ hash >> 33) &* 0xC4CE_B9FE_1A85_EC53
    return Int(truncatingIfNeeded: (hash ^ hash >> 33) >> 1)
  }
}
