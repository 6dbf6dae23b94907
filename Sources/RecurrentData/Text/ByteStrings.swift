/// Different strings of bytes, numbered in the order in which they came.
///
/// Not a dictionary of `String`: Swift holds canonically equivalent strings for equal (U+212B and U+00C5), which are different
/// tokens; and of millions of words each would be an object of its own.
struct ByteStrings: Sendable {
  /// All strings, one behind the other.
  private var bytes: [UInt8] = []
  /// Where each begins, and the end of the last.
  private var starts: [Int] = [0]
  /// Numbers + 1 by hash, 0 where there is none; linear probing, at most half full.
  private var slots = [UInt32](repeating: 0, count: 64)

  init() {}

  var count: Int { starts.count - 1 }

  subscript(number: Int) -> String {
    String(decoding: bytes[starts[number]..<starts[number + 1]], as: UTF8.self)
  }

  /// The number of a string; `nil`: it is not here.
  func number(of string: UnsafeBufferPointer<UInt8>) -> Int? {
    let found = slots[slot(of: string)]
    return found == 0 ? nil : Int(found) - 1
  }

  func number(of string: String) -> Int? {
    var string = string
    return string.withUTF8 { number(of: $0) }
  }

  /// The number of a string, which is put in if it is new.
  mutating func insert(_ string: UnsafeBufferPointer<UInt8>) -> Int {
    let slot = slot(of: string)
    if slots[slot] != 0 { return Int(slots[slot]) - 1 }
    bytes.append(contentsOf: string)
    starts.append(bytes.count)
    slots[slot] = UInt32(count)
    if 2 * count > slots.count { grow() }
    return count - 1
  }

  mutating func insert(_ string: String) -> Int {
    var string = string
    return string.withUTF8 { insert($0) }
  }

  /// Where the string is, or the empty place where it would be.
  private func slot(of string: UnsafeBufferPointer<UInt8>) -> Int {
    let mask = slots.count - 1
    var slot = Self.hash(string) & mask
    while slots[slot] != 0, !holds(Int(slots[slot]) - 1, string) { slot = (slot + 1) & mask }
    return slot
  }

  private func holds(_ number: Int, _ string: UnsafeBufferPointer<UInt8>) -> Bool {
    let (start, end) = (starts[number], starts[number + 1])
    guard end - start == string.count else { return false }
    for index in 0..<string.count where bytes[start + index] != string[index] { return false }
    return true
  }

  private mutating func grow() {
    let mask = 2 * slots.count - 1
    slots = [UInt32](repeating: 0, count: mask + 1)
    bytes.withUnsafeBufferPointer { all in
      for number in 0..<count {
        var slot = Self.hash(UnsafeBufferPointer(rebasing: all[starts[number]..<starts[number + 1]])) & mask
        while slots[slot] != 0 { slot = (slot + 1) & mask }
        slots[slot] = UInt32(number + 1)
      }
    }
  }

  /// FNV-1a, its high bits mixed into the low ones.
  private static func hash(_ string: UnsafeBufferPointer<UInt8>) -> Int {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in string { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return Int(truncatingIfNeeded: (hash ^ (hash >> 29)) & 0x7FFF_FFFF_FFFF_FFFF)
  }
}
