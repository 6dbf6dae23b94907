internal import RecurrentCore

/// What `recurrent --version` says.
public enum Version {
  /// Semantic version of the command and its file formats.
  public static let number = "0.1.0"

  /// The compiler that built this, as far as a program can know it.
  static var swift: String {
    #if compiler(>=6.5)
      "6.5 or later"
    #elseif compiler(>=6.4)
      "6.4"
    #elseif compiler(>=6.3)
      "6.3"
    #else
      "6.2"
    #endif
  }

  static var platform: String {
    #if os(Linux)
      let system = "Linux"
    #elseif os(macOS)
      let system = "macOS"
    #else
      let system = "other"
    #endif
    #if arch(x86_64)
      return system + " x86_64"
    #elseif arch(arm64)
      return system + " arm64"
    #else
      return system
    #endif
  }

  static var isOptimized: Bool {
    #if DEBUG
      false
    #else
      true
    #endif
  }

  static var text: String {
    let available = KernelLevel.allCases.filter(\.isAvailable).map(\.name).joined(separator: ", ")
    return """
      recurrent \(number)
      built by Swift \(swift) for \(platform), \(isOptimized ? "optimized" : "not optimized (debug)")
      kernels \(KernelLevel.active.name) (available: \(available))
      """
  }
}
