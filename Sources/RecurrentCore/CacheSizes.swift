#if canImport(Darwin)
  import Darwin
#endif

/// The caches of a core, as far as the system tells.
package struct CacheSizes: Sendable, Hashable {
  /// Bytes of the largest cache that is the core's own; default 256 KiB.
  package var own = 1 << 18
  /// Bytes of the largest cache of all; default 8 MiB. ``own`` where no cache is shared.
  package var shared = 1 << 23
  /// Cores that the shared one serves; default 1.
  package var coresSharing = 1

  /// Those of the first core, or the defaults where the system does not tell.
  package static let current: CacheSizes = read() ?? CacheSizes()

  #if canImport(Darwin)
    private static func read() -> CacheSizes? {
      func number(_ name: String) -> Int? {
        var value = 0
        var size = MemoryLayout<Int>.size
        return sysctlbyname(name, &value, &size, nil, 0) == 0 && value > 0 ? value : nil
      }
      // There the second level serves a cluster of cores, and the third, where there is one, all.
      guard let first = number("hw.l1dcachesize"), let second = number("hw.l2cachesize") else { return nil }
      let third = number("hw.l3cachesize")
      return CacheSizes(own: third == nil ? first : second, shared: third ?? second, coresSharing: 4)
    }
  #else
    private static func read() -> CacheSizes? {
      func text(_ index: Int, _ name: String) -> String? {
        let path = "/sys/devices/system/cpu/cpu0/cache/index\(index)/\(name)"
        guard let bytes = try? readFile(path, limit: 1 << 12) else { return nil }
        return String(decoding: bytes, as: UTF8.self)
      }
      return CacheSizes(
        described: (0..<8).compactMap { index in
          guard let type = text(index, "type"), let size = text(index, "size") else { return nil }
          return (type, size, text(index, "shared_cpu_list") ?? "0")
        })
    }
  #endif

  /// From what Linux writes of each cache of a core: `Unified`, `1024K`, `0-3,8-11`. `nil` where there is none for data.
  package init?(described caches: [(type: String, size: String, processors: String)]) {
    let found = caches.compactMap { cache -> (size: Int, processors: Int)? in
      let type = cache.type.filter { !$0.isWhitespace }
      guard type == "Data" || type == "Unified", let size = Self.bytes(cache.size) else { return nil }
      return (size, processorCount(inList: cache.processors) ?? 1)
    }
    // What serves as many processors as the smallest one serves one core, of however many threads.
    guard let smallest = found.min(by: { $0.size < $1.size }),
      let largest = found.max(by: { $0.size < $1.size })
    else { return nil }
    let own = found.filter { $0.processors <= smallest.processors }.map(\.size)
    self.init(
      own: own.max() ?? smallest.size, shared: largest.size,
      coresSharing: max(1, largest.processors / smallest.processors))
  }

  private init(own: Int = 1 << 18, shared: Int = 1 << 23, coresSharing: Int = 1) {
    (self.own, self.shared, self.coresSharing) = (own, shared, coresSharing)
  }

  /// "32768K".
  private static func bytes(_ text: String) -> Int? {
    let text = text.filter { !$0.isWhitespace }
    guard let number = Int(text.prefix { $0.isNumber }), number > 0 else { return nil }
    switch text.drop(while: \.isNumber) {
    case "": return number
    case "K": return number << 10
    case "M": return number << 20
    default: return nil
    }
  }
}
