/// Memory that is kept from one use to the next and only grows: what makes a training step free of allocations.
///
/// A place to compute in, never a value: whoever holds it decides what stands in it and which thread writes where. That is
/// what no compiler can check, and why it may be sent unchecked.
package final class Scratch<Element: BitwiseCopyable>: @unchecked Sendable {
  private var buffer = UnsafeMutableRawBufferPointer(start: nil, count: 0)

  package init() {}

  deinit { buffer.deallocate() }

  /// Room for `count` elements, as ``AlignedMemory`` has it. What stood there is lost where the room has to grow.
  @discardableResult
  package func reserve(_ count: Int) -> UnsafeMutablePointer<Element> {
    let bytes = max(count, 1) * MemoryLayout<Element>.stride
    if bytes > buffer.count {
      buffer.deallocate()
      buffer = AlignedMemory.allocate(byteCount: bytes)
    }
    return base
  }

  /// The first element. Precondition: something was reserved.
  package var base: UnsafeMutablePointer<Element> {
    buffer.baseAddress!.assumingMemoryBound(to: Element.self)
  }
}
