/// Room for a kernel to write in, between two guards. It begins one element after the memory that it stands in, so
/// that it has no alignment beyond its element's.
struct GuardedBuffer<T: KernelScalar> {
  private static var width: Int { 40 }
  private static var guardValue: T { -123.5 }
  private var elements: [T]
  private let count: Int

  init(_ values: [T]) {
    count = values.count
    let guards = [T](repeating: Self.guardValue, count: Self.width)
    elements = [Self.guardValue] + guards + values + guards
  }

  /// What no result may be made of.
  init(garbage count: Int) { self.init([T](repeating: .nan, count: count)) }

  mutating func write(_ body: (UnsafeMutablePointer<T>) -> Void) {
    elements.withUnsafeMutableBufferPointer { body($0.baseAddress! + 1 + Self.width) }
  }

  var values: [T] { Array(elements[(1 + Self.width)..<(1 + Self.width + count)]) }

  var isIntact: Bool {
    elements.prefix(1 + Self.width).allSatisfy { $0 == Self.guardValue }
      && elements.suffix(Self.width).allSatisfy { $0 == Self.guardValue }
  }
}
