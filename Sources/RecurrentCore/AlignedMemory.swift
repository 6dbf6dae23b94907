#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Memory that kernels compute in: on the boundary of a cache line, so that no vector lies across two of them, and where it
/// is large, on pages as large as the system has.
///
/// Weights that fill a core's own cache need large pages for more than the translation of addresses: of small ones, each
/// somewhere in memory, several compete for the same lines of the cache while others stay empty.
enum AlignedMemory {
  /// A cache line, and the widest vector.
  static let boundary = 64
  private static let largePage = 1 << 21
  /// Below this, what is lost by rounding up would be more than the half.
  private static let smallestLarge = 1 << 20

  /// So many bytes, or up to one large page more.
  static func allocate(byteCount: Int) -> UnsafeMutableRawBufferPointer {
    guard byteCount >= smallestLarge else {
      return .allocate(byteCount: byteCount, alignment: boundary)
    }
    let whole = (byteCount + largePage - 1) / largePage * largePage
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: whole, alignment: largePage)
    #if os(Linux)
      // A wish: where the system does not grant it, the memory is the same on small pages.
      _ = madvise(memory.baseAddress, whole, MADV_HUGEPAGE)
    #endif
    return memory
  }
}

/// Elements on such memory, of fixed number. Unchecked, since threads write to it side by side, each to elements of its own,
/// and only while one value alone holds it; else it is only read.
@usableFromInline
final class AlignedElements<Element: BitwiseCopyable>: @unchecked Sendable {
  let count: Int
  @usableFromInline let base: UnsafeMutablePointer<Element>
  private let memory: UnsafeMutableRawBufferPointer

  /// - Parameter count: elements, all zero at first.
  init(zeros count: Int) {
    self.count = count
    let bytes = max(count, 1) * MemoryLayout<Element>.stride
    memory = AlignedMemory.allocate(byteCount: bytes)
    memory.initializeMemory(as: UInt8.self, repeating: 0)
    base = memory.baseAddress!.assumingMemoryBound(to: Element.self)
  }

  deinit { memory.deallocate() }
}
