internal import Foundation
internal import RecurrentCore

/// What this machine is, as far as it matters for speed and for a bug report.
package struct Machine: Sendable, Hashable {
  var processor: String
  /// Those of the processor's instruction sets that kernels are chosen by.
  var features: [String]
  /// Cores that this process may use.
  var cores: Int
  /// Bytes.
  var memory: UInt64
  var system: String

  static func current() -> Machine {
    let (processor, features) = readProcessor()
    return Machine(
      processor: processor, features: features, cores: ThreadCount.cores,
      memory: ProcessInfo.processInfo.physicalMemory,
      system: ProcessInfo.processInfo.operatingSystemVersionString)
  }

  static let relevantFeatures = [
    "sse4_2", "avx", "f16c", "fma", "avx2", "avx512f", "avx512dq", "avx512bw", "avx512vl", "avx512_bf16",
    "asimd",
    "asimdhp", "sve", "sve2",
  ]

  #if os(Linux)
    private static func readProcessor() -> (String, [String]) {
      // The file has no size of its own; a machine of a thousand cores writes some megabytes.
      guard let bytes = try? readFile("/proc/cpuinfo", limit: 1 << 26) else { return ("unknown", []) }
      return parse(cpuinfo: String(decoding: bytes, as: UTF8.self))
    }
  #else
    private static func readProcessor() -> (String, [String]) {
      let name = systemText("machdep.cpu.brand_string") ?? "unknown"
      let texts = [systemText("machdep.cpu.features"), systemText("machdep.cpu.leaf7_features")]
      let words = texts.compactMap { $0?.lowercased() }.joined(separator: " ").split(separator: " ")
        .map { $0.replacing(".", with: "_") }
      #if arch(arm64)
        return (name, ["asimd"])
      #else
        return (name, relevantFeatures.filter { words.contains($0) })
      #endif
    }

    private static func systemText(_ name: String) -> String? {
      var size = 0
      guard sysctlbyname(name, nil, &size, nil, 0) == 0, size > 0 else { return nil }
      var bytes = [UInt8](repeating: 0, count: size)
      guard sysctlbyname(name, &bytes, &size, nil, 0) == 0 else { return nil }
      return String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
  #endif

  /// The first processor's name and features in the form of Linux. Arm names its parts by number alone.
  package static func parse(cpuinfo: String) -> (processor: String, features: [String]) {
    func field(_ names: [String]) -> String? {
      for line in cpuinfo.split(whereSeparator: \.isNewline) {
        let parts = line.split(separator: ":", maxSplits: 1)
        guard parts.count == 2, names.contains(parts[0].trimmingCharacters(in: .whitespaces)) else {
          continue
        }
        return parts[1].trimmingCharacters(in: .whitespaces)
      }
      return nil
    }
    let part = field(["CPU part"]).map { "Arm part \($0)" }
    let words = Set((field(["flags", "Features"]) ?? "").split(separator: " ").map(String.init))
    return (field(["model name"]) ?? part ?? "unknown", relevantFeatures.filter(words.contains))
  }
}
