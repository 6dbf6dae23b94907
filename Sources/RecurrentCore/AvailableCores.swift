internal import Foundation

/// Cores that this process may use: on Linux those of its affinity, as `taskset` and containers set it.
package func availableCores() -> Int {
  #if os(Linux)
    // Read from the system's own words: the call that tells it is no part of the C library's standard interface.
    if let bytes = try? readFile("/proc/self/status", limit: 1 << 16),
      let line = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        .first(where: { $0.hasPrefix("Cpus_allowed_list:") }),
      let count = processorCount(inList: line.dropFirst("Cpus_allowed_list:".count))
    {
      return count
    }
  #endif
  return ProcessInfo.processInfo.activeProcessorCount
}

/// How many processors Linux lists as "0-3,8"; `nil` where it is no such list, or names none.
package func processorCount(inList list: some StringProtocol) -> Int? {
  var count = 0
  for range in String(list.filter { !$0.isWhitespace }).split(separator: ",") {
    let ends = range.split(separator: "-", omittingEmptySubsequences: false).map { Int(String($0)) }
    guard ends.count <= 2, let first = ends[0], let last = ends[ends.count - 1], first <= last else {
      return nil
    }
    count += last - first + 1
  }
  return count > 0 ? count : nil
}
